import { defineProject } from 'vitest/config'

export default defineProject({
  test: {
    name: '@mi/cli',
    pool: 'forks',
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Each test starts processes; those that wait in vain say for what before this time (until.ts).
    typecheck: { enabled: true, include: ['test/**/*.test-d.ts'], tsconfig: './tsconfig.json' },
  },
})
