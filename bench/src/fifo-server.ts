import { createMi } from '@mi/core'
import { fifo } from '@mi/fifo'
import { serverIdentity } from './version-request.js'

// node fifo-server.js FIFO REPLY_DIR: the server under test. On each message from its parent it tells its memory and its
// count of requests; with --expose-gc, after collecting what is garbage.
const [fifoName, replyDir] = process.argv.slice(2)

const mi = createMi({
  transports: [fifo({ fifoName, replyDir })],
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
