import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { packAll, unpack } from '../check-packages/pack.mjs'
import { kilobytesBelow } from '../files.mjs'
import { installGlobally, installWithNpm, packagesOfNpm } from '../installs/install.mjs'
import { installations } from '../installs/installations.mjs'
import { installationsTable, packagesTable, withContent } from '../installs/readme-tables.mjs'
import { publishTarballs, unpublishedPackages } from '../release/publish.mjs'
import { startRegistry } from '../release/registry.mjs'
import { withScratch } from '../release/scratch.mjs'
import { inRoot } from '../root.mjs'
import { setUp } from '../set-up/index.mjs'
import { publicPackages } from '../workspace.mjs'
import { prebuild } from './prebuild.mjs'

/**
 * npm run sizes: what each package holds, and what it takes to install those that belong together, from a registry on this
 * machine; written into README.md.
 */
export async function sizes() {
  await setUp()
  // What is published has the addon for every platform.
  await prebuild()
  return withScratch('mi-sizes', async (folder) => {
    const registry = await startRegistry()
    try {
      const tarballs = await packAll(join(folder, 'packed'))
      await publishTarballs(await unpublishedPackages(registry), tarballs, registry)
      const tables = {
        installations: installationsTable(await measureInstallations(registry, folder)),
        packages: packagesTable(await measurePackages(tarballs, folder)),
      }
      const readme = inRoot('README.md')
      const before = await readFile(readme, 'utf8')
      const text = Object.entries(tables).reduce((sofar, [name, table]) => withContent(sofar, name, table), before)
      await writeFile(readme, text)
      console.log(`\n${Object.values(tables).join('\n\n')}`)
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
async function measureInstallations(registry, scratch) {
  const measured = []
  for (const [at, each] of installations.entries()) {
    const folder = join(scratch, String(at))
    await (each.global ? installGlobally : installWithNpm)({ folder, registry, names: each.names })
    const modules = join(folder, ...(each.global ? ['lib'] : []), 'node_modules')
    measured.push({ ...each, packages: await packagesOfNpm(modules), kilobytes: kilobytesBelow(modules) })
  }
  return measured
}

/**
 * @param {ReadonlyMap<string, string>} tarballs
 * @param {string} scratch
 */
async function measurePackages(tarballs, scratch) {
  const measured = []
  for (const { manifest } of publicPackages()) {
    const unpacked = await unpack(tarballs.get(manifest.name) ?? '', join(scratch, manifest.name))
    measured.push({ manifest, kilobytes: kilobytesBelow(unpacked) })
  }
  return measured
}
