import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Top folder of the repository. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)))

/**
 * An absolute path inside the repository.
 * @param {string[]} parts
 */
export const inRoot = (...parts) => join(root, ...parts)

/**
 * The fields of a package.json that the scripts read.
 * @typedef {Record<string, string> | undefined} Dependencies
 * @typedef {{
 *   name: string, version: string, description: string, keywords?: string[], repository?: string, private?: boolean,
 *   exports?: unknown, packageManager: string,
 *   dependencies?: Dependencies, peerDependencies?: Dependencies, optionalDependencies?: Dependencies,
 * }} Manifest
 */

/**
 * @param {string} folder absolute
 * @returns {Manifest}
 */
export const readManifest = (folder) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))

/**
 * The packages that are published, by name.
 * @returns {{ folder: string, manifest: Manifest }[]} folder: absolute
 */
export function publicPackages() {
  return readdirSync(inRoot('packages'))
    .map((name) => inRoot('packages', name))
    .filter((folder) => existsSync(join(folder, 'package.json')))
    .map((folder) => ({ folder, manifest: readManifest(folder) }))
    .filter(({ manifest }) => manifest.private !== true)
    .sort((a, b) => a.manifest.name.localeCompare(b.manifest.name))
}

/**
 * Command and arguments that run the pnpm version of package.json's `packageManager`. It need not be installed.
 * @param {readonly string[]} args
 * @returns {[command: string, args: string[]]}
 */
export const pnpm = (args) => ['npx', ['--yes', readManifest(root).packageManager, ...args]]
