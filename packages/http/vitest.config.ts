import { defineProject } from 'vitest/config'

export default defineProject({
  test: {
    name: '@mi/http',
    pool: 'forks',
    testTimeout: 60_000,
    hookTimeout: 60_000,
    typecheck: { enabled: true, include: ['test/**/*.test-d.ts'], tsconfig: './tsconfig.json' },
  },
})
