import { defineProject } from 'vitest/config'

export default defineProject({
  test: {
    name: '@mi/datagram',
    pool: 'forks',
    // Several processes start in some tests, also on machines with two cores and other work.
    testTimeout: 30_000,
    typecheck: { enabled: true, include: ['test/**/*.test-d.ts'], tsconfig: './tsconfig.json' },
  },
})
