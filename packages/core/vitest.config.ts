import { defineProject } from 'vitest/config'

export default defineProject({
  define: { PACKAGE_VERSION: JSON.stringify('0.0.0-test') },
  test: {
    name: '@mi/core',
    pool: 'forks',
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Those of child processes start a few each, which takes seconds where others use the processors too.
  },
})
