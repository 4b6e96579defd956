import { type FindPosix, findPosix } from '@mi/internal/optional-posix'
import type { FifoOptions } from '../src/index.js'
import { fifoTransport } from '../src/server.js'

/** One of the two ways in which the server makes its file and writes small replies. */
export interface Way {
  readonly name: string
  /** The transport, that way. */
  readonly fifo: (options?: FifoOptions) => ReturnType<typeof fifoTransport>
}

/** What holds must hold both ways. */
export const ways: readonly Way[] = [
  way('with node:fs', async () => ({ reason: 'not used here', isAbsent: true })),
  way('with @mi/posix', async () => {
    const found = await findPosix()
    if (found.posix === undefined) throw new Error('build @mi/posix first: npm run build')
    return found
  }),
]

function way(name: string, find: FindPosix): Way {
  return { name, fifo: (options = {}) => fifoTransport(options, find) }
}
