import { readdirSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { runQuietly } from '../child.mjs'
import { Failure } from '../failure.mjs'
import { pnpm } from '../tools.mjs'

/**
 * Packs a package the way it is published and unpacks the tarball beside it.
 * @param {import('../workspace.mjs').WorkspacePackage} workspacePackage
 * @param {string} folder a directory of this package's own
 * @returns {Promise<{ tarball: string, unpacked: string }>} absolute paths
 */
export async function pack({ folder: source, manifest }, folder) {
  await mkdir(folder, { recursive: true })
  const [command, args] = pnpm(['pack', '--pack-destination', folder])
  await succeed(`pnpm pack of ${manifest.name}`, command, args, source)
  const name = readdirSync(folder).find((entry) => entry.endsWith('.tgz'))
  if (name === undefined) throw new Failure(`pnpm pack of ${manifest.name} made no tarball in ${folder}`)
  const tarball = join(folder, name)
  await succeed(`tar of ${tarball}`, 'tar', ['-xzf', tarball, '-C', folder], source)
  return { tarball, unpacked: join(folder, 'package') }
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
