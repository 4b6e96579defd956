import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A directory that only this user can enter (mode 0700), with what is below it until it is disposed of. */
export interface PrivateDirectory extends AsyncDisposable {
  readonly path: string
}

/** Whoever may enter a directory of FIFOs may give commands; in /tmp itself that would be everybody. */
export async function privateDirectory(): Promise<PrivateDirectory> {
  const path = await mkdtemp(join(tmpdir(), 'mi-quickstart-'))
  return {
    path,
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  }
}
