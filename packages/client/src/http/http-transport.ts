import type { Agent } from 'node:http'
import { urlToHttpOptions } from 'node:url'
import { type ClientMessage, MiError } from '@mi/contract'
import { InFlight } from '../in-flight.js'
import type { TransportFacts } from '../transport-facts.js'
import { Turns } from '../turns.js'
import { httpStatusError } from './connection-error.js'
import type { ResolvedHttpOptions } from './options.js'
import { type PostRequest, post, type StartRequest } from './post.js'

/** How requests are made, over http or https. */
interface Wire {
  readonly start: StartRequest
  readonly agent: Agent
}

/** Owns the connections to one server: each carries one call at a time, and is kept for the next one. */
export class HttpTransport implements TransportFacts {
  readonly name = 'http'
  readonly address: string
  private readonly inFlight = new InFlight()
  private readonly calls: Turns
  private readonly common: Omit<PostRequest, 'agent'>
  private wire: Promise<Wire> | undefined

  constructor(private readonly options: ResolvedHttpOptions) {
    const { url, headers, maxConcurrent, maxWaiting, maxReplyBytes } = options
    this.address = url.href
    this.calls = new Turns('calls over http', maxConcurrent, maxWaiting)
    this.common = { ...urlToHttpOptions(url), address: url.href, headers, maxReplyBytes }
  }

  request(message: ClientMessage): Promise<string | null> {
    const closed = (begun: boolean): MiError =>
      new MiError('MI_CLOSED', begun ? 'the HTTP transport was closed meanwhile' : 'the HTTP transport is closed')
    return this.inFlight.run({ signal: message.signal, closed }, ({ signal }) =>
      this.calls.run(signal, () => this.carry(message, signal)),
    )
  }

  async close(): Promise<void> {
    await this.inFlight.close()
    const wire = await this.wire
    wire?.agent.destroy()
  }

  private async carry({ text, ids }: ClientMessage, signal: AbortSignal): Promise<string | null> {
    this.wire ??= openWire(this.options)
    const { start, agent } = await this.wire
    signal.throwIfAborted()
    const reply = await post(start, { ...this.common, agent }, text, signal)
    if (reply.status < 200 || reply.status > 299) throw httpStatusError(this.address, reply)
    return ids.length === 0 ? null : reply.text
  }
}

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
