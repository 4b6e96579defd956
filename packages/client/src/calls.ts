import type { ClientTransport } from '@mi/contract'
import { finalAnswer, provisionalResults } from './answer.js'
import { batchAnswers } from './batch-answers.js'
import { resolveTimeout } from './client-options.js'
import { Exchanges } from './exchange.js'
import type { BatchAnswer, BatchOptions, NotifyOptions } from './mi-client.js'
import { request } from './request.js'

const namesShown = 5

/** How long a request may take, and who may end it early. */
export interface CallLimits {
  readonly signal: AbortSignal | undefined
  /** In milliseconds; 0 is for ever. */
  readonly timeoutMs: number
}

/** One call of a batch: the name that the request carries, and its parameters. */
export interface NamedCall {
  readonly method: string
  readonly params: object | undefined
}

/** Requests by name: ids, texts and answers. How they travel is the transport's part. */
export class Calls {
  private readonly exchanges: Exchanges
  private lastId = 0

  /**
   * @param timeoutMs for requests that have no time limit of their own
   * @param onLost called when the server could not be reached
   */
  constructor(
    transport: ClientTransport,
    readonly timeoutMs: number,
    onLost: () => void,
  ) {
    this.exchanges = new Exchanges(transport, onLost)
  }

  /** For messages: the transport and where it leads. */
  get where(): string {
    return this.exchanges.where
  }

  /** @throws TypeError for what is no signal, RangeError for what is no time */
  limits(where: string, { signal, timeout }: NotifyOptions): CallLimits {
    const given: Partial<AbortSignal> | null | undefined = signal
    if (given !== undefined && typeof given?.addEventListener !== 'function') {
      throw new TypeError(`${where}: signal must be an AbortSignal`)
    }
    return { signal, timeoutMs: resolveTimeout(where, timeout, this.timeoutMs) }
  }

  async call(
    method: string,
    params: object | undefined,
    limits: CallLimits,
    onProvisional?: ((result: unknown) => void) | undefined,
  ): Promise<unknown> {
    const id = this.nextId()
    const what = `'${method}'`
    const text = await this.exchanges.run({
      what,
      text: JSON.stringify(request('call()', method, params, id)),
      ids: [id],
      signal: limits.signal,
      timeoutMs: limits.timeoutMs,
      onProvisional: (early) => {
        for (const { result } of provisionalResults(this.subject(what), early, [id])) onProvisional?.(result)
      },
    })
    const { result, error } = finalAnswer(this.subject(what), text, id)
    if (error !== undefined) throw error
    return result
  }

  async notify(method: string, params: object | undefined, limits: CallLimits): Promise<void> {
    const text = JSON.stringify(request('notify()', method, params))
    await this.exchanges.run({ what: `'${method}'`, text, ids: [], ...limits })
  }

  async batch(
    calls: readonly NamedCall[],
    limits: CallLimits,
    onProvisional: BatchOptions['onProvisional'],
  ): Promise<BatchAnswer[]> {
    const requests = calls.map(({ method, params }) => ({ id: this.nextId(), method, params }))
    const ids = requests.map(({ id }) => id)
    const what = describeBatch(requests.map(({ method }) => method))
    const text = await this.exchanges.run({
      what,
      text: JSON.stringify(requests.map(({ id, method, params }) => request('batch()', method, params, id))),
      ids,
      ...limits,
      onProvisional: (early) => {
        for (const { result, index } of provisionalResults(this.subject(what), early, ids)) {
          onProvisional?.(result, index)
        }
      },
    })
    return batchAnswers(this.subject(what), text, ids)
  }

  /** Waits for what others may wait for too: a caller that gives up ends its own wait alone. */
  wait<T>(what: string, work: Promise<T>, limits: CallLimits): Promise<T> {
    return this.exchanges.wait(what, work, limits)
  }

  /** Ends when the time is over; rejects when the signal fires or the client is closed. */
  pause(what: string, ms: number, signal: AbortSignal | undefined): Promise<void> {
    return this.exchanges.pause(what, ms, signal)
  }

  close(): Promise<void> {
    return this.exchanges.close()
  }

  private nextId(): number {
    this.lastId += 1
    return this.lastId
  }

  private subject(what: string): string {
    return `${what} over ${this.exchanges.where}`
  }
}

/** For messages: how many calls, and the first few names. */
export function describeBatch(methods: readonly string[]): string {
  const names = methods.slice(0, namesShown).join(', ')
  return `a batch of ${methods.length} (${methods.length > namesShown ? `${names}, ...` : names})`
}
