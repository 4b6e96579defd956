import { defineConfig } from 'tsup'

export default defineConfig({
  // The worker program is not an entry for users: src/worker-thread.ts starts it in worker threads.
  entry: ['src/index.ts', 'src/worker-program.ts'],
  format: 'esm',
  target: 'node20',
  dts: { entry: 'src/index.ts' },
  sourcemap: true,
  clean: true,
})
