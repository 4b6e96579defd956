import { defineConfig } from 'tsup'

export default defineConfig({
  entry: ['src/tally-server.ts', 'src/tally-client.ts', 'src/soak/{main,server,commands,peer,hostile-writer}.ts'],
  format: 'esm',
  splitting: false,
  target: 'node20',
  sourcemap: true,
  clean: true,
})
