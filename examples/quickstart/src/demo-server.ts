import type { MiHost, MiTracer } from '@mi/contract'
import { createMi } from '@mi/core'
import { datagram } from '@mi/datagram'
import { fifo } from '@mi/fifo'
import { cacheModule } from './cache-module.js'
import { freeUdpPort } from './free-udp-port.js'

/** Where a server listens. */
export interface Places {
  readonly fifoName: string
  readonly udp: { readonly host: string; readonly port: number }
  readonly unixSocket: string
  /** Takes the replies of the FIFO, and the sockets of UNIX clients. */
  readonly replyDir: string
}

/** A server with the core commands and the cache, on a FIFO, a UDP port and a UNIX socket; what they bring is traced. */
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
