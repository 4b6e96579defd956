import { defineConfig } from 'tsup'

export default defineConfig({
  entry: ['src/tally-server.ts', 'src/tally-client.ts'],
  format: 'esm',
  target: 'node20',
  sourcemap: true,
  clean: true,
})
