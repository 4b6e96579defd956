import { type HttpBindings, serve } from '@hono/node-server'
import type { Mi } from '@mi/core'
import { fetchHandler } from '@mi/http'
import { Hono } from 'hono'

/** MI at /mi of a Hono server, for this machine alone. */
export function withHono(mi: Mi, port: number): Promise<ReturnType<typeof serve>> {
  const app = new Hono<{ Bindings: HttpBindings }>()
  const handler = fetchHandler(mi, {
    allow: ['127.0.0.1', '::1'],
    addressOf: (_request: Request, address: string | undefined) => address,
  })
  app.all('/mi/*', ({ req, env }) => handler(req.raw, env.incoming.socket.remoteAddress))
  return new Promise((resolve) => {
    const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port }, () => resolve(server))
  })
}
