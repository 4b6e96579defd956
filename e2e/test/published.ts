import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Registry, startRegistry } from '../../scripts/registry.mjs'
import { packAll, publishTarballs } from '../../scripts/tarballs.mjs'

/** A registry on this machine with every package. */
export interface Published extends Registry {
  /** By package name. */
  readonly tarballs: ReadonlyMap<string, string>
  /** @returns a new directory, removed with the registry */
  newProject(): Promise<string>
}

export async function publishPackages(): Promise<Published> {
  const scratch = await mkdtemp(join(tmpdir(), 'mi-e2e-published-'))
  const registry = await startRegistry()
  const tarballs = await packAll(join(scratch, 'packed'))
  await publishTarballs(tarballs, { env: { ...process.env, ...registry.env }, provenance: false })
  return {
    ...registry,
    tarballs,
    newProject: () => mkdtemp(join(scratch, 'project-')),
    async close() {
      await registry.close()
      await rm(scratch, { recursive: true, force: true })
    },
  }
}
