import { runQuietly, runShown } from '../child.mjs'
import { Failure } from '../failure.mjs'
import { publicPackages } from '../workspace.mjs'

/** @typedef {import('./registry.mjs').Registry} Registry */

/**
 * The public packages whose version a registry has not got.
 * @param {Registry} registry
 */
export async function unpublishedPackages(registry) {
  const unpublished = []
  for (const each of publicPackages()) if (!(await isPublished(each.manifest, registry))) unpublished.push(each)
  return inDependencyOrder(unpublished)
}

/**
 * Publishes packages from their tarballs, in the given order.
 * @param {readonly import('../workspace.mjs').WorkspacePackage[]} packages
 * @param {ReadonlyMap<string, string>} tarballs absolute paths by package name
 * @param {Registry} registry
 * @throws {Failure} for the first that fails; those before it stay published, and a next run leaves them out
 */
export async function publishTarballs(packages, tarballs, registry) {
  for (const { manifest } of packages) {
    const tarball = tarballs.get(manifest.name)
    if (tarball === undefined) throw new Failure(`There is no tarball of ${manifest.name}`)
    const args = ['publish', tarball, '--access', 'public', '--loglevel=error', ...flags(registry)]
    const status = await runShown('npm', args)
    if (status !== 0) {
      throw new Failure(
        `npm publish of ${manifest.name}@${manifest.version} failed (exit status ${status}). What was published before it ` +
          'stays published: mend the cause and run npm run release again, which goes on from there.',
      )
    }
  }
}

/**
 * @param {import('../workspace.mjs').Manifest} manifest
 * @param {Registry} registry
 */
async function isPublished({ name, version }, registry) {
  const args = ['view', `${name}@${version}`, 'version', '--loglevel=error', '--prefer-online', ...flags(registry)]
  const { status, output } = await runQuietly('npm', args)
  if (status === 0) return output.trim() !== ''
  if (output.includes('E404')) return false
  throw new Failure(`npm cannot ask ${registry.url} for ${name}:\n${output}`)
}

/** @param {Registry} registry */
function flags({ url, userconfig }) {
  return ['--registry', url, ...(userconfig === undefined ? [] : ['--userconfig', userconfig])]
}

/**
 * Dependencies first: at no time is there a package in the registry that cannot be installed.
 * @param {readonly import('../workspace.mjs').WorkspacePackage[]} packages
 */
export function inDependencyOrder(packages) {
  /** @type {import('../workspace.mjs').WorkspacePackage[]} */
  const ordered = []
  const rest = [...packages]
  while (rest.length > 0) {
    const names = new Set(rest.map(({ manifest }) => manifest.name))
    const at = rest.findIndex(({ manifest: { dependencies, peerDependencies } }) =>
      Object.keys({ ...dependencies, ...peerDependencies }).every((name) => !names.has(name)),
    )
    if (at === -1) throw new Failure(`These packages depend on each other in a circle: ${[...names].join(', ')}`)
    ordered.push(...rest.splice(at, 1))
  }
  return ordered
}
