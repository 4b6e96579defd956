import { once } from 'node:events'
import type { IncomingHttpHeaders, IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { createServer as createHttpServer, type Server } from 'node:http'
import { createServer as createHttpsServer, type ServerOptions } from 'node:https'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'

/** A request as the responder received it. */
export interface HttpRequest {
  readonly text: string
  readonly id: number
  readonly method: string
  readonly params: unknown
  readonly headers: IncomingHttpHeaders
  /** How many requests the connection has carried, this one included. */
  readonly onConnection: number
  reply(text: string, status?: number, headers?: Readonly<Record<string, string>>): void
  /** For what no server should do. */
  readonly response: ServerResponse
}

export type HttpBehaviour = (request: HttpRequest) => unknown

/**
 * A server end that answers as mi_http of OpenSIPS does: by POST at its root alone, 202 without text to notifications.
 * What the text is, the test says.
 */
export class HttpResponder {
  readonly received: HttpRequest[] = []
  private readonly behaviours = new Map<string, HttpBehaviour>()
  private server: Server | undefined
  private readonly carried = new WeakMap<object, number>()

  on(method: string, behaviour: HttpBehaviour): this {
    this.behaviours.set(method, behaviour)
    return this
  }

  get port(): number {
    return portOf(this.server?.address())
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/mi`
  }

  async listen(port = 0, tls?: ServerOptions): Promise<this> {
    const listener: RequestListener = (request, response) => void this.take(request, response)
    const server = tls === undefined ? createHttpServer(listener) : createHttpsServer(tls, listener)
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
    this.server = server
    return this
  }

  /** Ends at once, connections included. */
  async close(): Promise<void> {
    const { server } = this
    if (server === undefined) return
    this.server = undefined
    server.closeAllConnections()
    await new Promise<void>((resolve) => server.close(() => resolve()))
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = ''
    for await (const piece of request.setEncoding('utf8')) text += piece
    if (request.url !== '/mi') return void response.writeHead(400).end('<html><body>Unable to parse URL!</body></html>')
    if (request.method !== 'POST') return void response.writeHead(405).end()
    const onConnection = (this.carried.get(request.socket) ?? 0) + 1
    this.carried.set(request.socket, onConnection)
    const { id, method = 'batch', params } = fields(JSON.parse(text))
    const reply = (answer: string, status = 200, headers: Readonly<Record<string, string>> = {}): void => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(answer)
    }
    const seen: HttpRequest = {
      text,
      id: id ?? 0,
      method,
      params,
      headers: request.headers,
      onConnection,
      reply,
      response,
    }
    this.received.push(seen)
    if (id === undefined && method !== 'batch') return void response.writeHead(202).end()
    this.behaviours.get(method)?.(seen)
  }
}

/** A TCP port that nobody listens at, for as long as nobody else takes it. */
export async function freeTcpPort(): Promise<number> {
  const server = createTcpServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const port = portOf(server.address())
  await new Promise<void>((resolve) => server.close(() => resolve()))
  return port
}

function portOf(address: AddressInfo | string | null | undefined): number {
  return typeof address === 'object' && address !== null ? address.port : 0
}

interface Fields {
  readonly id?: number
  readonly method?: string
  readonly params?: unknown
}

/** True for what the client sends, which is all that comes here: an object with these fields, or an array without. */
function fields(parsed: unknown): Fields {
  return Array.isArray(parsed) ? { params: parsed } : (parsed as Fields)
}
