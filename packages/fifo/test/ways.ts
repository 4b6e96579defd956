import type { MiLogger } from '@mi/contract'
import type { FifoOptions } from '../src/index.js'
import { installedPosix, type Posix } from '../src/posix.js'
import { fifoServer } from '../src/server.js'

/** One of the two ways in which the server makes its file and writes small replies. */
export interface Way {
  readonly name: string
  readonly posix: (log: MiLogger) => Promise<Posix | undefined>
  /** The transport, that way. */
  readonly fifo: (options?: FifoOptions) => ReturnType<typeof fifoServer>
}

/** What holds must hold both ways. */
export const ways: readonly Way[] = [
  way('with node:fs', async () => undefined),
  way('with @mi/posix', async (log) => {
    const posix = await installedPosix(log)
    if (posix === undefined) throw new Error('build @mi/posix first: npm run build')
    return posix
  }),
]

function way(name: string, posix: Way['posix']): Way {
  return { name, posix, fifo: (options = {}) => fifoServer(options, posix) }
}
