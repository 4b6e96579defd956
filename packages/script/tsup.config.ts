import { defineConfig } from 'tsup'

export default defineConfig({
  // `worker` is no entry for users: it is the program of worker threads, which src/worker/worker-thread.ts starts.
  entry: ['src/index.ts', 'src/worker.ts'],
  format: 'esm',
  target: 'node20',
  dts: { entry: 'src/index.ts' },
  sourcemap: true,
  clean: true,
})
