import { lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Every file in a folder and the folders in it, with its path; links are not followed.
 * @param {string} folder
 * @returns {string[]}
 */
export function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    return entry.isDirectory() ? filesBelow(path) : [path]
  })
}

/**
 * What the files of a package or a node_modules hold, in kB of 1024 bytes; npm's own notes and links are not counted.
 * @param {string} folder
 */
export function kilobytesBelow(folder) {
  const files = filesBelow(folder).filter((file) => !file.endsWith('.package-lock.json'))
  const bytes = files.map((file) => lstatSync(file)).filter((stat) => stat.isFile())
  return bytes.reduce((sum, { size }) => sum + size, 0) / 1024
}
