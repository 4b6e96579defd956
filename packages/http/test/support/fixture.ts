import { once } from 'node:events'
import { Agent, request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { connect, type Socket } from 'node:net'
import { type CommandContext, defineModule, type Handlers, implement, type ModuleContract } from '@mi/contract'
import { createMi, type Mi, type MiOptions } from '@mi/core'
import { onTestFinished } from 'vitest'
import { type HttpOptions, http } from '../../src/index.js'

/** Waits until the condition holds; fails after 20 seconds, saying what was waited for. */
export async function until(what: string, condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 20_000
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`waited in vain for: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}

export type LooseHandler = (params: Record<string, unknown>, ctx: CommandContext) => unknown

/** A module `t` of commands that take no parameters. */
export function looseModule(handlers: Readonly<Record<string, LooseHandler>>) {
  const definitions = Object.fromEntries(Object.keys(handlers).map((name) => [name, { recipes: [{}] }]))
  const contract: ModuleContract = defineModule('t', definitions)
  return implement(contract, handlers as Handlers<ModuleContract>)
}

/** A command that answers when it is released. */
export function held() {
  let finish: ((value: string) => void) | undefined
  const signals: AbortSignal[] = []
  return {
    handler: (_: unknown, { signal }: CommandContext): Promise<string> => {
      signals.push(signal)
      return new Promise((resolve) => {
        finish = resolve
      })
    },
    signals,
    isRunning: () => finish !== undefined,
    release: () => finish?.('released'),
  }
}

export interface Reply {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

export interface AskOptions {
  readonly method?: string | undefined
  readonly path?: string | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly body?: string | Uint8Array | undefined
  readonly signal?: AbortSignal | undefined
}

/** Why a request is invalid, which OpenSIPS does not say. */
export function withoutProblem(json: string): string {
  return json.replace(/("message":"Invalid Request"),"data":"(?:[^"\\]|\\.)*"/g, '$1')
}

/** A request without parameters. */
export function call(method: string, id: number | string = 1): string {
  return JSON.stringify({ jsonrpc: '2.0', method, id })
}

/** Bytes of a whole POST, as a peer writes them by hand. */
export function post(body: string, headers = 'Content-Type: application/json\r\n'): string {
  return `POST /mi HTTP/1.1\r\nHost: localhost\r\n${headers}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
}

export interface RawPeer {
  readonly socket: Socket
  /** All that has arrived. */
  readonly text: () => string
  /** Whether the server has ended the connection. */
  readonly isClosed: () => boolean
}

export interface Fixture {
  readonly mi: Mi
  readonly port: number
  readonly url: string
  /** Lines of the log. */
  readonly lines: {
    readonly level: string
    readonly fields: Readonly<Record<string, unknown>>
    readonly text: string
  }[]
  /** A POST of JSON to /mi, unless it is said otherwise. */
  ask(options?: AskOptions): Promise<Reply>
  /** A connection that is written to by hand. */
  raw(bytes?: string): Promise<RawPeer>
  /** Commands that run. */
  inFlight(): number
  /** The number of drops so far, in all or for one reason. */
  drops(reason?: string): number
}

/** A server of its own, with commands `t:NAME` that take no parameters; closed when the test ends. */
export async function serve(
  options: Partial<HttpOptions> = {},
  handlers: Readonly<Record<string, LooseHandler>> = {},
  miOptions: MiOptions = {},
): Promise<Fixture> {
  const lines: Fixture['lines'] = []
  const write = (level: string) => (fields: Readonly<Record<string, unknown>>, text: string) =>
    void lines.push({ level, fields, text })
  const log = { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') }
  const transport = http({ port: 0, ...options })
  const modules = [looseModule(handlers), ...(miOptions.modules ?? [])]
  const mi = createMi({ log, ...miOptions, modules, transports: [transport] })
  const sockets: Socket[] = []
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy()
    await mi.close()
  })
  await mi.listen()
  const port = Number(new URL(transport.address).port)
  return {
    mi,
    port,
    url: transport.address,
    lines,
    ask: (askOptions = {}) => ask(port, askOptions),
    async raw(bytes = '') {
      const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
      sockets.push(socket)
      const peer = watched(socket)
      await once(socket, 'connect')
      socket.write(bytes)
      return peer
    },
    inFlight: () => mi.statistics('http:in_flight')['http:in_flight'] ?? 0,
    drops(reason) {
      const name = reason === undefined ? 'http:drops' : `http:drops_${reason}`
      return mi.statistics(name)[name] ?? 0
    },
  }
}

export function watched(socket: Socket): RawPeer {
  let text = ''
  let isClosed = false
  socket.setEncoding('utf8').on('data', (piece) => {
    text += piece
  })
  // A server that has gone shows as what does not arrive.
  socket.on('error', () => undefined)
  for (const event of ['end', 'close']) {
    socket.once(event, () => {
      isClosed = true
    })
  }
  return { socket, text: () => text, isClosed: () => isClosed }
}

export async function ask(
  port: number,
  { method = 'POST', path = '/mi', headers = { 'Content-Type': 'application/json' }, body, signal }: AskOptions,
): Promise<Reply> {
  const agent = new Agent({ keepAlive: false })
  const request = httpRequest({ host: '127.0.0.1', port, method, path, headers: { ...headers }, agent, signal })
  request.end(body)
  const [response] = await once(request, 'response')
  let text = ''
  for await (const piece of response.setEncoding('utf8')) text += piece
  return { status: response.statusCode, headers: response.headers, text }
}
