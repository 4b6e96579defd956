import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { inRoot } from '../root.mjs'

// Below node_modules: whoever removes that folder removes the stamps with it.
const folder = inRoot('node_modules', '.cache', 'mi')

/**
 * What was written when the step last succeeded; undefined when it never did.
 * @param {string} name
 */
export function readStamp(name) {
  try {
    return readFileSync(`${folder}/${name}`, 'utf8')
  } catch {
    // Absent or unreadable is the same to the caller: the step runs again.
    return undefined
  }
}

/**
 * @param {string} name
 * @param {string} text
 */
export function writeStamp(name, text) {
  mkdirSync(folder, { recursive: true })
  writeFileSync(`${folder}/${name}`, text)
}

/**
 * Taken away before a step begins, so that one that was cut short does not count as done.
 * @param {string} name
 */
export function removeStamp(name) {
  rmSync(`${folder}/${name}`, { force: true })
}
