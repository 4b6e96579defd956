import { readFileSync, writeFileSync } from 'node:fs'
import { inRoot, publicPackages } from './workspace.mjs'

// Part of npm run versions: the template for modules of others, which is outside of the workspace, and the guide that quotes
// its package.json ask for the new versions.
const versions = new Map(publicPackages().map(({ manifest: { name, version } }) => [name, version]))
for (const file of ['examples/third-party-module/package.json', 'docs/write-your-own-mi-module.md'].map((name) =>
  inRoot(name),
)) {
  const text = readFileSync(file, 'utf8')
  writeFileSync(
    file,
    text.replace(/"(@mi\/[\w-]+)": "\^[^"]+"/g, (range, name) =>
      versions.has(name) ? `"${name}": "^${versions.get(name)}"` : range,
    ),
  )
}
