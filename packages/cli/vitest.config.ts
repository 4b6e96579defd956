import { defineProject } from 'vitest/config'

export default defineProject({
  test: {
    name: '@mi/cli',
    pool: 'forks',
    // Each test starts processes; those that wait in vain say for what after 15 seconds.
    testTimeout: 30_000,
    typecheck: { enabled: true, include: ['test/**/*.test-d.ts'], tsconfig: './tsconfig.json' },
  },
})
