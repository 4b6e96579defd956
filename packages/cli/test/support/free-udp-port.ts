import { createSocket } from 'node:dgram'
import { once } from 'node:events'

/** Below the ports that systems give to sockets which ask for any: nobody gets one of these by chance. */
const FIRST = 10_000
const COUNT = 20_000

/** A UDP port of 127.0.0.1 that nobody has. It stays free while a server that had it is started again. */
export async function freeUdpPort(): Promise<number> {
  for (;;) {
    const port = FIRST + Math.floor(Math.random() * COUNT)
    const socket = createSocket('udp4').bind(port, '127.0.0.1')
    try {
      await once(socket, 'listening')
    } catch {
      // Somebody has it: try another.
      continue
    }
    await new Promise<void>((resolve) => socket.close(() => resolve()))
    return port
  }
}
