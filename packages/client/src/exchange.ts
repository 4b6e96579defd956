import { type ClientTransport, isMiError, MiError } from '@mi/contract'
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

  /** @param onLost called when the server could not be reached */
  constructor(
    transport: ClientTransport,
    private readonly onLost: () => void,
  ) {
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
    const closed = (begun: boolean): MiError => closedError(what, begun)
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
      } catch (error) {
        if (isMiError(error, 'MI_CONNECTION')) this.onLost()
        throw error
      } finally {
        if (timer !== null) clearTimeout(timer)
      }
    })
  }

  /** Waits for work that goes on when this wait is given up. */
  async wait<T>(
    what: string,
    work: Promise<T>,
    { signal, timeoutMs }: Pick<Exchange, 'signal' | 'timeoutMs'>,
  ): Promise<T> {
    let timer: NodeJS.Timeout | undefined
    const closed = (begun: boolean): MiError => closedError(what, begun)
    const timeout = (): MiError => new MiError('MI_TIMEOUT', `${what} took longer than ${timeoutMs} ms`)
    try {
      return await this.inFlight.run({ signal, closed }, (life) => {
        if (timeoutMs > 0) timer = setTimeout(() => life.abort(timeout()), timeoutMs)
        return new Promise<T>((resolve, reject) => {
          life.addEventListener('abort', { handleEvent: () => reject(life.reason) })
          work.then(resolve, reject)
        })
      })
    } finally {
      clearTimeout(timer)
    }
  }

  async pause(what: string, ms: number, signal: AbortSignal | undefined): Promise<void> {
    let timer: NodeJS.Timeout | undefined
    const over = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, ms)
    })
    try {
      await this.wait(what, over, { signal, timeoutMs: 0 })
    } finally {
      clearTimeout(timer)
    }
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

/**
 * `MI_CLOSED`
 * @param begun whether it was under way
 */
export function closedError(what: string, begun: boolean): MiError {
  const message = begun
    ? `${what} was cut off: the client was closed; the command may have run`
    : `${what} was not sent: the client is closed`
  return new MiError('MI_CLOSED', message)
}
