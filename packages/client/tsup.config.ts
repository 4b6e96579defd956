import { defineConfig } from 'tsup'

export default defineConfig({
  entry: ['src/index.ts'],
  format: 'esm',
  target: 'node20',
  dts: true,
  sourcemap: true,
  clean: true,
  // The sources are in the package: a second copy of them in the map would be a quarter of what an install takes.
  esbuildOptions(options) {
    options.sourcesContent = false
  },
})
