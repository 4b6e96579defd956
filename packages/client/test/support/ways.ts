import type { ClientTransport } from '@mi/contract'
import { type FifoTransportOptions, fifoTransport } from '../../src/fifo/fifo.js'
import { findPosix } from '../../src/find-posix.js'

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

/** What holds must hold both ways. */
export const ways: readonly Way[] = [byUtility, byPosix]
