import { createMi } from '@mi/core'
import { withExpress } from './with-express.js'
import { withFastify } from './with-fastify.js'
import { withHono } from './with-hono.js'

// node main.js [PORT]: one engine in three servers, on PORT and the two after it; until Ctrl-C.
const first = Number(process.argv[2] ?? 8888)
const mi = createMi({ server: { name: 'web-servers', version: '1.0.0' } })
await mi.listen()
const servers = [await withExpress(mi, first), await withFastify(mi, first + 1), await withHono(mi, first + 2)]

for (const [index, name] of ['Express', 'Fastify', 'Hono'].entries()) {
  const request = `'{"jsonrpc": "2.0", "id": 1, "method": "version"}'`
  console.log(`${name}: curl -H 'Content-Type: application/json' -d ${request} localhost:${first + index}/mi`)
}

process.once('SIGINT', async () => {
  for (const server of servers) server.close()
  await mi.close()
})
