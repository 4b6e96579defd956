import type { Caller, MiPeer } from '@mi/contract'
import { type Exchange, PeerGone } from './exchange.js'
import type { Gate } from './gate.js'
import type { ResolvedHandlerOptions } from './options.js'
import { type HttpReply, JSON_TYPE, quoted, Refusal } from './refusal.js'
import { RequestBodies } from './request-body.js'

/** The part of the engine that answers: of a transport, or of a handler in another server. */
export type Engine = Pick<Caller, 'dispatch' | 'execute' | 'drop' | 'log'>

/** A notification is carried out, and not answered. */
const ACCEPTED: HttpReply = { status: 202, body: '' }

/** How long a browser may remember what a preflight was answered, in seconds. */
const PREFLIGHT_AGE = '600'

/** Answers HTTP requests, step by step: the checks of the head, the body, the engine, the reply. */
export class Endpoint {
  /** Says no to everything that is new. */
  isClosing = false
  private readonly bodies: RequestBodies
  /** Requests whose credentials are checked, or whose commands run. */
  private running = 0

  /** @param curl how to ask, for messages */
  constructor(
    private readonly options: ResolvedHandlerOptions,
    private readonly gate: Gate,
    private readonly engine: Engine,
    private readonly curl: () => string,
  ) {
    this.bodies = new RequestBodies(options.maxRequestBytes, options.maxPendingRequestBytes)
  }

  /** @param proceed called before the body is read: tells a peer that waits for it (`Expect: 100-continue`) to send it */
  async serve(exchange: Exchange, proceed?: () => void): Promise<void> {
    let peer: MiPeer | undefined
    let headers: HttpReply['headers']
    try {
      if (this.isClosing) throw new Refusal(503, 'closed', 'the server is closing: try again in some seconds')
      const { gate } = this
      peer = gate.peer(exchange)
      gate.checkHost(exchange)
      const isPreflight = this.checkTarget(exchange)
      headers = gate.checkOrigin(exchange)
      if (isPreflight) {
        exchange.send({ status: 204, body: '', headers: { ...headers, ...preflightHeaders(exchange) } })
        return
      }
      const authenticated = gate.authenticate(exchange, peer)
      peer = authenticated instanceof Promise ? await this.counted(authenticated) : authenticated
      this.bodies.checkHeaders(exchange)
      proceed?.()
      const text = await this.bodies.read(exchange)
      const reply = await this.answer(text, peer, exchange)
      exchange.send(headers === undefined ? reply : { ...reply, headers })
    } catch (error) {
      this.refuse(error, exchange, peer, headers)
    }
  }

  /** For what never became a request: counts it, and gives the reply. */
  count({ reason, message, facts }: Refusal, peer: string | undefined): void {
    this.engine.drop(reason, { peer, ...facts, why: message })
  }

  private answer(text: string, peer: MiPeer, { signal }: Exchange): HttpReply | Promise<HttpReply> {
    if (text === '') {
      throw new Refusal(400, 'empty_request', `the request has no body: send a JSON-RPC request, as in ${this.curl()}`)
    }
    this.assertRoom()
    const reply = this.engine.dispatch(text, peer, { signal, maxReplyBytes: this.options.maxPendingReplyBytesPerPeer })
    return reply instanceof Promise ? this.counted(reply.then(jsonReply)) : jsonReply(reply)
  }

  /**
   * Path and method.
   * @returns whether it is a browser that asks what it may send
   */
  private checkTarget({ target, method }: Exchange): boolean {
    const { path, cors } = this.options
    if (target !== path && pathOf(target) !== path) {
      throw new Refusal(404, 'not_found', `there is nothing at ${quoted(target)}: send requests to ${path}`)
    }
    if (method === 'POST') return false
    if (method === 'OPTIONS' && cors.size > 0) return true
    throw new Refusal(405, 'wrong_method', `${method} is not possible here: send a POST, as in ${this.curl()}`, {
      Allow: 'POST',
    })
  }

  private assertRoom(): void {
    const { maxConcurrent } = this.options
    if (this.running < maxConcurrent) return
    throw new Refusal(
      503,
      'too_many_requests',
      `${maxConcurrent} requests are under way already (maxConcurrent): try again in a second`,
      { 'Retry-After': '1' },
    )
  }

  private async counted<T>(promise: Promise<T>): Promise<T> {
    this.running++
    try {
      return await promise
    } finally {
      this.running--
    }
  }

  private refuse(error: unknown, exchange: Exchange, peer: MiPeer | undefined, headers: HttpReply['headers']): void {
    const address = peer?.address ?? exchange.connection.source?.address
    if (error instanceof PeerGone) {
      const why = 'the connection ended before the request was complete'
      if (error.reason !== undefined) this.engine.drop(error.reason, { peer: address, why })
      return
    }
    if (error instanceof Refusal) {
      this.count(error, address)
      const { reply } = error
      exchange.send(headers === undefined ? reply : { ...reply, headers: { ...reply.headers, ...headers } })
      return
    }
    this.engine.log.error({ peer: address, err: error }, 'the HTTP server failed on a request')
    exchange.send({
      status: 500,
      type: 'text/plain; charset=utf-8',
      body: 'the server failed on this request: see its log\n',
    })
  }
}

/** Without the query, and without the server's name, which a proxy may put in front. */
function pathOf(target: string): string {
  return target.replace(/^https?:\/\/[^/]*/i, '').split('?', 1)[0] ?? ''
}

function jsonReply(text: string | null): HttpReply {
  return text === null ? ACCEPTED : { status: 200, type: JSON_TYPE, body: text }
}

function preflightHeaders(exchange: Exchange): Readonly<Record<string, string>> {
  // A page may ask for any header; those that matter here are few.
  const isAsked = exchange.header('access-control-request-method') !== undefined
  return isAsked
    ? {
        'Access-Control-Allow-Methods': 'GET, POST',
        'Access-Control-Allow-Headers': 'authorization, content-type',
        'Access-Control-Max-Age': PREFLIGHT_AGE,
      }
    : { Allow: 'GET, POST, OPTIONS' }
}
