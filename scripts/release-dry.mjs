import { cpSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { cleanEnvironment, outputOf, run, withTemporaryDirectory } from './commands.mjs'
import { startRegistry } from './registry.mjs'
import { inRoot } from './workspace.mjs'

// npm run release:dry [-- --skip-tests]: the release in a copy of the work tree, uncommitted changes included, against a
// registry on this machine. It needs no account and leaves nothing behind.
await withTemporaryDirectory(async (directory) => {
  const copy = await copyWorkTree(join(directory, 'mi'))
  const registry = await startRegistry()
  try {
    const args = ['run', 'release', '--', '--no-provenance', ...process.argv.slice(2)]
    await run('npm', args, { cwd: copy, env: cleanEnvironment(registry.env) })
  } finally {
    await registry.close()
  }
})

/**
 * A clone on the branch main, in which the uncommitted changes are one more commit.
 * @param {string} copy
 */
async function copyWorkTree(copy) {
  await outputOf('git', ['clone', '--quiet', '--no-hardlinks', '.', copy])
  const git = (/** @type {string[]} */ ...args) => outputOf('git', args, { cwd: copy })
  await git('rm', '--quiet', '-r', '.')
  const files = await outputOf('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate'])
  for (const name of files.split('\0').filter((each) => each !== '' && existsSync(inRoot(each)))) {
    cpSync(inRoot(name), join(copy, name), { verbatimSymlinks: true })
  }
  await git('config', 'user.name', 'release:dry')
  await git('config', 'user.email', 'release-dry@localhost')
  await git('config', 'commit.gpgsign', 'false')
  await git('config', 'tag.gpgsign', 'false')
  await git('checkout', '--quiet', '-B', 'main')
  await git('add', '--all')
  await git('commit', '--quiet', '--no-verify', '--allow-empty', '--message', 'The work tree')
  return copy
}
