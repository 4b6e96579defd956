import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'
import { createHepStream } from '../../src/codec/decode.js'
import type { HepMessage } from '../../src/message.js'
import { until } from './until.js'

/** A capture server over TCP that behaves as a test tells it. */
export interface CaptureServer {
  readonly port: number
  readonly sockets: Socket[]
  readonly messages: HepMessage[]
  connected(count: number): Promise<void>
  close(): Promise<void>
}

/**
 * @param port 0 for a free one
 * @param reads false: it accepts connections and never reads
 */
export async function captureServer(port = 0, reads = true): Promise<CaptureServer> {
  const sockets: Socket[] = []
  const messages: HepMessage[] = []
  const server = createServer({ pauseOnConnect: !reads }, (socket) => {
    sockets.push(socket)
    socket.on('error', () => {
      // The tracer may go away at any time.
    })
    if (!reads) return
    const stream = createHepStream({
      message: (message) => messages.push(message),
      broken: (error) => {
        throw error
      },
    })
    socket.on('data', (bytes) => stream.push(bytes))
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const close = (): Promise<void> => closed(server, sockets)
  onTestFinished(close)
  return {
    port: portOf(server),
    sockets,
    messages,
    connected: (count) => until(`${count} connections`, () => sockets.length >= count),
    close,
  }
}

/** A port of 127.0.0.1 on which nobody listens. */
export async function unusedPort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const port = portOf(server)
  await closed(server, [])
  return port
}

async function closed(server: Server, sockets: readonly Socket[]): Promise<void> {
  for (const socket of sockets) socket.destroy()
  if (!server.listening) return
  const done = once(server, 'close')
  server.close()
  await done
}

function portOf(server: Server): number {
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}
