import { packAndCheck } from '../check-packages/all.mjs'
import { runShown } from '../child.mjs'
import { Failure } from '../failure.mjs'
import { readOptions } from '../options.mjs'
import { must } from '../release/must.mjs'
import { publishTarballs, unpublishedPackages } from '../release/publish.mjs'
import { withScratch } from '../release/scratch.mjs'
import { raiseVersions } from '../release/versions.mjs'
import { inRoot } from '../root.mjs'
import { setUp } from '../set-up/index.mjs'
import { pnpm, tool } from '../tools.mjs'
import { prebuild } from './prebuild.mjs'

/**
 * npm run release [-- --registry URL --userconfig FILE --skip-tests]: versions, builds, tests, packs, checks and publishes
 * what is not in the registry yet. A run that failed can be repeated: it goes on where the other one stopped.
 * @param {string[]} args
 */
export async function release(args) {
  const { registry, skipTests } = readArguments(args)
  await mustBeClean()
  await setUp({ build: false })

  const raised = await raiseVersions()
  if (raised.length > 0) await commitVersions(raised)
  const packages = await unpublishedPackages(registry)
  if (packages.length === 0) {
    console.log(`Nothing to release: ${registry.url} has every version, and there is no changeset.`)
    return 0
  }
  await setUp()
  if (!skipTests) await runTests()
  // After the last build, which leaves this machine's addon alone.
  await prebuild()
  return withScratch('mi-release', async (folder) => {
    const { tarballs, findings } = await packAndCheck(folder)
    if (findings.length > 0) throw new Failure(`Nothing is published:\n\n${findings.join('\n\n')}`)
    await publishTarballs(packages, tarballs, registry)
    const [command, script] = tool('@changesets/cli', 'changeset')
    await must([command, [script, 'tag']])
    const names = packages.map(({ manifest: { name, version } }) => `  ${name}@${version}`)
    console.log(
      `\nPublished to ${registry.url}, and tagged; git push --follow-tags tells everybody:\n${names.join('\n')}`,
    )
    return 0
  })
}

/**
 * A commit of their own at once: whatever fails afterwards is mended by further commits, and the release run again.
 * @param {readonly string[]} raised
 */
async function commitVersions(raised) {
  // The ranges of the sister packages are in the lockfile too.
  await must(pnpm(['install', '--lockfile-only', '--no-frozen-lockfile', '--prefer-offline']))
  await must(['git', ['add', '--all']])
  await must(['git', ['commit', '--quiet', '--message', `Release ${raised.join(', ')}`]])
  console.log(`New versions: ${raised.join(', ')}`)
}

async function runTests() {
  const status = await runShown(process.execPath, [inRoot('scripts', 'test.mjs')])
  if (status !== 0) throw new Failure(`The tests failed (exit status ${status}); nothing is published.`, status)
}

/** @param {string[]} args */
function readArguments(args) {
  const options = readOptions({
    args,
    options: {
      registry: { type: 'string', default: 'https://registry.npmjs.org/' },
      userconfig: { type: 'string' },
      'skip-tests': { type: 'boolean', default: false },
    },
  })
  const { registry: url, userconfig, 'skip-tests': skipTests } = options
  return { registry: { url, ...(userconfig === undefined ? {} : { userconfig }) }, skipTests }
}

async function mustBeClean() {
  const changes = await must(['git', ['status', '--porcelain']])
  if (changes !== '') throw new Failure(`Commit or put aside first what is changed here:\n${changes}`)
  const branch = (await must(['git', ['rev-parse', '--abbrev-ref', 'HEAD']])).trim()
  if (branch !== 'main') throw new Failure(`Releases are made from the branch main; this is ${branch}.`)
}
