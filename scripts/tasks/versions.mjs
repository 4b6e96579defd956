import { raiseVersions } from '../release/versions.mjs'
import { setUp } from '../set-up/index.mjs'

/** npm run versions: versions and changelogs from the files in .changeset; `npm run release` does this and all that follows. */
export async function versions() {
  await setUp({ build: false })
  const raised = await raiseVersions()
  console.log(raised.length === 0 ? 'There is no changeset: no version changes.' : raised.join('\n'))
  return 0
}
