import { lstatSync } from 'node:fs'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { must } from '../release/must.mjs'
import { pnpm } from '../tools.mjs'
import { environmentOfItsOwn } from './environment.mjs'

/**
 * An installation from a registry.
 * @typedef {{
 *   folder: string, registry: import('../release/registry.mjs').Registry, names: readonly string[], env?: NodeJS.ProcessEnv
 * }} Request folder: absolute, made when it is not there; names: as on the command line; env: more of the environment
 */

/**
 * Installs into a project with npm, as a user does: install scripts run.
 * @param {Request} request
 * @returns {Promise<string>} what npm printed
 */
export async function installWithNpm(request) {
  await project(request.folder)
  const args = ['install', ...request.names, '--foreground-scripts', '--no-audit', '--no-fund', '--prefer-offline']
  return must(['npm', args], options(request))
}

/**
 * @param {Request} request
 * @returns {Promise<string>} what pnpm printed
 */
export async function installWithPnpm(request) {
  await project(request.folder)
  return must(pnpm(['add', ...request.names, '--prefer-offline']), options(request))
}

/**
 * Installs globally with npm, the folder being the prefix.
 * @param {Request} request
 * @returns {Promise<string>} what npm printed
 */
export async function installGlobally(request) {
  await mkdir(request.folder, { recursive: true })
  const args = ['install', '--global', '--prefix', request.folder, ...request.names]
  return must(
    ['npm', [...args, '--foreground-scripts', '--no-audit', '--no-fund', '--prefer-offline']],
    options(request),
  )
}

/** @param {string} folder */
async function project(folder) {
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'package.json'), '{"name":"consumer","private":true,"type":"module"}', { flag: 'a' })
}

/** @param {Request} request */
function options({ folder, registry, env }) {
  const settings = { npm_config_registry: registry.url, npm_config_userconfig: registry.userconfig }
  return { cwd: folder, env: environmentOfItsOwn({ ...settings, ...env }) }
}

/**
 * The packages in a node_modules that npm has made, nested ones too, each as often as it is there.
 * @param {string} modules
 * @returns {Promise<string[]>}
 */
export async function packagesOfNpm(modules) {
  const names = await namesIn(modules)
  const nested = await Promise.all(names.map((name) => packagesOfNpm(join(modules, name, 'node_modules'))))
  return [...names, ...nested.flat()].sort()
}

/**
 * The packages in a node_modules that pnpm has made: in its folder .pnpm, each beside links to what it needs.
 * @param {string} modules
 * @returns {Promise<string[]>}
 */
export async function packagesOfPnpm(modules) {
  const stores = (await readdir(join(modules, '.pnpm'))).filter((name) => name.includes('@'))
  const names = stores.map(async (store) => {
    const folder = join(modules, '.pnpm', store, 'node_modules')
    return (await namesIn(folder)).filter((name) => !lstatSync(join(folder, name)).isSymbolicLink())
  })
  return (await Promise.all(names)).flat().sort()
}

/** @param {string} modules */
async function namesIn(modules) {
  /** @param {string} folder */
  const list = (folder) =>
    readdir(folder).catch((error) => {
      // Most packages have no node_modules of their own.
      if (error.code === 'ENOENT') return /** @type {string[]} */ ([])
      throw error
    })
  const names = (await list(modules)).filter((name) => !name.startsWith('.'))
  const scoped = names.map(async (name) =>
    name.startsWith('@') ? (await list(join(modules, name))).map((inner) => `${name}/${inner}`) : [name],
  )
  return (await Promise.all(scoped)).flat()
}
