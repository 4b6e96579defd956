import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { MiModule, ServerTransport } from '@mi/contract'
import { createMi } from '@mi/core'
import { datagram } from '@mi/datagram'
import { fifo as serverFifo } from '@mi/fifo'
import { http as serverHttp } from '@mi/http'
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
      const port = await freeTcpPort()
      return { url: `http://127.0.0.1:${port}/mi`, transport: serverHttp({ port }) }
    }
  }
}
