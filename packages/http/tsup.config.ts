import { readFileSync } from 'node:fs'
import { defineConfig } from 'tsup'

export default defineConfig({
  entry: { index: 'src/index.ts', child: 'src/child.ts', 'xml-rpc': 'src/xml-rpc/index.ts' },
  format: 'esm',
  target: 'node20',
  dts: true,
  sourcemap: true,
  clean: true,
  // saxes is bundled. Its source map names sources that it does not have, and would spoil ours.
  esbuildPlugins: [
    {
      name: 'without-source-map',
      setup(build) {
        build.onLoad({ filter: /node_modules.(saxes|xmlchars).*\.js$/ }, ({ path }) => ({
          contents: readFileSync(path, 'utf8').replace(/^\/\/# sourceMappingURL=.*$/m, ''),
        }))
      },
    },
  ],
})
