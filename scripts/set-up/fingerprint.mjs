import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { relative } from 'node:path'
import { root } from '../root.mjs'

/**
 * One hash over the names and contents of files, those below folders included. Times play no part: a clone, a copy and
 * a checkout of an older commit all have new ones. What does not exist counts as absent.
 * @param {readonly string[]} paths absolute paths of files and folders
 * @param {readonly string[]} [more] texts that count too
 */
export function fingerprint(paths, more = []) {
  const hash = createHash('sha256')
  for (const file of paths.flatMap(filesOf).sort()) {
    const content = readFileSync(file)
    hash.update(`${relative(root, file)}\0${content.length}\0`).update(content)
  }
  for (const text of more) hash.update(`\0${text.length}\0${text}`)
  return hash.digest('hex')
}

/**
 * @param {string} path
 * @returns {string[]}
 */
function filesOf(path) {
  if (!existsSync(path)) return []
  if (statSync(path).isFile()) return [path]
  return readdirSync(path).flatMap((name) => filesOf(`${path}/${name}`))
}
