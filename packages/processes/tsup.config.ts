import { defineConfig } from 'tsup'

export default defineConfig({
  // `child` is not for users: it is the program of child processes, which src/fork.ts starts.
  entry: ['src/index.ts', 'src/child.ts'],
  format: 'esm',
  target: 'node20',
  dts: { entry: 'src/index.ts' },
  sourcemap: true,
  clean: true,
})
