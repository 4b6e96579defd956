import type { Agent, IncomingMessage } from 'node:http'
import type { SecureContextOptions } from 'node:tls'
import { urlToHttpOptions } from 'node:url'
import type { ClientMessage, ClientTransport, MiError, RequestSignal } from '@mi/contract'
import type { EventStream, EventStreamRequest, EventStreamTransport } from '../events/event-stream.js'
import { Turns } from '../turns.js'
import { readEvents } from './event-reader.js'
import { httpConnectionError, httpStatusError, streamEndError, tooLongReply } from './http-errors.js'
import { type HttpRequest, type StartRequest, sendRequest } from './http-request.js'

/** As `tls.connect` of Node.js takes them. */
export interface HttpTlsOptions
  extends Pick<SecureContextOptions, 'ca' | 'cert' | 'key' | 'passphrase' | 'pfx' | 'minVersion' | 'maxVersion'> {
  /** The name that the certificate must be for. @default the host of the url */
  readonly servername?: string | undefined
  /** Whether a certificate that cannot be verified is refused. @default true */
  readonly rejectUnauthorized?: boolean | undefined
}

export interface ResolvedHttpOptions {
  /** Without user and password. */
  readonly url: URL
  /** Those of every request. */
  readonly headers: Readonly<Record<string, string>>
  /** Gives the token of each request. */
  readonly token: (() => string | Promise<string>) | undefined
  readonly tls: HttpTlsOptions
  readonly maxConcurrent: number
  readonly maxQueued: number
  readonly maxReplyBytes: number
  readonly idleMs: number
}

/** How requests are made, over http or https. */
interface Wire {
  readonly start: StartRequest
  readonly agent: Agent
}

/** A stream on which nothing arrives for this long is dead: @mi/http sends something every 15 s. */
const DEAD_MS = 45_000

/** Owns the connections to one server: each carries one call at a time, and is kept for the next one. */
export class HttpTransport implements ClientTransport, EventStreamTransport {
  readonly name = 'http'
  readonly address: string
  private readonly turns: Turns
  private readonly common: Omit<HttpRequest, 'agent'>
  private wire: Promise<Wire> | undefined

  constructor(private readonly options: ResolvedHttpOptions) {
    const { url, maxConcurrent, maxQueued, maxReplyBytes } = options
    this.address = url.href
    this.turns = new Turns('calls over http', maxConcurrent, maxQueued)
    this.common = { ...urlToHttpOptions(url), address: url.href, maxReplyBytes }
  }

  request(message: ClientMessage): Promise<string | null> {
    return this.turns.run(message.signal, () => this.carry(message))
  }

  hint(_: ClientMessage, reply: string | undefined): string | undefined {
    return reply === undefined ? ONE_BY_ONE : undefined
  }

  /** Over a connection for the stream alone: it must not take up one of those for calls. */
  async openEvents(request: EventStreamRequest, signal: RequestSignal): Promise<EventStream> {
    const { url, tls } = this.options
    const { start } = await this.wired()
    const headers = await this.headers({ accept: EVENT_STREAM }, signal)
    if (request.lastId !== undefined) headers['last-event-id'] = request.lastId
    const options = {
      ...this.common,
      ...urlToHttpOptions(eventsUrl(url, request.event)),
      ...tls,
      agent: false,
    } as const
    let ended: Promise<MiError> | undefined
    const takeStream = (stream: IncomingMessage): undefined => {
      const { maxEventBytes: maxBytes, signal: until } = request
      ended = readEvents(stream, { ...request, maxBytes, deadMs: DEAD_MS, until }).then(
        (end) => streamEndError(this.address, end),
        (cause: unknown) => httpConnectionError(this.address, cause, true),
      )
    }
    const reply = await sendRequest(start, options, { headers, awaitsReply: false, takeStream }, signal)
    if (ended === undefined) throw httpStatusError(this.address, reply, 0)
    return { ended }
  }

  async close(): Promise<void> {
    const wire = await this.wire
    wire?.agent.destroy()
  }

