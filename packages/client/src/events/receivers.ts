import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { MiError } from '@mi/contract'
import { errorCode, errorText } from '@mi/internal/error-text'
import { JsonSplitter } from '../json-splitter.js'
import type { SocketAddress } from './options.js'

/** Takes what arrives at a socket. */
export interface ReceiverEvents {
  /**
   * A message.
   * @param acknowledge sends a text back to where the message came from; undefined where nobody waits for one
   */
  message(text: string, acknowledge?: ((text: string) => void) | undefined): void
  /** Something arrived that is not a message. */
  garbage(): void
  /** Nothing more will arrive. */
  failed(error: MiError): void
}

/** A socket that receives events. */
export interface Receiver {
  readonly port: number
  /** Resolves when the socket is closed. */
  close(): Promise<void>
}

/**
 * Receives events as event_datagram sends them: each is one datagram.
 * @throws MiError `MI_LISTEN`
 */
export async function openUdpReceiver(address: SocketAddress, events: ReceiverEvents): Promise<Receiver> {
  const socket = createSocket('udp4')
  try {
    socket.bind(address.port, address.host)
    await once(socket, 'listening')
  } catch (cause) {
    socket.close()
    throw receiverError(address, cause)
  }
  socket.on('message', (data) => events.message(data.toString()))
  socket.on('error', (cause) => events.failed(receiverError(address, cause)))
  return { port: socket.address().port, close: () => new Promise((resolve) => socket.close(() => resolve())) }
}

/** OpenSIPS sends over one connection; some more for one that it has not noticed to be dead. */
const MAX_CONNECTIONS = 16

/**
 * Receives events as event_stream sends them: JSON objects over a connection that stays open.
 * @param maxEventBytes the longest event, and the most acknowledgements that may wait to be read; beyond it the connection
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
  server.maxConnections = MAX_CONNECTIONS
  try {
    server.listen(address.port, address.host)
    await once(server, 'listening')
  } catch (cause) {
    throw receiverError(address, cause)
  }
  server.on('error', (cause) => events.failed(receiverError(address, cause)))
  return { port: portOf(server), close: () => closeServer(server, connections) }
}

function receive(connection: Socket, events: ReceiverEvents, maxEventBytes: number): void {
  const acknowledge = (text: string): void => {
    if (connection.destroyed) return
    connection.write(text)
    // A server that asks for acknowledgements and does not read them must not fill this process.
    if (connection.writableLength <= maxEventBytes) return
    events.garbage()
    connection.destroy()
  }
  const onText = (text: string): void => events.message(text, acknowledge)
  const splitter = new JsonSplitter({ onText, maxBytes: maxEventBytes, holdsLast: false })
  connection.on('data', (chunk) => {
    if (splitter.push(chunk)) return
    events.garbage()
    connection.destroy()
  })
  // The server went away or was started again; it connects again for the next event.
  connection.on('error', () => connection.destroy())
}

function closeServer(server: Server, connections: ReadonlySet<Socket>): Promise<void> {
  for (const connection of connections) connection.destroy()
  return new Promise((resolve) => server.close(() => resolve()))
}

function portOf(server: Server): number {
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

/** `MI_LISTEN`: why events cannot be received, and how to fix it. The system error is the cause. */
function receiverError({ protocol, host, port }: SocketAddress, cause: unknown): MiError {
  const where = `${protocol}:${host}:${port}`
  return new MiError('MI_LISTEN', `cannot receive events at ${where}: ${problem(cause)}`, { cause })
}

function problem(cause: unknown): string {
  const code = errorCode(cause)
  switch (code) {
    case 'EADDRINUSE':
      return 'the port is taken; give another one, or 0 for any that is free'
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `no local interface has this address (${code}); listen on a local one, and set announce to the address that the server can reach`
    case 'EACCES':
      return 'this process may not listen at that port; give one from 1024'
    default:
      return errorText(cause)
  }
}
