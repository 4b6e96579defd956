import { rmSync } from 'node:fs'
import { type HttpTransportOptions, http } from '../../src/http/http.js'
import type { Middleware } from '../../src/index.js'
import { createClient, type MiClient } from '../../src/index.js'
import { fixture } from './fixture.js'
import { HttpResponder } from './http-responder.js'
import { watchLeftovers } from './leftovers.js'
import { udpFixture } from './udp-fixture.js'
import { unixFixture } from './unix-fixture.js'

/** A request, over whatever transport it came. */
export interface AnyRequest {
  readonly id: number
  readonly method: string
  readonly params: unknown
  /** Sends an answer, whatever it is. */
  reply(text: string): unknown
}

/** A server end and a client for it, over any transport. Closed at its end, when nothing may be left. */
export interface AnyServer extends AsyncDisposable {
  readonly client: MiClient
  /** What has arrived, in order. */
  readonly received: readonly AnyRequest[]
  on(method: string, behaviour: (request: AnyRequest) => unknown): void
  /** A further client. */
  makeClient(options: { readonly timeoutMs?: number; readonly middleware?: readonly Middleware[] }): MiClient
  /** Goes away, and comes back at the same place. What is unanswered stays so. */
  restart(): Promise<void>
}

/** Every transport of the package. */
export const transports = ['fifo', 'udp', 'unix', 'http'] as const

export type TransportName = (typeof transports)[number]

export function serverOver(name: TransportName): Promise<AnyServer> {
  return { fifo: overFifo, udp: overUdp, unix: overUnix, http: overHttp }[name]()
}

async function overFifo(): Promise<AnyServer> {
  const at = await fixture()
  return {
    client: at.client,
    received: at.server.received,
    on: (method, behaviour) => void at.server.on(method, behaviour),
    makeClient: ({ timeoutMs, middleware }) => at.makeClient({}, timeoutMs, middleware),
    restart: async () => {
      at.server.deafen()
      at.server.read()
    },
    [Symbol.asyncDispose]: () => at[Symbol.asyncDispose](),
  }
}

async function overUdp(): Promise<AnyServer> {
  const at = await udpFixture()
  return {
    client: at.client,
    received: at.server.received,
    on: (method, behaviour) => void at.server.on(method, behaviour),
    makeClient: ({ timeoutMs, middleware }) => at.makeClient({}, timeoutMs, middleware),
    restart: async () => {
      const { port } = at
      await at.server.close()
      await at.server.listen(port)
    },
    [Symbol.asyncDispose]: () => at[Symbol.asyncDispose](),
  }
}

async function overUnix(): Promise<AnyServer> {
  const at = await unixFixture()
  return {
    client: at.client,
    received: at.server.received,
    on: (method, behaviour) => void at.server.on(method, behaviour),
    makeClient: ({ timeoutMs, middleware }) => at.makeClient({}, timeoutMs, middleware),
    restart: async () => {
      await at.server.close()
      rmSync(at.path, { force: true })
      await at.server.listen()
    },
    [Symbol.asyncDispose]: () => at[Symbol.asyncDispose](),
  }
}

async function overHttp(): Promise<AnyServer> {
  const at = await httpFixture()
  return {
    client: at.client,
    received: at.server.received,
    on: (method, behaviour) => void at.server.on(method, behaviour),
    makeClient: ({ timeoutMs, middleware }) => at.makeClient({}, timeoutMs, middleware),
    restart: async () => {
      const { port } = at.server
      await at.server.close()
      await at.server.listen(port)
    },
    [Symbol.asyncDispose]: () => at[Symbol.asyncDispose](),
  }
}

/** A server end over HTTP and a client for it. */
export interface HttpFixture extends AsyncDisposable {
  readonly server: HttpResponder
  readonly client: MiClient
  /** A further client, closed with the fixture. */
  makeClient(options?: HttpTransportOptions, timeoutMs?: number, middleware?: readonly Middleware[]): MiClient
}

/** Closes all at its end, and then fails unless no descriptor or listener is left. */
export async function httpFixture(): Promise<HttpFixture> {
  const nothingLeft = watchLeftovers()
  const server = await new HttpResponder().listen()
  const { url } = server
  const clients: MiClient[] = []
  const makeClient: HttpFixture['makeClient'] = (options = {}, timeoutMs = 20_000, middleware = []) => {
    const client = createClient(http({ url, ...options }), { timeoutMs, middleware })
    clients.push(client)
    return client
  }
  return {
    server,
    client: makeClient(),
    makeClient,
    [Symbol.asyncDispose]: async () => {
      for (const client of clients) await client.close()
      await server.close()
      await nothingLeft()
    },
  }
}
