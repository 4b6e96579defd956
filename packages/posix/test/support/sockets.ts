import { onTestFinished } from 'vitest'
import type { DatagramOptions, DatagramPeer, DatagramSocket } from '../../src/datagram.js'
import { openDatagram } from '../../src/index.js'
import { openFallback } from '../../src/open-fallback.js'

/** The two ways to a UDP socket, which must do the same. */
export const implementations = [
  { name: 'the addon', open: openDatagram },
  { name: 'node:dgram', open: openFallback },
]

export type Open = (options: DatagramOptions) => Promise<DatagramSocket>

export const localhost = { udp4: '127.0.0.1', udp6: '::1' }

/** A free port of this machine. */
export function anyPort(type: 'udp4' | 'udp6' = 'udp4') {
  return { type, address: localhost[type], port: 0 }
}

/** A socket with all that came to it; closed when the test is over. */
export interface Listening {
  readonly socket: DatagramSocket
  readonly texts: (string | null)[]
  readonly peers: DatagramPeer[]
  /** How many messages came in each batch. */
  readonly batches: number[]
  readonly errors: NodeJS.ErrnoException[]
  /** How often `onWritable` was called. */
  writable: number
}

export async function listening(open: Open, options: DatagramOptions): Promise<Listening> {
  const texts: (string | null)[] = []
  const peers: DatagramPeer[] = []
  const batches: number[] = []
  const errors: NodeJS.ErrnoException[] = []
  const socket = await open({
    ...options,
    onBatch(batch) {
      texts.push(...batch.texts)
      peers.push(...batch.peers)
      batches.push(batch.texts.length)
      options.onBatch?.(batch)
    },
    onError: (error) => void errors.push(error),
    onWritable: () => {
      result.writable++
      options.onWritable?.()
    },
  })
  onTestFinished(() => socket.close())
  const result: Listening = { socket, texts, peers, batches, errors, writable: 0 }
  return result
}

/** Sends everything, or fails. */
export function sendAll(from: DatagramSocket, messages: readonly (string | Uint8Array)[], to: DatagramPeer): void {
  const failures = from.send(
    messages,
    messages.map(() => to),
  )
  if (failures > 0) throw new Error(`${failures} of ${messages.length} were not sent: ${from.results}`)
}
