import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { attwFindings } from '../check-packages/attw.mjs'
import { contentFindings, filesBelow } from '../check-packages/contents.mjs'
import { pack } from '../check-packages/pack.mjs'
import { publintFindings } from '../check-packages/publint.mjs'
import { setUp } from '../set-up/index.mjs'
import { table } from '../table.mjs'
import { publicPackages } from '../workspace.mjs'

/** npm run check:packages: packs every public package and looks at each tarball as npm's users will get it. */
export async function checkPackages() {
  await setUp()
  const folder = await mkdtemp(join(tmpdir(), 'mi-packages-'))
  try {
    const results = []
    for (const workspacePackage of publicPackages()) results.push(await check(workspacePackage, folder))
    console.log(
      table(
        ['package', 'version', 'files', 'kB packed', 'contents', 'publint', 'types'],
        results.map(({ columns }) => columns),
      ),
    )
    const findings = results.flatMap((result) => result.findings)
    for (const finding of findings) console.error(`\n${finding}`)
    return findings.length > 0 ? 1 : 0
  } finally {
    await rm(folder, { recursive: true })
  }
}

/**
 * @param {import('../workspace.mjs').WorkspacePackage} workspacePackage
 * @param {string} folder
 */
async function check(workspacePackage, folder) {
  const { name, version } = workspacePackage.manifest
  const { tarball, unpacked } = await pack(workspacePackage, join(folder, name.replace(/\W+/g, '-')))
  const contents = contentFindings(unpacked, workspacePackage.folder)
  const publint = await publintFindings(tarball)
  const types = await attwFindings(tarball)
  const size = (await stat(tarball)).size
  return {
    columns: [
      name,
      version,
      String(filesBelow(unpacked).length),
      (size / 1024).toFixed(1),
      ...[contents, publint, types].map((found) => (found.length === 0 ? 'ok' : `${found.length} found`)),
    ],
    findings: [...contents, ...publint, ...types].map((finding) => `${name}: ${finding}`),
  }
}
