import { parseArgs } from 'node:util'
import type { ServerTransport } from '@mi/contract'
import { createMi } from '@mi/core'
import { datagram } from '@mi/datagram'
import { fifo } from '@mi/fifo'
import { hep } from '@mi/trace-hep'
import { benchModule, serverIdentity } from './requests.js'

// node server.js [--trace PORT] fifo FIFO REPLY_DIR | udp PORT | unix PATH: the server under test, whose commands are traced
// to a port of this machine if one is given. On each message from its parent it tells its memory and its count of requests;
// with --expose-gc, after collecting what is garbage.
const { values, positionals } = parseArgs({ allowPositionals: true, options: { trace: { type: 'string' } } })
const [kind, place = '', replyDir] = positionals

function transport(): ServerTransport {
  const tracer =
    values.trace === undefined ? undefined : hep(`[sink]127.0.0.1:${values.trace};transport=udp`, { format: 'homer6' })
  if (kind === 'fifo') return fifo({ fifoName: place, replyDir, tracer })
  return datagram({ socketName: kind === 'udp' ? `udp:127.0.0.1:${place}` : place, tracer })
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
