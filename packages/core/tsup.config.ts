import { readFileSync } from 'node:fs'
import { defineConfig } from 'tsup'

const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8')) as { version: string }

export default defineConfig({
  // `child` is no entry for users: it is the program of child processes, which src/children/fork.ts starts.
  entry: ['src/index.ts', 'src/child.ts'],
  format: 'esm',
  target: 'node20',
  dts: { entry: 'src/index.ts' },
  sourcemap: true,
  clean: true,
  define: { PACKAGE_VERSION: JSON.stringify(version) },
})
