import { defineProject } from 'vitest/config'

export default defineProject({
  test: {
    name: '@mi/example-hep-watch',
    pool: 'forks',
    // The tests start real processes, which take seconds on a machine that is busy with other tests.
    testTimeout: 60_000,
  },
})
