import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { runQuietly } from '../child.mjs'
import { Failure } from '../failure.mjs'
import { inRoot } from '../root.mjs'
import { pnpm } from '../tools.mjs'
import { publicPackages } from '../workspace.mjs'

/**
 * Packs packages the way they are published, all by one pnpm, whose start takes longer than packing.
 * @param {string} folder a directory of their own
 * @param {readonly import('../workspace.mjs').WorkspacePackage[]} [packages] defaults to all public ones
 * @returns {Promise<Map<string, string>>} the tarballs, absolute, by package name
 */
export async function packAll(folder, packages = publicPackages()) {
  await mkdir(folder, { recursive: true })
  if (packages.length === 0) return new Map()
  const filters = packages.flatMap(({ manifest }) => ['--filter', manifest.name])
  const [command, args] = pnpm([...filters, 'pack', '--pack-destination', folder])
  await succeed('pnpm pack', command, args, inRoot())
  return new Map(
    packages.map(({ manifest: { name, version } }) => {
      const tarball = join(folder, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`)
      if (!existsSync(tarball)) throw new Failure(`pnpm pack of ${name} made no ${tarball}`)
      return [name, tarball]
    }),
  )
}

/**
 * Unpacks a tarball of a package.
 * @param {string} tarball
 * @param {string} folder
 * @returns {Promise<string>} where its files are
 */
export async function unpack(tarball, folder) {
  await mkdir(folder, { recursive: true })
  await succeed(`tar of ${tarball}`, 'tar', ['-xzf', tarball, '-C', folder], folder)
  return join(folder, 'package')
}

/**
 * @param {string} what
 * @param {string} command
 * @param {readonly string[]} args
 * @param {string} cwd
 */
async function succeed(what, command, args, cwd) {
  const { status, output } = await runQuietly(command, args, { cwd })
  if (status !== 0) throw new Failure(`${what} failed (exit status ${status}):\n${output}`)
}
