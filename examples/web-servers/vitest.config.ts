import { defineProject } from 'vitest/config'

export default defineProject({
  test: {
    name: '@mi/example-web-servers',
    pool: 'forks',
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // The tests start real processes, which take seconds on a machine that is busy with other tests.
  },
})
