import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import type { MiHost, MiTracer } from '@mi/contract'
import { createMi } from '@mi/core'
import { datagram } from '@mi/datagram'
import { fifo } from '@mi/fifo'
import { http } from '@mi/http'
import { cacheModule } from './cache-module.js'

/** Where a server listens. */
export interface Places {
  readonly fifoName: string
  readonly udp: { readonly host: string; readonly port: number }
  readonly unixSocket: string
  readonly url: string
  /** For the reply FIFOs, and the sockets of UNIX clients. */
  readonly replyDir: string
}

/** A server with the core commands and the cache, on a FIFO, a UDP port, a UNIX socket and HTTP; all requests are traced. */
export async function startDemoServer(
  directory: string,
  tracer: MiTracer,
): Promise<AsyncDisposable & Places & { readonly mi: MiHost }> {
  const host = '127.0.0.1'
  const fifoName = `${directory}/mi_fifo`
  const unixSocket = `${directory}/mi_socket`
  const port = await freeUdpPort(host)
  // The system chooses the port, for one of your own may be taken; 8888 is the usual one.
  const web = http({ host, port: 0, tracer })
  const mi = createMi({
    modules: [cacheModule()],
    transports: [
      fifo({ fifoName, replyDir: directory, tracer }),
      datagram({ socketName: `udp:${host}:${port}`, tracer }),
      datagram({ socketName: unixSocket, tracer }),
      web,
    ],
    server: { name: 'MI quickstart', version: '0.1.0', revision: '' },
  })
  await mi.listen()
  return {
    mi,
    fifoName,
    udp: { host, port },
    unixSocket,
    url: web.address,
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
