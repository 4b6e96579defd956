import { join } from 'node:path'
import { runShown } from '../child.mjs'
import { copyWorkTree } from '../release/copy.mjs'
import { startRegistry } from '../release/registry.mjs'
import { withScratch } from '../release/scratch.mjs'
import { setUp } from '../set-up/index.mjs'

/**
 * npm run release:dry [-- --skip-tests]: `npm run release` in a copy of the work tree, uncommitted changes included, against a
 * registry that runs on this machine meanwhile. Needs no account, and leaves nothing behind.
 * @param {readonly string[]} args for the release
 */
export async function releaseDry(args) {
  await setUp({ build: false })
  return withScratch('mi-release-dry', async (folder) => {
    const registry = await startRegistry()
    try {
      const copy = join(folder, 'mi')
      await copyWorkTree(copy)
      // Last, so that they win: whatever was given, nothing is published elsewhere.
      const target = ['--registry', registry.url, '--userconfig', registry.userconfig]
      return await runShown(process.execPath, ['scripts/run.mjs', 'release', ...args, ...target], { cwd: copy })
    } finally {
      await registry.close()
    }
  })
}
