import { defineProject } from 'vitest/config'

export default defineProject({
  test: {
    name: '@mi/e2e',
    pool: 'forks',
    // These tests keep every core busy: one after the other, and after all other projects.
    sequence: { groupOrder: 1 },
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
})
