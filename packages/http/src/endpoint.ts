import type { Caller, EventSource, MiPeer } from '@mi/contract'
import { EventStreams, eventText } from './event-streams.js'
import { type EventStream, type Exchange, PeerGone } from './exchange.js'
import type { Gate } from './gate.js'
import type { ResolvedHandlerOptions } from './options.js'
import { type HttpReply, JSON_TYPE, Refusal, textReply } from './refusal.js'
import { RequestBodies } from './request-body.js'
import { type Resource, Routes } from './routes.js'

/** The part of the engine that answers: of a transport, or of a handler in another server. */
export type Engine = Pick<Caller, 'dispatch' | 'execute' | 'drop' | 'log'> & {
  readonly events?: EventSource | undefined
}

/** A notification is carried out, and not answered. */
const ACCEPTED: HttpReply = { status: 202, body: '' }

/** How long a browser may remember what a preflight was answered, in seconds. */
const PREFLIGHT_AGE = '600'

const XML_TYPE = 'text/xml; charset=utf-8'

/** Answers HTTP requests, step by step: the checks of the head, the body, the engine, the reply. */
export class Endpoint {
  private isClosing = false
  private readonly routes: Routes
  private readonly bodies: RequestBodies
  private readonly events: EventStreams | undefined
  /** Requests whose credentials are checked, or whose commands run. */
  private running = 0

  /** @param curl how to ask, for messages */
  constructor(
    private readonly options: ResolvedHandlerOptions,
    private readonly gate: Gate,
    private readonly engine: Engine,
    private readonly curl: () => string,
  ) {
    this.routes = new Routes(options, curl)
    this.bodies = new RequestBodies(options.maxRequestBytes, options.maxPendingRequestBytes)
    this.events = options.events ? new EventStreams(engine.events, options.maxEventStreams) : undefined
  }

  /** Events are kept from now on, for peers that come later. */
  listen(): void {
    this.events?.listen()
  }

  /** Says no to what is new, and ends what has no end. */
  close(): void {
    this.isClosing = true
    this.events?.close()
  }

  /** @param proceed called before the body is read: tells a peer that waits for it (`Expect: 100-continue`) to send it */
  async serve(exchange: Exchange, proceed?: () => void): Promise<void> {
    let peer: MiPeer | undefined
    let headers: HttpReply['headers']
    try {
      const { gate } = this
      peer = gate.peer(exchange)
      gate.checkHost(exchange)
      const { resource, isPreflight } = this.routes.find(exchange)
      headers = gate.checkOrigin(exchange)
      if (this.isClosing) throw new Refusal(503, 'closed', 'the server is closing: try again in some seconds')
      if (isPreflight || resource === 'health') {
        const reply = isPreflight ? preflight() : textReply(200, 'the server is listening')
        exchange.send({ ...reply, headers: { ...reply.headers, ...headers } })
        return
      }
      this.assertRoom()
      const authenticated = gate.authenticate(exchange, peer)
      peer = authenticated instanceof Promise ? await this.counted(authenticated) : authenticated
      if (resource === 'events') {
        this.events?.open(exchange, peer, headers)
        return
      }
      const reply = await (resource === 'openrpc'
        ? this.document(peer)
        : this.run(resource, exchange, peer, headers, proceed))
      if (reply !== undefined) exchange.send(headers === undefined ? reply : { ...reply, headers })
    } catch (error) {
      this.refuse(error, exchange, peer, headers)
    }
  }

  /** For what never became a request. */
  count({ reason, message, facts }: Refusal, peer: string | undefined): void {
    this.engine.drop(reason, { peer, ...facts, why: message })
  }

  /** @returns undefined when the reply has gone out already, as events */
  private async run(
    resource: Resource,
    exchange: Exchange,
    peer: MiPeer,
    headers: HttpReply['headers'],
    proceed: (() => void) | undefined,
  ): Promise<HttpReply | undefined> {
    this.bodies.checkHeaders(exchange)
    proceed?.()
    const text = await this.bodies.read(exchange, peer.source?.address)
    if (text === '') {
      throw new Refusal(400, 'empty_request', `the request has no body: send a request, as in ${this.curl()}`)
    }
    this.assertRoom()
    const { signal } = exchange
    const maxReplyBytes = this.options.maxPendingReplyBytesPerPeer
    if (resource === 'xml-rpc') {
      const { answerXmlRpc } = await import('./xml-rpc/index.js')
      const reply = answerXmlRpc(text, this.engine.execute, { peer, signal, maxReplyBytes })
      return { status: 200, type: XML_TYPE, body: reply instanceof Promise ? await this.counted(reply) : reply }
    }
    if (exchange.header('accept')?.includes('text/event-stream')) return this.runInSteps(text, exchange, peer, headers)
    const reply = this.engine.dispatch(text, peer, { signal, maxReplyBytes })
    return jsonReply(reply instanceof Promise ? await this.counted(reply) : reply)
  }

  /** Replies that go ahead of the final one, and that one, each as an event. */
  private async runInSteps(
    text: string,
    exchange: Exchange,
    peer: MiPeer,
    headers: HttpReply['headers'],
  ): Promise<HttpReply | undefined> {
    let stream: EventStream | undefined
    const send = (step: string): void => {
      stream ??= exchange.openStream(headers)
      stream.write(eventText(step))
      if (stream.waiting > this.options.maxPendingReplyBytesPerPeer) stream.giveUp()
    }
    const maxReplyBytes = this.options.maxPendingReplyBytesPerPeer
    const reply = this.engine.dispatch(text, peer, { signal: exchange.signal, maxReplyBytes, onProvisional: send })
    const final = reply instanceof Promise ? await this.counted(reply) : reply
    if (final === null) return ACCEPTED
    send(final)
    stream?.end()
    return undefined
  }

  /** What this peer may run. */
  private async document(peer: MiPeer): Promise<HttpReply> {
    const { value, error } = await this.engine.execute('rpc.discover', undefined, { peer })
    if (error === undefined) return { status: 200, type: JSON_TYPE, body: JSON.stringify(value) }
    throw new Refusal(
      error.code === -32003 ? 403 : 404,
      'not_found',
      `there is no OpenRPC document here: ${error.message}`,
    )
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
    exchange.send(textReply(500, 'the server failed on this request: see its log'))
  }
}

function jsonReply(text: string | null): HttpReply {
  return text === null ? ACCEPTED : { status: 200, type: JSON_TYPE, body: text }
}

/** A page may ask for any header; those that matter here are few. */
function preflight(): HttpReply {
  return {
    status: 204,
    body: '',
    headers: {
      'Access-Control-Allow-Methods': 'GET, POST',
      'Access-Control-Allow-Headers': 'authorization, content-type, last-event-id',
      'Access-Control-Max-Age': PREFLIGHT_AGE,
    },
  }
}
