import type { Agent } from 'node:http'
import type { SecureContextOptions } from 'node:tls'
import { urlToHttpOptions } from 'node:url'
import type { ClientMessage, ClientTransport } from '@mi/contract'
import { Turns } from '../turns.js'
import { httpStatusError } from './http-errors.js'
import { type PostRequest, post, type StartRequest } from './post.js'

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

/** Owns the connections to one server: each carries one call at a time, and is kept for the next one. */
export class HttpTransport implements ClientTransport {
  readonly name = 'http'
  readonly address: string
  private readonly turns: Turns
  private readonly common: Omit<PostRequest, 'agent'>
  private wire: Promise<Wire> | undefined

  constructor(private readonly options: ResolvedHttpOptions) {
    const { url, headers, maxConcurrent, maxQueued, maxReplyBytes } = options
    this.address = url.href
    this.turns = new Turns('calls over http', maxConcurrent, maxQueued)
    this.common = { ...urlToHttpOptions(url), address: url.href, headers, maxReplyBytes }
  }

  request(message: ClientMessage): Promise<string | null> {
    return this.turns.run(message.signal, () => this.carry(message))
  }

  hint(_: ClientMessage, reply: string | undefined): string | undefined {
    return reply === undefined ? ONE_BY_ONE : undefined
  }

  async close(): Promise<void> {
    const wire = await this.wire
    wire?.agent.destroy()
  }

  private async carry({ text, ids, signal, onSent }: ClientMessage): Promise<string | null> {
    this.wire ??= openWire(this.options)
    const { start, agent } = await this.wire
    signal.throwIfAborted()
    const body = Buffer.from(text)
    const awaitsReply = ids.length > 0
    const reply = await post(start, { ...this.common, agent }, { body, awaitsReply, onSent }, signal)
    if (reply.status < 200 || reply.status > 299) throw httpStatusError(this.address, reply, body.length)
    return awaitsReply ? reply.text : null
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
