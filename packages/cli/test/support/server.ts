import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CommandError, defineModule, implement } from '@mi/contract'
import { createMi, type Mi } from '@mi/core'
import { datagram } from '@mi/datagram'
import { fifo } from '@mi/fifo'
import { cache } from '@mi/opensips/cache'
import { expect, onTestFinished } from 'vitest'
import { freeUdpPort } from './free-udp-port.js'

const demo = defineModule('demo', {
  echo: { recipes: [{}, { first: 'string' }, { first: 'string', rest: 'string[]' }] },
  one: { recipes: [{ id: 'int' }] },
  count: { help: 'counts its calls', recipes: [{}] },
  steps: { recipes: [{}] },
  slow: { recipes: [{}] },
  refuse: { recipes: [{}] },
  flaky: { recipes: [{}] },
  evil: { recipes: [{}] },
  many: { recipes: [{}] },
})

/** A server of this project on all four transports, HTTP by a few lines that answer as mi_http does. */
export interface TestServer {
  readonly dir: string
  readonly fifoPath: string
  readonly replyDir: string
  /** What `-u` takes, and what else each needs. */
  readonly ways: Readonly<Record<'fifo' | 'udp' | 'unix' | 'http', readonly string[]>>
  readonly udpPort: number
  /** How often `count` was called. */
  readonly counted: () => number
  /** Answers that `slow` still owes. */
  readonly waiting: () => number
}

/** Starts it; it is closed with the test, and must then have left no reply FIFO or socket. */
export async function startServer(): Promise<TestServer> {
  const dir = mkdtempSync(join(tmpdir(), 'mi-cli-'))
  const replyDir = join(dir, 'replies')
  mkdirSync(replyDir)
  const fifoPath = join(dir, 'fifo')
  const socketPath = join(dir, 'socket')
  const udpPort = await freeUdpPort()
  let counted = 0
  let waiting = 0
  let flaky = 0
  const stored = new Map<string, string>()
  const commands = implement(demo, {
    echo: (params) => params,
    one: ({ id }) => id,
    count: () => {
      counted += 1
      return { same: 'x', calls: counted }
    },
    steps: (_, ctx) => {
      ctx.provisional('one')
      ctx.provisional('two')
      return 'three'
    },
    slow: (_, { signal }) =>
      new Promise((resolve) => {
        waiting += 1
        signal.addEventListener('abort', () => resolve('late'), { once: true })
      }),
    refuse: () => {
      throw new CommandError(404, 'No such dialog', { callid: 'x' })
    },
    // Every second call fails.
    flaky: () => {
      flaky += 1
      if (flaky % 2 === 0) throw new CommandError(500, 'not now')
      return flaky
    },
    evil: () => ({ agent: '\u001b]0;owned\u0007\u001b[2J\u202e\u2066\u061c\u2028\u{e0041}', '\u200fkey': [1] }),
    many: () => Array.from({ length: 50_000 }, (_, index) => `line ${index}`),
  })
  const caches = implement(cache, {
    store: ({ attr, value }) => {
      stored.set(attr, value)
      return 'OK'
    },
    fetch: ({ attr }) => stored.get(attr) ?? null,
    remove: ({ attr }) => String(stored.delete(attr)),
  })
  const mi = createMi({
    modules: [commands, caches],
    transports: [
      fifo({ fifoName: fifoPath, replyDir }),
      datagram({ socketName: socketPath }),
      datagram({ socketName: `udp:127.0.0.1:${udpPort}` }),
    ],
    limits: { closeTimeoutMs: 1 },
  })
  await mi.listen()
  const web = await serveHttp(mi)
  onTestFinished(async () => {
    await mi.close()
    web.closeAllConnections()
    await new Promise((resolve) => web.close(resolve))
    const left = readdirSync(replyDir)
    rmSync(dir, { recursive: true })
    expect(left, 'reply FIFOs and sockets at the end').toEqual([])
  })
  const replies = ['--reply-dir', replyDir]
  const { port } = addressOf(web)
  return {
    dir,
    fifoPath,
    replyDir,
    ways: {
      fifo: ['-u', `fifo:${fifoPath}`, ...replies],
      udp: ['-u', `udp:127.0.0.1:${udpPort}`],
      unix: ['-u', `unix:${socketPath}`, ...replies],
      http: ['-u', `http://127.0.0.1:${port}/mi`],
    },
    udpPort,
    counted: () => counted,
    waiting: () => waiting,
  }
}

async function serveHttp(mi: Mi): Promise<Server> {
  const server = createServer(async (request, response) => {
    let text = ''
    for await (const piece of request.setEncoding('utf8')) text += piece
    response.setHeader('content-type', 'application/json').end((await mi.dispatch(text)) ?? '')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}

function addressOf(server: Server): AddressInfo {
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('the server does not listen')
  return address
}
