import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { run, withTemporaryDirectory } from './commands.mjs'
import { install, kilobytesIn, readmeRows } from './installs.mjs'
import { startRegistry } from './registry.mjs'
import { packAll, publishTarballs, unpack } from './tarballs.mjs'
import { inRoot, publicPackages } from './workspace.mjs'

// npm run sizes: brings both tables of README.md up to date: what each install command takes, and what each package holds.
// A new use case is a row that is written by hand; this fills in its last two cells.

// The published package has the addon for every platform.
await run(process.execPath, [inRoot('scripts', 'prebuild.mjs')])
await withTemporaryDirectory(async (scratch) => {
  const tarballs = await packAll(join(scratch, 'packed'))
  writeRows('installations', await measureInstallations(tarballs, scratch))
  writeRows('packages', await measurePackages(tarballs, scratch))
})

/**
 * @param {ReadonlyMap<string, string>} tarballs
 * @param {string} scratch
 */
async function measureInstallations(tarballs, scratch) {
  const registry = await startRegistry()
  try {
    await publishTarballs(tarballs, { env: { ...process.env, ...registry.env }, provenance: false })
    const rows = []
    for (const [useCase = '', command = ''] of readmeRows('installations')) {
      const manager = command.includes('--global') ? 'npm --global' : 'npm'
      const names = [...command.matchAll(/@mi\/[\w-]+/g)].map(([name]) => name)
      const { modules, packages } = await install(manager, join(scratch, useCase), names, registry.env)
      const others = packages.filter((name) => !names.includes(name))
      rows.push([useCase, command, size(modules), others.join(', ') || 'nothing'])
    }
    return rows
  } finally {
    await registry.close()
  }
}

/**
 * @param {ReadonlyMap<string, string>} tarballs
 * @param {string} scratch
 */
async function measurePackages(tarballs, scratch) {
  const rows = []
  for (const { manifest } of publicPackages()) {
    const { name, description, dependencies = {}, peerDependencies = {} } = manifest
    const unpacked = await unpack(tarballs.get(name) ?? '', join(scratch, 'unpacked', name))
    const optional = Object.keys(peerDependencies).map((peer) => `\`${peer}\` (optional)`)
    const needs = [...Object.keys(dependencies).map((dependency) => `\`${dependency}\``), ...optional]
    const link = `[${name}](packages/${name.slice('@mi/'.length)})`
    rows.push([link, description, size(unpacked), needs.join(', ') || 'nothing'])
  }
  return rows
}

/** @param {string} folder */
function size(folder) {
  return `${Number(kilobytesIn(folder).toPrecision(2))} kB`
}

/**
 * @param {string} name of a table of README.md
 * @param {readonly string[][]} rows
 */
function writeRows(name, rows) {
  const file = inRoot('README.md')
  const place = new RegExp(`(<!-- ${name}:begin -->\n.*\n.*\n)[^]*(<!-- ${name}:end -->)`)
  const lines = rows.map((cells) => `| ${cells.join(' | ')} |\n`).join('')
  writeFileSync(file, readFileSync(file, 'utf8').replace(place, `$1${lines}$2`))
  console.log(lines)
}