  private async carry(message: ClientMessage): Promise<string | null> {
    const { text, ids, signal, onSent, onProvisional, wantsProvisional } = message
    const { start, agent } = await this.wired()
    const body = Buffer.from(text)
    const awaitsReply = ids.length > 0
    // Nobody else is asked for a stream: a plain reply is what every server knows.
    const inSteps = awaitsReply && onProvisional !== undefined && wantsProvisional !== false
    const headers = await this.headers(inSteps ? { accept: `application/json, ${EVENT_STREAM}` } : {}, signal)
    signal.throwIfAborted()
    const takeStream = inSteps ? (stream: IncomingMessage) => this.steps(message, stream) : undefined
    const content = { body, headers, awaitsReply, onSent, takeStream }
    const reply = await sendRequest(start, { ...this.common, agent }, content, signal)
    if (reply.status < 200 || reply.status > 299) throw httpStatusError(this.address, reply, body.length)
    return awaitsReply ? reply.text : null
  }

  private wired(): Promise<Wire> {
    this.wire ??= openWire(this.options)
    return this.wire
  }

  /** The headers of one request, with the token of the moment. */
  private async headers(further: Record<string, string>, signal: RequestSignal): Promise<Record<string, string>> {
    const { headers, token } = this.options
    if (token === undefined) return { ...headers, ...further }
    return { ...headers, ...further, authorization: bearer(await orAborted(token(), signal)) }
  }

  /** Hands on the results ahead of the final one, each when the next one begins. @returns the final one */
  private async steps(message: ClientMessage, stream: IncomingMessage): Promise<string> {
    const { maxReplyBytes } = this.options
    let last: string | undefined
    let isTooLong = false
    await readEvents(stream, {
      maxBytes: maxReplyBytes,
      message: (text) => {
        if (last !== undefined) message.onProvisional?.(last)
        last = text
      },
      tooLong: () => {
        isTooLong = true
        stream.destroy()
      },
    })
    if (isTooLong) throw tooLongReply(this.address, maxReplyBytes)
    return last ?? ''
  }
}

const EVENT_STREAM = 'text/event-stream'

/** @throws TypeError for what no header can carry; it is not shown */
export function bearer(token: unknown): string {
  if (typeof token === 'string' && /^[\x21-\x7e]+$/.test(token)) return `Bearer ${token}`
  throw new TypeError('http(): a token must be a string of visible ASCII characters without blanks')
}

/** `https://host/mi/events?names=E_PIKE_BLOCKED`. */
function eventsUrl(root: URL, event: string): URL {
  const url = new URL(root)
  url.pathname = `${url.pathname.replace(/\/$/, '')}/events`
  url.searchParams.set('names', event)
  return url
}

/** The caller's function may take its time; who gives up does not wait for it. */
async function orAborted<T>(work: T | Promise<T>, signal: RequestSignal): Promise<T> {
  if (!(work instanceof Promise)) return work
  signal.throwIfAborted()
  let onAbort = (): void => undefined
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason)
    signal.addEventListener('abort', onAbort)
  })
  try {
    return await Promise.race([work, aborted])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

const ONE_BY_ONE =
  'httpd of OpenSIPS answers one request after the other: a command that takes long, such as t_uac_dlg, holds up all others, ' +
  'even when its caller has given up'

/** Loads what the first request needs and no program that speaks another transport. */
async function openWire({ url, tls, maxConcurrent, idleMs }: ResolvedHttpOptions): Promise<Wire> {
  // The one that was used last goes first: the others may then be idle for so long that they are closed.
  const options = { keepAlive: true, maxSockets: maxConcurrent, timeout: idleMs, scheduling: 'lifo' } as const
  if (url.protocol === 'http:') {
    const { Agent, request } = await import('node:http')
    return { start: request, agent: new Agent(options) }
  }
  const { Agent, request } = await import('node:https')
  return { start: request, agent: new Agent({ ...options, ...tls }) }
}
