import { once } from 'node:events'
import type { Server } from 'node:http'
import type { Mi } from '@mi/core'
import { httpHandler } from '@mi/http'
import express from 'express'

/** MI at /mi of an Express server. */
export async function withExpress(mi: Mi, port: number): Promise<Server> {
  const app = express()
  // Before body parsers: the handler reads bodies itself, and knows its limit.
  app.use('/mi', httpHandler(mi))
  app.use(express.json())
  const server = app.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return server
}
