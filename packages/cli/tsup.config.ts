import { readFileSync } from 'node:fs'
import { defineConfig } from 'tsup'

const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8')) as { version: string }

export default defineConfig({
  entry: ['src/main.ts'],
  format: 'esm',
  target: 'node20',
  // One file: Node.js takes a millisecond or two to load each. What is worth being loaded late are the dependencies.
  splitting: false,
  sourcemap: true,
  clean: true,
  define: { PACKAGE_VERSION: JSON.stringify(version) },
})
