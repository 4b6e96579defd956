import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pack } from '../../scripts/check-packages/pack.mjs'
import { publicPackages } from '../../scripts/workspace.mjs'
import type { Tarballs } from './install.js'

/** Packs every public package; the tarballs are gone once `remove` was called. */
export async function packAll(): Promise<{ readonly tarballs: Tarballs; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'mi-packed-'))
  const tarballs: Record<string, string> = {}
  for (const workspacePackage of publicPackages()) {
    const { name } = workspacePackage.manifest
    const { tarball } = await pack(workspacePackage, join(folder, name.replace(/\W+/g, '-')))
    tarballs[name] = tarball
  }
  return { tarballs, remove: () => rm(folder, { recursive: true }) }
}
