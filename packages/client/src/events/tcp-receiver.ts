import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { MessageSplitter } from './message-splitter.js'
import type { Receiver, ReceiverEvents } from './receiver.js'
import { receiverError } from './receiver-error.js'
import type { SocketAddress } from './socket-address.js'

/** OpenSIPS sends over one connection; some more for one that it has not noticed to be dead. */
const maxConnections = 16

/**
 * Receives events as event_stream sends them: JSON objects over a connection that stays open.
 * @param maxEventBytes the longest one, and as much as may wait to be read of what it is told; beyond it the connection
 * ends, and the server makes another for the next event
 * @throws MiError `MI_LISTEN`
 */
export async function openTcpReceiver(
  address: SocketAddress,
  events: ReceiverEvents,
  maxEventBytes: number,
): Promise<Receiver> {
  const connections = new Set<Socket>()
  const server = createServer((connection) => {
    connections.add(connection)
    receive(connection, events, maxEventBytes)
    connection.once('close', () => connections.delete(connection))
  })
  server.maxConnections = maxConnections
  try {
    server.listen(address.port, address.host)
    await once(server, 'listening')
  } catch (cause) {
    throw receiverError(address, cause)
  }
  server.on('error', (cause) => events.failed(receiverError(address, cause)))
  return { port: portOf(server), close: () => close(server, connections) }
}

function receive(connection: Socket, events: ReceiverEvents, maxEventBytes: number): void {
  const answer = (text: string): void => {
    if (connection.destroyed) return
    connection.write(text)
    // Whoever asks for answers and does not read them must not have them pile up here.
    if (connection.writableLength <= maxEventBytes) return
    events.garbage()
    connection.destroy()
  }
  const splitter = new MessageSplitter((text) => events.message(text, answer), maxEventBytes)
  connection.on('data', (chunk) => {
    if (splitter.push(chunk)) return
    events.garbage()
    connection.destroy()
  })
  // The server went away or was started again; it connects anew when it has something to tell.
  connection.on('error', () => connection.destroy())
}

function close(server: Server, connections: ReadonlySet<Socket>): Promise<void> {
  for (const connection of connections) connection.destroy()
  return new Promise((resolve) => server.close(() => resolve()))
}

function portOf(server: Server): number {
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}
