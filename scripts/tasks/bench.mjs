import { runShown } from '../child.mjs'
import { inRoot } from '../root.mjs'
import { setUp } from '../set-up/index.mjs'

/**
 * npm run bench [-- scenario ...] [-- --help]
 * @param {readonly string[]} args
 */
export async function bench(args) {
  await setUp()
  return runShown(process.execPath, [inRoot('bench', 'dist', 'main.js'), ...args])
}
