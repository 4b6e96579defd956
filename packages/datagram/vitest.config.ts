import { defineProject } from 'vitest/config'

export default defineProject({
  test: {
    name: '@mi/datagram',
    pool: 'forks',
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Several processes start in some tests, also on machines with two cores and other work.
    typecheck: { enabled: true, include: ['test/**/*.test-d.ts'], tsconfig: './tsconfig.json' },
  },
})
