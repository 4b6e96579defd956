import { defineConfig } from 'tsup'

export default defineConfig({
  entry: ['src/main.ts', 'src/server.ts', 'src/script-engine.ts', 'src/http-server.ts', 'src/http-engine.ts'],
  format: 'esm',
  target: 'node20',
  sourcemap: true,
  clean: true,
})
