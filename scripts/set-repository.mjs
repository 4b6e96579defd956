import { writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import { publicPackages, readManifest, root } from './workspace.mjs'

// npm run set-repository -- URL: writes the address of the repository into every package.json.
// npm run set-repository -- --check: exit status 1 when a published package does not have the address of the root package.json.
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { check: { type: 'boolean', default: false } },
})
const address = (positionals[0] ?? readManifest(root).repository ?? '').replace(/(\.git)?\/?$/, '')
if (!URL.canParse(address)) throw new Error(`set-repository: "${address}" is not a URL`)

/** @param {string} folder */
const fields = (folder) => ({
  homepage: `${address}/tree/main/packages/${basename(folder)}#readme`,
  bugs: `${address}/issues`,
  repository: { type: 'git', url: `git+${address}.git`, directory: `packages/${basename(folder)}` },
  publishConfig: { access: 'public', provenance: true },
})

for (const { folder, manifest } of publicPackages()) {
  const { name, version, description, keywords, ...others } = { ...manifest, ...fields(folder) }
  const { homepage, bugs, repository, ...rest } = others
  const wanted = { name, version, description, keywords, homepage, bugs, repository, ...rest }
  if (!values.check) {
    write(folder, wanted)
  } else if (Object.entries(fields(folder)).some(([key, value]) => !same(Reflect.get(manifest, key), value))) {
    console.error(`${name}: homepage, bugs, repository or publishConfig is wrong; run npm run set-repository`)
    process.exitCode = 1
  }
}
if (positionals[0] !== undefined) write(root, { ...readManifest(root), repository: address })

/** @param {unknown} a @param {unknown} b */
function same(a, b) {
  return JSON.stringify(a) === JSON.stringify(b)
}

/**
 * @param {string} folder
 * @param {object} manifest
 */
function write(folder, manifest) {
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`)
}
