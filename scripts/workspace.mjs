import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { inRoot } from './root.mjs'

/**
 * The fields of a package.json that the scripts read.
 * @typedef {Record<string, string> | undefined} Dependencies
 * @typedef {{
 *   name: string, version: string, description: string, private?: boolean, exports?: unknown, packageManager?: string,
 *   scripts?: Record<string, string>, bin?: string | Record<string, string>,
 *   dependencies: Dependencies, devDependencies: Dependencies,
 *   peerDependencies: Dependencies, optionalDependencies: Dependencies,
 * }} Manifest
 * @typedef {{ folder: string, manifest: Manifest }} WorkspacePackage folder: absolute
 */

/**
 * @param {string} folder absolute
 * @returns {Manifest}
 */
export function readManifest(folder) {
  return JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'))
}

/**
 * Every package that pnpm-workspace.yaml lists: a folder, or all folders one below (`packages/*`).
 * @returns {WorkspacePackage[]}
 */
export function workspacePackages() {
  return workspacePatterns()
    .flatMap((pattern) => (pattern.endsWith('/*') ? subfolders(pattern.slice(0, -2)) : [pattern]))
    .map((folder) => inRoot(folder))
    .filter((folder) => existsSync(`${folder}/package.json`))
    .map((folder) => ({ folder, manifest: readManifest(folder) }))
}

/** The packages that are published. */
export function publicPackages() {
  return workspacePackages().filter(({ manifest }) => manifest.private !== true)
}

function workspacePatterns() {
  // Read by hand, since this runs before any YAML parser is installed.
  const lines = readFileSync(inRoot('pnpm-workspace.yaml'), 'utf8').split('\n')
  const after = lines.slice(lines.indexOf('packages:') + 1)
  const end = after.findIndex((line) => /^\S/.test(line) && !line.startsWith('-') && !line.startsWith('#'))
  return (end === -1 ? after : after.slice(0, end)).flatMap((line) => {
    const item = /^\s*-\s*['"]?([^'"#\s]+)/.exec(line)
    return item?.[1] === undefined ? [] : [item[1]]
  })
}

/** @param {string} parent relative to the root */
function subfolders(parent) {
  if (!existsSync(inRoot(parent))) return []
  return readdirSync(inRoot(parent), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => `${parent}/${entry.name}`)
    .sort()
}
