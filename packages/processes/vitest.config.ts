import { defineProject } from 'vitest/config'

export default defineProject({
  test: {
    name: '@mi/processes',
    pool: 'forks',
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
