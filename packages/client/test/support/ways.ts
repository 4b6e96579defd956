import type { ClientTransport } from '@mi/contract'
import { type FifoTransportOptions, fifoTransport } from '../../src/fifo/fifo.js'
import { installedMkfifo } from '../../src/fifo/posix.js'

/** One of the two ways in which the client makes reply FIFOs. */
export interface Way {
  readonly name: string
  /** The transport, that way. */
  readonly fifo: (options?: FifoTransportOptions) => ClientTransport
}

export const byUtility: Way = {
  name: 'by the utility mkfifo',
  fifo: (options = {}) => fifoTransport(options, async () => ({ reason: 'not here' })),
}

export const byPosix: Way = {
  name: 'by @mi/posix',
  fifo: (options = {}) =>
    fifoTransport(options, async () => {
      const call = await installedMkfifo()
      if ('reason' in call) throw new Error(`build @mi/posix first (npm run build): ${call.reason}`)
      return call
    }),
}

/** What holds must hold both ways. */
export const ways: readonly Way[] = [byUtility, byPosix]
