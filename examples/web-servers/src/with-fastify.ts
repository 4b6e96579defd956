import type { Server } from 'node:http'
import type { Mi } from '@mi/core'
import { httpHandler } from '@mi/http'
import fastify from 'fastify'

/** MI at /mi of a Fastify server. */
export async function withFastify(mi: Mi, port: number): Promise<Server> {
  const app = fastify()
  const handler = httpHandler(mi)
  await app.register(async (scope) => {
    // In this scope alone: the handler reads bodies itself, and knows its limit.
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', (_request, _payload, done) => done(null))
    scope.all('/mi*', (request, reply) => {
      reply.hijack()
      return handler(request.raw, reply.raw)
    })
  })
  await app.listen({ host: '127.0.0.1', port })
  return app.server
}
