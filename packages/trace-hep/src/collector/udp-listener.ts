import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { isIPv6 } from 'node:net'
import type { Listener, Sink } from './listener.js'
import type { ResolvedListen } from './options.js'

/** Asked of the system, which may give less: bursts wait in it. */
const RECEIVE_BUFFER_BYTES = 4_194_304

/** @throws Error of the system */
export async function listenOnUdp({ host, port }: ResolvedListen, sink: Sink): Promise<Listener> {
  const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4')
  try {
    socket.bind({ address: host, port, exclusive: true })
    await once(socket, 'listening')
    socket.setRecvBufferSize(RECEIVE_BUFFER_BYTES)
  } catch (error) {
    socket.close()
    throw error
  }
  socket.on('message', (bytes, { address, port: from }) =>
    sink.datagram(bytes, { transport: 'udp', address, port: from }),
  )
  socket.on('error', (error) => sink.problem(error))
  const { address, port: bound } = socket.address()
  return {
    address: { address, port: bound },
    close: () => new Promise((resolve) => socket.close(resolve)),
  }
}
