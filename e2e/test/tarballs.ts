import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { packAll } from '../../scripts/check-packages/pack.mjs'
import { environmentOfItsOwn } from '../../scripts/installs/environment.mjs'

const run = promisify(execFile)

/** Tarballs by package name. */
export type Tarballs = Readonly<Record<string, string>>

/** Packs every public package; the tarballs are gone once `remove` was called. */
export async function packedPackages(): Promise<{ readonly tarballs: Tarballs; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'mi-packed-'))
  return { tarballs: Object.fromEntries(await packAll(folder)), remove: () => rm(folder, { recursive: true }) }
}

/**
 * Installs packages from tarballs with npm into a directory; those they need of this repository come from tarballs too.
 * @param wanted what a user would name on the command line
 */
export async function installTarballs(directory: string, tarballs: Tarballs, wanted: readonly string[]): Promise<void> {
  const fromTarball = (name: string): [string, string] => [name, `file:${tarballs[name]}`]
  const needed = Object.keys(tarballs).filter((name) => !wanted.includes(name))
  const manifest = {
    name: 'consumer',
    private: true,
    type: 'module',
    dependencies: Object.fromEntries(wanted.map(fromTarball)),
    overrides: Object.fromEntries(needed.map(fromTarball)),
  }
  await writeFile(join(directory, 'package.json'), JSON.stringify(manifest))
  const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline']
  await run('npm', args, { cwd: directory, env: environmentOfItsOwn() })
}
