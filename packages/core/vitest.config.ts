import { defineProject } from 'vitest/config'

export default defineProject({
  define: { PACKAGE_VERSION: JSON.stringify('0.0.0-test') },
  test: {
    name: '@mi/core',
    pool: 'forks',
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
