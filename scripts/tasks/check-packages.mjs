import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { packAndCheck } from '../check-packages/all.mjs'
import { setUp } from '../set-up/index.mjs'

/** npm run check:packages: packs every public package and looks at each tarball as npm's users will get it. */
export async function checkPackages() {
  await setUp()
  const folder = await mkdtemp(join(tmpdir(), 'mi-packages-'))
  try {
    const { findings } = await packAndCheck(folder)
    for (const finding of findings) console.error(`\n${finding}`)
    return findings.length > 0 ? 1 : 0
  } finally {
    await rm(folder, { recursive: true })
  }
}
