import { execFile } from 'node:child_process'
import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Tarballs by package name. */
export type Tarballs = Readonly<Record<string, string>>

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

/** Every package below node_modules, scopes included. */
export async function installedPackages(directory: string): Promise<string[]> {
  const modules = join(directory, 'node_modules')
  const names = (await readdir(modules)).filter((name) => !name.startsWith('.'))
  const packages = await Promise.all(
    names.map(async (name) =>
      name.startsWith('@') ? (await readdir(join(modules, name))).map((inner) => `${name}/${inner}`) : [name],
    ),
  )
  return packages.flat().sort()
}

/** Without what `npm test` hands on to its children, which would make this npm work on the repository. */
export function environmentOfItsOwn(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_|^NODE_ENV$|^INIT_CWD$/i.test(name)))
}
