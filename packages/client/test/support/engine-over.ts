import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Dispatcher, MiModule, ServerTransport } from '@mi/contract'
import { createMi } from '@mi/core'
import { datagram } from '@mi/datagram'
import { fifo as serverFifo } from '@mi/fifo'
import { createClient, type MiClient } from '../../src/index.js'
import { freeTcpPort } from './http-responder.js'
import type { TransportName } from './over.js'
import { freePort } from './udp-responder.js'

/** The engine of this project with a client that found it by its URL. */
export interface AtEngine extends AsyncDisposable {
  readonly client: MiClient
}

export async function engineOver(name: TransportName, modules: readonly MiModule[]): Promise<AtEngine> {
  const dir = mkdtempSync(join(tmpdir(), 'mi-client-engine-'))
  const replyDir = join(dir, 'replies')
  mkdirSync(replyDir)
  const { url, transport } = await places(name, dir, replyDir)
  const mi = createMi({ modules: [...modules], transports: [transport] })
  await mi.listen()
  const client = createClient(url, { timeoutMs: 20_000 })
  return {
    client,
    [Symbol.asyncDispose]: async () => {
      await client.close()
      await mi.close()
      rmSync(dir, { recursive: true })
    },
  }
}

interface Place {
  readonly url: string
  readonly transport: ServerTransport
}

async function places(name: TransportName, dir: string, replyDir: string): Promise<Place> {
  switch (name) {
    case 'fifo': {
      const fifoName = join(dir, 'fifo')
      return { url: `fifo:${fifoName}?reply_dir=${replyDir}`, transport: serverFifo({ fifoName, replyDir }) }
    }
    case 'udp': {
      const url = `udp:127.0.0.1:${await freePort()}`
      return { url, transport: datagram({ socketName: url }) }
    }
    case 'unix': {
      const socketName = join(dir, 'socket')
      return { url: `unix:${socketName}?reply_dir=${replyDir}`, transport: datagram({ socketName }) }
    }
    case 'http': {
      const transport = new HttpServerTransport(await freeTcpPort())
      return { url: transport.address, transport }
    }
  }
}

/** As much of mi_http as an engine needs to be asked over HTTP. */
class HttpServerTransport implements ServerTransport {
  readonly name = 'http'
  readonly address: string
  readonly settings = { parseErrors: 'jsonrpc' } as const
  private server: Server | undefined

  constructor(private readonly port: number) {
    this.address = `http://127.0.0.1:${port}/mi`
  }

  async listen(dispatcher: Dispatcher): Promise<void> {
    const server = createServer(async (request, response) => {
      let text = ''
      for await (const piece of request.setEncoding('utf8')) text += piece
      const answer = await dispatcher.dispatch(text, { transport: this.name })
      response.writeHead(answer === null ? 202 : 200, { 'content-type': 'application/json' }).end(answer ?? undefined)
    })
    server.listen(this.port, '127.0.0.1')
    await once(server, 'listening')
    this.server = server
  }

  async close(): Promise<void> {
    const { server } = this
    this.server = undefined
    if (server === undefined) return
    server.closeIdleConnections()
    await new Promise<void>((resolve) => server.close(() => resolve()))
  }
}
