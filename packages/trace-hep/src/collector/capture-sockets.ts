import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer, type TlsOptions } from 'node:tls'
import { errorCode } from '@mi/internal/error-text'
import { openUdpSocket } from '../udp-socket.js'
import type { ResolvedCollectorOptions, ResolvedListen } from './collector-options.js'
import type { Intake } from './intake.js'

/** Asked of the system, which may give less: bursts wait in it. */
const RECEIVE_BUFFER_BYTES = 4_194_304

/** A connection must have delivered its first packet after this time, its TLS handshake included. */
const FIRST_PACKET_MS = 60_000

/** Where a socket listens. */
export interface HepAddress {
  readonly address: string
  readonly port: number
}

/** One socket that a collector listens on. */
export interface CaptureSocket {
  readonly address: HepAddress
  /** Nothing is left open when it resolves. */
  close(): Promise<void>
}

/** @throws Error of the system */
export async function listenOnUdp({ host, port }: ResolvedListen, intake: Intake): Promise<CaptureSocket> {
  const socket = await openUdpSocket({ use: 'bind', address: host, port })
  try {
    socket.setRecvBufferSize(RECEIVE_BUFFER_BYTES)
  } catch (error) {
    socket.close()
    throw error
  }
  socket.on('message', (bytes, { address, port: from }) =>
    intake.datagram(bytes, { transport: 'udp', address, port: from }),
  )
  socket.on('error', (error) => intake.problem(kindOf(error), error))
  const { address, port: bound } = socket.address()
  return {
    address: { address, port: bound },
    close: () => new Promise((resolve) => socket.close(resolve)),
  }
}

/**
 * Listens for TCP, or for TLS where `secure` is given.
 * @throws Error of the system
 */
export async function listenOnTcp(
  { host, port, secure }: ResolvedListen & { readonly secure?: TlsOptions },
  { maxConnections, idleTimeoutMs }: Pick<ResolvedCollectorOptions, 'maxConnections' | 'idleTimeoutMs'>,
  intake: Intake,
): Promise<CaptureSocket> {
  const server = secure ? createTlsServer({ handshakeTimeout: FIRST_PACKET_MS, ...secure }) : createServer()
  const sockets = new Set<Socket>()
  server.maxConnections = maxConnections
  // Of TLS also those whose handshake is not done.
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  server.on(secure ? 'secureConnection' : 'connection', (socket: Socket) =>
    serve(socket, secure ? 'tls' : 'tcp', idleTimeoutMs, intake),
  )
  server.on('tlsClientError', (error: Error) => intake.problem(kindOf(error), error))
  server.listen({ host, port, exclusive: true })
  await once(server, 'listening')
  server.on('error', (error) => intake.problem(kindOf(error), error))
  return {
    address: boundTo(server),
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

/** A connection that delivers no whole packet for a time is closed, whatever its bytes: it takes the place of another. */
function serve(socket: Socket, transport: 'tcp' | 'tls', idleTimeoutMs: number, intake: Intake): void {
  const { remoteAddress: address = '', remotePort: port = 0 } = socket
  const connection = intake.connection({ transport, address, port })
  let packets = 0
  const close = (): void => void socket.destroy()
  let timer = setTimeout(close, Math.min(FIRST_PACKET_MS, idleTimeoutMs)).unref()
  socket.on('data', (bytes) => {
    if (!connection.push(bytes)) close()
    else if (connection.packets > packets) {
      if (packets > 0) timer.refresh()
      else {
        clearTimeout(timer)
        timer = setTimeout(close, idleTimeoutMs).unref()
      }
      packets = connection.packets
    }
  })
  socket.on('error', (error) => intake.problem(kindOf(error), error))
  socket.once('close', () => {
    clearTimeout(timer)
    connection.end()
  })
}

/** A few kinds at most: the messages of errors may hold what a peer sent. */
function kindOf(error: Error): string {
  return errorCode(error) ?? error.name
}

function boundTo(server: Server): HepAddress {
  const bound = server.address()
  if (bound === null || typeof bound === 'string') throw new Error('the server has no address')
  return { address: bound.address, port: bound.port }
}
