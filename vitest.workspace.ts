import { defineConfig } from 'vitest/config'

// Every package is a project: `npm test -- --project @mi/fifo` runs one. Files named *.long.test.ts run in `npm run test:long`.
export default defineConfig({
  test: {
    projects: ['packages/*/vitest.config.ts', 'examples/*/vitest.config.ts', 'e2e/vitest.config.ts'],
    // The default on two processors is one worker. Most tests wait for other processes.
    maxWorkers: 2,
  },
})
