import { existsSync } from 'node:fs'
import { cp, mkdir, rm } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { root } from '../root.mjs'
import { publicPackages } from '../workspace.mjs'
import { must } from './must.mjs'

/** What a build makes, which git does not know of. */
const builtFolders = ['dist', 'prebuilds']

/**
 * Copies the work tree as it is now into a repository of its own, with its history: what is not committed yet is one more
 * commit there. Dependencies are not copied.
 * @param {string} folder absolute; made anew
 * @param {{ built?: boolean }} [options] built: the public packages' builds too. @default false
 */
export async function copyWorkTree(folder, { built = false } = {}) {
  await must(['git', ['clone', '--quiet', '--no-hardlinks', root, folder]], { cwd: root })
  const listed = await must(['git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard']], { cwd: root })
  for (const name of new Set(listed.split('\0').filter((each) => each !== ''))) {
    const target = join(folder, name)
    if (existsSync(join(root, name))) await copy(join(root, name), target)
    else await rm(target, { force: true })
  }
  if (built) {
    const folders = publicPackages().flatMap((each) => builtFolders.map((name) => join(each.folder, name)))
    for (const each of folders.filter((path) => existsSync(path))) await copy(each, join(folder, relative(root, each)))
  }
  /** @param {readonly string[]} args */
  const git = (args) => must(['git', args], { cwd: folder })
  // An identity of its own: a machine of CI has none.
  await git(['config', 'user.name', 'Release dry run'])
  await git(['config', 'user.email', 'release-dry-run@localhost'])
  await git(['config', 'commit.gpgsign', 'false'])
  await git(['config', 'tag.gpgsign', 'false'])
  await git(['remote', 'remove', 'origin'])
  await git(['add', '--all'])
  // The branch that changesets compares with, whatever is checked out here.
  await git(['checkout', '--quiet', '-B', 'main'])
  await git(['commit', '--quiet', '--no-verify', '--allow-empty', '--message', 'The work tree as it was copied'])
}

/**
 * @param {string} from
 * @param {string} to
 */
async function copy(from, to) {
  await mkdir(dirname(to), { recursive: true })
  await cp(from, to, { recursive: true, verbatimSymlinks: true })
}
