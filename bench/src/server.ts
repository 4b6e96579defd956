import type { ServerTransport } from '@mi/contract'
import { createMi } from '@mi/core'
import { datagram } from '@mi/datagram'
import { fifo } from '@mi/fifo'
import { benchModule, serverIdentity } from './requests.js'

// node server.js fifo FIFO REPLY_DIR | udp PORT | unix PATH: the server under test. On each message from its parent it tells its memory and its
// count of requests; with --expose-gc, after collecting what is garbage.
const [kind, place = '', replyDir] = process.argv.slice(2)

function transport(): ServerTransport {
  if (kind === 'fifo') return fifo({ fifoName: place, replyDir })
  return datagram({ socketName: kind === 'udp' ? `udp:127.0.0.1:${place}` : place })
}

const mi = createMi({
  modules: [benchModule],
  transports: [transport()],
  server: serverIdentity,
})
await mi.listen()

process.on('message', () => {
  // Twice: the first may only queue finalizers whose objects the second one frees.
  globalThis.gc?.()
  globalThis.gc?.()
  const { heapUsed, rss } = process.memoryUsage()
  process.send?.({ heapUsed, rss, requests: mi.statistics('mi:requests')['mi:requests'] ?? 0 })
})

process.once('SIGTERM', async () => {
  await mi.close()
  process.exit()
})
