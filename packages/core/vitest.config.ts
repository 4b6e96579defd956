import { defineProject } from 'vitest/config'

export default defineProject({
  define: { PACKAGE_VERSION: JSON.stringify('0.0.0-test') },
  test: {
    name: '@mi/core',
    pool: 'forks',
    // Those of child processes start a few each, which takes seconds where others use the processors too.
    testTimeout: 30_000,
  },
})
