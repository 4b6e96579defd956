import { createMi } from '@mi/core'
import { http } from '@mi/http'
import { serverIdentity } from './requests.js'

// node http-engine.js: an engine over HTTP, with default options. It tells its parent the port, and its memory on each message.
const transport = http({ port: 0 })
const mi = createMi({ transports: [transport], server: serverIdentity })
await mi.listen()
process.send?.(Number(new URL(transport.address).port))

process.on('message', () => {
  // Twice: the first may only queue finalizers whose objects the second one frees.
  globalThis.gc?.()
  globalThis.gc?.()
  const { heapUsed, rss } = process.memoryUsage()
  process.send?.({ heapUsed, rss, requests: mi.statistics('mi:requests')['mi:requests'] ?? 0 })
})
process.once('disconnect', () => process.exit())
