import { readdirSync } from 'node:fs'
import { join } from 'node:path'

/**
 * One import of a package that has types.
 * @typedef {{ specifier: string, types: string }} EntryPoint specifier: `@mi/contract/json-scanner`; types: absolute path
 */

/**
 * Whatever a package lets one import, as its `exports` say; a pattern stands for each file that it matches.
 * @param {import('../workspace.mjs').WorkspacePackage} workspacePackage built
 * @returns {EntryPoint[]} the main one first
 */
export function entryPoints({ folder, manifest: { name, exports } }) {
  if (typeof exports !== 'object' || exports === null) return []
  return Object.entries(exports).flatMap(([path, target]) => {
    const types = typesOf(target)
    if (types === undefined) return []
    return matches(folder, types).map(([word, file]) => ({
      specifier: `${name}${path.slice(1).replace('*', word)}`,
      types: join(folder, file),
    }))
  })
}

/**
 * @param {unknown} target
 * @returns {string | undefined}
 */
function typesOf(target) {
  if (typeof target !== 'object' || target === null || !('types' in target)) return undefined
  return typeof target.types === 'string' ? target.types : undefined
}

/**
 * The files that a path with at most one `*` stands for, with what the star is in each.
 * @param {string} folder
 * @param {string} path
 * @returns {(readonly [word: string, file: string])[]}
 */
function matches(folder, path) {
  const star = path.indexOf('*')
  if (star === -1) return [['', path]]
  const [before, after] = [path.slice(0, star), path.slice(star + 1)]
  return readdirSync(join(folder, before))
    .filter((name) => name.endsWith(after))
    .map((name) => name.slice(0, -after.length))
    .sort()
    .map((word) => [word, `${before}${word}${after}`])
}
