import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { filesBelow } from '../files.mjs'
import { table } from '../table.mjs'
import { publicPackages } from '../workspace.mjs'
import { attwFindings } from './attw.mjs'
import { contentFindings } from './contents.mjs'
import { packAll, unpack } from './pack.mjs'
import { publintFindings } from './publint.mjs'

/**
 * Packs every public package as it is built now, looks at each tarball as npm's users will get it, and shows a table.
 * @param {string} folder where the tarballs go
 * @returns {Promise<{ tarballs: Map<string, string>, findings: string[] }>} absolute paths by package name; what is wrong
 */
export async function packAndCheck(folder) {
  const tarballs = await packAll(folder)
  const results = []
  for (const workspacePackage of publicPackages()) {
    const tarball = tarballs.get(workspacePackage.manifest.name) ?? ''
    results.push(await check(workspacePackage, tarball, folder))
  }
  console.log(
    table(
      ['package', 'version', 'files', 'kB packed', 'contents', 'publint', 'types'],
      results.map(({ columns }) => columns),
    ),
  )
  return {
    tarballs,
    findings: results.flatMap(({ findings }) => findings),
  }
}

/**
 * @param {import('../workspace.mjs').WorkspacePackage} workspacePackage
 * @param {string} tarball
 * @param {string} folder
 */
async function check(workspacePackage, tarball, folder) {
  const { name, version } = workspacePackage.manifest
  const unpacked = await unpack(tarball, join(folder, name.replace(/\W+/g, '-')))
  const contents = contentFindings(unpacked, workspacePackage.folder)
  const publint = await publintFindings(tarball)
  // A package of programs alone exports nothing that has types.
  const typed = workspacePackage.manifest.exports !== undefined
  const types = typed ? await attwFindings(tarball) : []
  const size = (await stat(tarball)).size
  return {
    columns: [
      name,
      version,
      String(filesBelow(unpacked).length),
      (size / 1024).toFixed(1),
      verdict(contents),
      verdict(publint),
      typed ? verdict(types) : 'none',
    ],
    findings: [...contents, ...publint, ...types].map((finding) => `${name}: ${finding}`),
  }
}

/** @param {readonly string[]} findings */
function verdict(findings) {
  return findings.length === 0 ? 'ok' : `${findings.length} found`
}
