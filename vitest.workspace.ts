import { defineConfig } from 'vitest/config'

// Every package is a project of its own: `npm test -- --project @mi/fifo` runs one.
export default defineConfig({
  test: {
    projects: ['packages/*/vitest.config.ts', 'examples/*/vitest.config.ts', 'e2e/vitest.config.ts'],
  },
})
