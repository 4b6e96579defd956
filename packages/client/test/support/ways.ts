import type { ClientTransport } from '@mi/contract'
import { type FindPosix, findPosix } from '@mi/internal/optional-posix'
import { FifoTransport } from '../../src/fifo/fifo-transport.js'
import { type FifoTransportOptions, resolveFifoOptions } from '../../src/fifo/options.js'

/** One of the two ways in which the client makes reply FIFOs. */
export interface Way {
  readonly name: string
  /** The transport, that way. */
  readonly fifo: (options?: FifoTransportOptions) => ClientTransport
}

export const byUtility: Way = {
  name: 'by the utility mkfifo',
  fifo: (options = {}) => fifoTransport(options, async () => ({ reason: 'not here', isAbsent: true })),
}

export const byPosix: Way = {
  name: 'by @mi/posix',
  fifo: (options = {}) =>
    fifoTransport(options, async () => {
      const search = await findPosix()
      if (search.posix === undefined) throw new Error(`build @mi/posix first (npm run build): ${search.reason}`)
      return search
    }),
}

function fifoTransport(options: FifoTransportOptions, find: FindPosix): ClientTransport {
  return new FifoTransport(resolveFifoOptions(options), find)
}

/** What holds must hold both ways. */
export const ways: readonly Way[] = [byUtility, byPosix]
