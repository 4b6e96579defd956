import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer, type TlsOptions } from 'node:tls'
import type { HepSender } from './events.js'
import type { Listener, Sink } from './listener.js'
import type { ResolvedListen } from './options.js'

/** @throws Error of the system */
export function listenOnTcp(place: ResolvedListen, maxConnections: number, sink: Sink): Promise<Listener> {
  return listen(createServer(), 'tcp', place, maxConnections, sink)
}

/** @throws Error of the system, or of what `key` and `cert` hold */
export async function listenOnTls(
  place: ResolvedListen & { readonly secure: TlsOptions },
  maxConnections: number,
  sink: Sink,
): Promise<Listener> {
  return listen(createTlsServer(place.secure), 'tls', place, maxConnections, sink)
}

async function listen(
  server: Server,
  transport: 'tcp' | 'tls',
  { host, port }: ResolvedListen,
  maxConnections: number,
  sink: Sink,
): Promise<Listener> {
  const sockets = new Set<Socket>()
  server.maxConnections = maxConnections
  // Of TLS also those whose handshake is not done.
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  server.on(transport === 'tls' ? 'secureConnection' : 'connection', (socket: Socket) => serve(socket, transport, sink))
  if (transport === 'tls') server.on('tlsClientError', (error: Error) => sink.problem(error))
  server.listen({ host, port, exclusive: true })
  await once(server, 'listening')
  server.on('error', (error) => sink.problem(error))
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

function serve(socket: Socket, transport: 'tcp' | 'tls', sink: Sink): void {
  const { remoteAddress: address = '', remotePort: port = 0 } = socket
  const sender: HepSender = { transport, address, port }
  const connection = sink.connection(sender)
  socket.on('data', (bytes) => {
    if (!connection.push(bytes)) socket.destroy()
  })
  socket.on('error', (error) => sink.problem(error))
  socket.once('close', () => connection.end())
}

function boundTo(server: Server): { readonly address: string; readonly port: number } {
  const bound = server.address()
  if (bound === null || typeof bound === 'string') throw new Error('the server has no address')
  return { address: bound.address, port: bound.port }
}
