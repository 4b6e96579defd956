import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Top folder of the repository; the scripts work on it from whatever directory they are started. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)))

/**
 * An absolute path inside the repository.
 * @param {string[]} parts
 */
export const inRoot = (...parts) => join(root, ...parts)
