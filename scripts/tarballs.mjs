import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { outputOf, run } from './commands.mjs'
import { inRoot, pnpm, publicPackages } from './workspace.mjs'

/**
 * Packs packages as they are published.
 * @param {string} folder
 * @param {readonly string[]} [names] defaults to every public package
 * @returns {Promise<Map<string, string>>} the tarballs by package name, absolute
 */
export async function packAll(folder, names) {
  await mkdir(folder, { recursive: true })
  const packages = publicPackages().filter(({ manifest: { name } }) => names?.includes(name) ?? true)
  const filters = packages.flatMap(({ manifest: { name } }) => ['--filter', name])
  await outputOf(...pnpm([...filters, 'pack', '--pack-destination', folder]))
  return new Map(
    packages.map(({ manifest: { name, version } }) => [
      name,
      join(folder, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`),
    ]),
  )
}

/**
 * @param {string} tarball
 * @param {string} folder
 * @returns {Promise<string>} the folder of the package's files
 */
export async function unpack(tarball, folder) {
  await mkdir(folder, { recursive: true })
  await outputOf('tar', ['-xzf', tarball, '-C', folder])
  return join(folder, 'package')
}

/**
 * Publishes the packages whose version the registry does not have, each after those it depends on. A run that failed can be
 * repeated.
 * @param {ReadonlyMap<string, string>} tarballs by package name
 * @param {{ env: NodeJS.ProcessEnv, provenance: boolean }} options env: names the registry; provenance: only CI services that
 *   npm knows can prove it
 */
export async function publishTarballs(tarballs, { env, provenance }) {
  const lerna = [inRoot('node_modules', 'lerna', 'dist', 'cli.js'), 'list', '--toposort', '--json', '--loglevel=silent']
  /** @type {{ name: string, version: string }[]} */
  const ordered = JSON.parse(await outputOf(process.execPath, lerna))
  for (const { name, version } of ordered) {
    const tarball = tarballs.get(name)
    if (tarball === undefined || (await isPublished(`${name}@${version}`, env))) continue
    const flags = ['--access', 'public', '--loglevel=error', ...(provenance ? [] : ['--provenance=false'])]
    await run('npm', ['publish', tarball, ...flags], { env })
  }
}

/**
 * @param {string} version `@mi/core@1.0.0`
 * @param {NodeJS.ProcessEnv} env
 */
async function isPublished(version, env) {
  const view = outputOf('npm', ['view', version, 'version', '--prefer-online', '--loglevel=error'], { env })
  const output = await view.catch((error) => {
    if (String(error).includes('E404')) return ''
    throw error
  })
  return output.trim() !== ''
}
