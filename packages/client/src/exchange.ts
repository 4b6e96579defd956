import { type ClientTransport, MiError } from '@mi/contract'
import { InFlight } from './in-flight.js'
import { describeTransport, type TransportFacts } from './transport-facts.js'

/** One message to the server and what comes back. */
export interface Exchange {
  /** For messages: `'core:uptime'`, `a batch of 3 calls`. */
  readonly what: string
  readonly text: string
  /** The ids that an answer is awaited for. */
  readonly ids: readonly number[]
  readonly timeoutMs: number
  readonly signal: AbortSignal | undefined
  /** Takes each text that goes ahead of the final one; where it throws, the exchange ends with what it threw. */
  readonly onProvisional?: ((text: string) => void) | undefined
}

/** The exchanges of one client over its transport: their time limits, their signals, their end. */
export class Exchanges {
  private readonly transport: TransportFacts
  private readonly inFlight = new InFlight()
  private closing: Promise<void> | undefined

  constructor(transport: ClientTransport) {
    this.transport = transport
    this.transport.claim?.()
  }

  /** For messages: the transport and where it leads. */
  get where(): string {
    return describeTransport(this.transport)
  }

  /** @returns what the transport brought; null for a notification */
  run(exchange: Exchange): Promise<string | null> {
    const { what, text, ids, timeoutMs, signal, onProvisional } = exchange
    const closed = (begun: boolean): MiError => new MiError('MI_CLOSED', closedMessage(what, begun))
    return this.inFlight.run({ signal, closed }, async (life) => {
      const timer = timeoutMs > 0 ? setTimeout(() => life.abort(this.timeoutError(exchange)), timeoutMs) : null
      const hear = (provisional: string): void => {
        if (life.aborted || onProvisional === undefined) return
        try {
          onProvisional(provisional)
        } catch (error) {
          life.abort(error)
        }
      }
      try {
        const { transport } = this
        return transport.requestDuring === undefined
          ? await transport.request({ text, ids, signal: life.signal, onProvisional: hear })
          : await transport.requestDuring({ text, ids, onProvisional: hear }, life)
      } finally {
        if (timer !== null) clearTimeout(timer)
      }
    })
  }

  close(): Promise<void> {
    this.closing ??= this.end()
    return this.closing
  }

  private async end(): Promise<void> {
    await Promise.all([this.inFlight.close(), this.transport.close()])
  }

  private timeoutError({ what, ids, timeoutMs }: Exchange): MiError {
    const limit = `within ${timeoutMs} ms over ${this.where}`
    if (ids.length === 0) return new MiError('MI_TIMEOUT', `${what} could not be sent ${limit}`)
    const hint = this.transport.silenceHint?.()
    const message = `${what} was not answered ${limit}; the command may have run`
    return new MiError('MI_TIMEOUT', hint === undefined ? message : `${message}. ${hint}`)
  }
}

function closedMessage(what: string, begun: boolean): string {
  return begun
    ? `${what} was cut off: the client was closed; the command may have run`
    : `${what} was not sent: the client is closed`
}
