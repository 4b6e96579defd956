import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import type { MiHost, MiTracer } from '@mi/contract'
import { createMi } from '@mi/core'
import { datagram } from '@mi/datagram'
import { fifo } from '@mi/fifo'
import { cacheModule } from './cache-module.js'

/** Where a server listens. */
export interface Places {
  readonly fifoName: string
  readonly udp: { readonly host: string; readonly port: number }
  readonly unixSocket: string
  /** For the reply FIFOs, and the sockets of UNIX clients. */
  readonly replyDir: string
}

/** A server with the core commands and the cache, on a FIFO, a UDP port and a UNIX socket; all requests are traced. */
export async function startDemoServer(
  directory: string,
  tracer: MiTracer,
): Promise<AsyncDisposable & Places & { readonly mi: MiHost }> {
  const host = '127.0.0.1'
  const fifoName = `${directory}/mi_fifo`
  const unixSocket = `${directory}/mi_socket`
  const port = await freeUdpPort(host)
  const mi = createMi({
    modules: [cacheModule()],
    transports: [
      fifo({ fifoName, replyDir: directory, tracer }),
      datagram({ socketName: `udp:${host}:${port}`, tracer }),
      datagram({ socketName: unixSocket, tracer }),
    ],
    server: { name: 'MI quickstart', version: '0.1.0', revision: '' },
  })
  await mi.listen()
  return {
    mi,
    fifoName,
    udp: { host, port },
    unixSocket,
    replyDir: directory,
    [Symbol.asyncDispose]: () => mi.close(),
  }
}

/** A port that is free at the moment. Your own server should have a fixed one. */
async function freeUdpPort(host: string): Promise<number> {
  const socket = createSocket('udp4')
  socket.bind(0, host)
  await once(socket, 'listening')
  const { port } = socket.address()
  await new Promise<void>((resolve) => socket.close(resolve))
  return port
}
