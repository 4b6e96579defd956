import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { outputOf, run, withTemporaryDirectory } from './commands.mjs'
import { packAll, publishTarballs } from './tarballs.mjs'

// npm run release: raises the versions, tests, checks and publishes what the registry does not have, and tags it. A run that
// failed can be repeated: it goes on where the other one stopped.
// --no-provenance: npm proves the origin of a package in the CI services that it knows only.
const { values } = parseArgs({
  options: { 'skip-tests': { type: 'boolean', default: false }, 'no-provenance': { type: 'boolean', default: false } },
})

const changes = await outputOf('git', ['status', '--porcelain'])
if (changes !== '') throw new Error(`release: commit these changes first:\n${changes}`)
const branch = (await outputOf('git', ['branch', '--show-current'])).trim()
if (branch !== 'main') throw new Error(`release: the branch must be main, it is ${branch}`)

await run('npm', ['run', 'versions'])
if ((await outputOf('git', ['status', '--porcelain'])) !== '') {
  await run('git', ['add', '--all'])
  await run('git', ['commit', '--quiet', '--message', 'chore: raise versions'])
}
if (!values['skip-tests']) {
  await run('npm', ['test'])
  await run('npm', ['run', 'test:long'])
}
await run('npm', ['run', 'build'])
await run('npm', ['run', 'prebuild'])
await withTemporaryDirectory(async (directory) => {
  await run('npm', ['run', 'check:packages'])
  const tarballs = await packAll(join(directory, 'packed'))
  await publishTarballs(tarballs, { env: process.env, provenance: !values['no-provenance'] })
})
await run('npx', ['changeset', 'tag'])
console.log('Published and tagged. Now: git push --follow-tags')
