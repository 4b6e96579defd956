import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { packAll } from '../check-packages/pack.mjs'
import { installedKilobytes, installGlobally, installWithNpm, packagesOfNpm } from '../installs/install.mjs'
import { sizesTable, withTable } from '../installs/sizes-table.mjs'
import { publishTarballs, unpublishedPackages } from '../release/publish.mjs'
import { startRegistry } from '../release/registry.mjs'
import { withScratch } from '../release/scratch.mjs'
import { inRoot } from '../root.mjs'
import { setUp } from '../set-up/index.mjs'
import { publicPackages } from '../workspace.mjs'
import { prebuild } from './prebuild.mjs'

/** What belongs together in one installation, before the packages that make sense alone. */
const together = [
  ['@mi/core', '@mi/fifo'],
  ['@mi/core', '@mi/datagram'],
]

/** npm run sizes: installs each package from a registry on this machine, and writes what that takes into README.md. */
export async function sizes() {
  await setUp()
  // What is published has the addon for every platform.
  await prebuild()
  return withScratch('mi-sizes', async (folder) => {
    const registry = await startRegistry()
    try {
      await publishTarballs(await unpublishedPackages(registry), await packAll(join(folder, 'packed')), registry)
      const table = sizesTable(await measureAll(registry, folder))
      const readme = inRoot('README.md')
      await writeFile(readme, withTable(await readFile(readme, 'utf8'), table))
      console.log(`\n${table}`)
      return 0
    } finally {
      await registry.close()
    }
  })
}

/**
 * @param {import('../release/registry.mjs').Registry} registry
 * @param {string} scratch
 */
async function measureAll(registry, scratch) {
  const measured = []
  for (const [at, { names, global }] of installations().entries()) {
    const folder = join(scratch, String(at))
    await (global ? installGlobally : installWithNpm)({ folder, registry, names })
    const modules = join(folder, ...(global ? ['lib'] : []), 'node_modules')
    measured.push({ names, global, packages: await packagesOfNpm(modules), kilobytes: installedKilobytes(modules) })
  }
  return measured
}

function installations() {
  const covered = new Set(together.flat())
  const alone = publicPackages().filter(({ manifest }) => !covered.has(manifest.name))
  return [
    ...together.map((names) => ({ names, global: false })),
    // What is a program and nothing else is installed for the whole machine.
    ...alone.map(({ manifest: { name, exports } }) => ({ names: [name], global: exports === undefined })),
  ]
}
