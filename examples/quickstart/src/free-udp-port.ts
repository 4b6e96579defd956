import { createSocket } from 'node:dgram'
import { once } from 'node:events'

/** A port that nobody uses at the moment. A server of your own is better off with a fixed one. */
export async function freeUdpPort(host: string): Promise<number> {
  const socket = createSocket('udp4')
  socket.bind(0, host)
  await once(socket, 'listening')
  const { port } = socket.address()
  await new Promise<void>((resolve) => socket.close(resolve))
  return port
}
