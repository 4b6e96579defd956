import { lstatSync, readdirSync, readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { cleanEnvironment, outputOf } from './commands.mjs'
import { inRoot, pnpm } from './workspace.mjs'

/**
 * Installs packages as a user does: install scripts run.
 * @param {'npm' | 'npm --global' | 'pnpm'} manager
 * @param {string} folder of the project, or the global prefix; made when it does not exist
 * @param {readonly string[]} names
 * @param {NodeJS.ProcessEnv} env names the registry
 * @returns {Promise<{ modules: string, packages: string[], output: string }>} modules: the folder node_modules; packages: the
 *   names of all packages in it
 */
export async function install(manager, folder, names, env) {
  const global = manager === 'npm --global'
  const options = { cwd: folder, env: cleanEnvironment(env) }
  const prefix = global ? ['--global', '--prefix', folder] : []
  const npm = ['install', ...prefix, ...names, '--foreground-scripts', '--no-audit', '--no-fund', '--prefer-offline']
  await mkdir(folder, { recursive: true })
  if (!global) await writeFile(join(folder, 'package.json'), '{"name":"consumer","private":true,"type":"module"}')
  const output = await (manager === 'pnpm'
    ? outputOf(...pnpm(['add', ...names, '--prefer-offline']), options)
    : outputOf('npm', npm, options))
  const modules = join(folder, ...(global ? ['lib'] : []), 'node_modules')
  const paths =
    manager === 'pnpm'
      ? readdirSync(join(modules, '.pnpm')).filter((name) => name.includes('@'))
      : (await outputOf('npm', ['ls', ...prefix, '--all', '--parseable'], options)).trim().split('\n').slice(1)
  return { modules, output, packages: paths.map(nameOf).sort() }
}

/** @param {string} path `/a/node_modules/@mi/core` of npm, `@mi+core@1.0.0` of pnpm */
function nameOf(path) {
  const [, name = path] = /^(@?[^@/]+)@/.exec(path) ?? /.*node_modules\/(.+)/.exec(path) ?? []
  return name.replace('+', '/')
}

/**
 * The sizes of all files in a folder, links left out, in kB of 1024 bytes.
 * @param {string} folder
 */
export function kilobytesIn(folder) {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => !name.endsWith('.package-lock.json'))
    .map((name) => lstatSync(join(folder, name)))
    .filter((stat) => stat.isFile())
  return files.reduce((sum, { size }) => sum + size, 0) / 1024
}

/**
 * The rows of a table of README.md, between `<!-- NAME:begin -->` and `<!-- NAME:end -->`, without its head.
 * @param {string} name
 */
export function readmeRows(name) {
  const lines = readFileSync(inRoot('README.md'), 'utf8').split('\n')
  const table = lines.slice(lines.indexOf(`<!-- ${name}:begin -->`) + 3, lines.indexOf(`<!-- ${name}:end -->`))
  return table.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )
}
