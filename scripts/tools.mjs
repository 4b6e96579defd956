import { inRoot } from './root.mjs'
import { readManifest } from './workspace.mjs'

/**
 * Command and first argument that run a program of an installed development dependency. Node.js is named outright: the
 * links in node_modules/.bin are shell scripts, which not every platform runs.
 * @param {string} dependency `@biomejs/biome`
 * @param {string} program `biome`
 * @returns {[command: string, script: string]}
 */
export function tool(dependency, program) {
  const folder = inRoot('node_modules', dependency)
  const { bin } = readManifest(folder)
  const script = typeof bin === 'string' ? bin : bin?.[program]
  if (script === undefined) throw new Error(`${dependency} has no program '${program}'`)
  return [process.execPath, `${folder}/${script}`]
}

/** The pnpm version that the repository is tied to, as in package.json's `packageManager`. */
export function pnpmVersion() {
  const { packageManager = '' } = readManifest(inRoot())
  const version = /^pnpm@([\d.]+)/.exec(packageManager)?.[1]
  if (version === undefined) throw new Error("package.json: 'packageManager' must be pnpm@VERSION")
  return version
}

/**
 * Command and arguments that run pnpm, which need not be installed: npm fetches the one version and keeps it.
 * @param {readonly string[]} args
 * @returns {[command: string, args: string[]]}
 */
export function pnpm(args) {
  return ['npx', ['--yes', `pnpm@${pnpmVersion()}`, ...args]]
}
