import { type ClientMessage, type ClientReply, type ClientTransport, isMiError, MiError } from '@mi/contract'
import { LARGEST_TIMER_MS, shown } from '@mi/internal/options'
import type { NumberReading } from './numbers.js'
import { type Destination, follow, PendingRequest, type RequestContent, unfollow } from './pending-request.js'
import { batchReplies, finalReply } from './read-reply.js'
import type { BatchOptions, BatchReply, NotifyOptions } from './types.js'

const DEFAULT_TIMEOUT_MS = 5000

/** For commands that answer later: those of `tm` do so after its `fr_timeout`, 30 s unless set, where nobody replies. */
const ASYNC_TIMEOUT_MS = 35_000

const NAMES_SHOWN = 5

/** How long a request may take, and who may end it early. */
export interface Limits {
  readonly signal: AbortSignal | undefined
  /** In milliseconds; 0 is no limit. */
  readonly timeoutMs: number
  /** For messages, where this is only what is left: the whole time that the caller has set. */
  readonly wholeMs?: number | undefined
}

/**
 * What is left of the time of a request that takes several steps.
 * @param since when it began, by the clock of `performance`
 */
export function remaining({ signal, timeoutMs, wholeMs = timeoutMs }: Limits, since: number): Limits {
  if (timeoutMs === 0) return { signal, timeoutMs }
  return { signal, timeoutMs: Math.max(1, Math.ceil(timeoutMs - (performance.now() - since))), wholeMs }
}

/** One call of a batch: the name that the request carries, and its parameters. */
export interface MethodCall {
  readonly method: string
  readonly params: object | undefined
}

/**
 * All that one client has under way: it gives each request an id, its text, its time limit and its signal, and reads the
 * replies. How they travel is up to the transport.
 */
export class Requests implements Destination {
  /** For messages: the transport and its address. */
  readonly where: string
  /** What waits for a reply, for room, or for time; with its timer. */
  private readonly waiting = new Map<PendingRequest, NodeJS.Timeout | undefined>()
  private lastId = 0
  private closing: Promise<void> | undefined
  private onIdle: (() => void) | undefined

  /**
   * @param timeoutMs for requests that have no time limit of their own; undefined for the default
   * @param numbers how those of replies are read
   * @param onLost called with `MI_CONNECTION` and `MI_TIMEOUT`: the server may be another one when it is back
   */
  constructor(
    private readonly transport: ClientTransport,
    private readonly timeoutMs: number | undefined,
    readonly numbers: NumberReading,
    private readonly onLost: (error: MiError) => void,
  ) {
    this.where = transport.address === undefined ? transport.name : `${transport.name} (${transport.address})`
    transport.claim?.()
  }

  /** Limits of requests that nobody could give up, since several callers may wait for them: they must end. */
  get ownLimits(): Limits {
    const { timeoutMs = DEFAULT_TIMEOUT_MS } = this
    return { signal: undefined, timeoutMs: timeoutMs === 0 ? DEFAULT_TIMEOUT_MS : timeoutMs }
  }

  /**
   * @param answersLater whether the contract says so
   * @throws TypeError for a wrong signal, RangeError for a wrong time
   */
  limits(where: string, { signal, timeoutMs }: NotifyOptions, answersLater: boolean): Limits {
    const given: Partial<AbortSignal> | null | undefined = signal
    if (given !== undefined && typeof given?.addEventListener !== 'function') {
      throw new TypeError(`${where}: signal must be an AbortSignal`)
    }
    if (timeoutMs !== undefined) return { signal, timeoutMs: checkedTimeout(where, timeoutMs) }
    return { signal, timeoutMs: this.timeoutMs ?? (answersLater ? ASYNC_TIMEOUT_MS : DEFAULT_TIMEOUT_MS) }
  }

  async call(
    method: string,
    params: object | undefined,
    limits: Limits,
    onProvisional?: ((result: unknown) => void) | undefined,
  ): Promise<unknown> {
    const id = this.nextId()
    const text = requestText('call()', method, params, id)
    const pending = this.pending({ what: `'${method}'`, text, ids: [id], methods: [method], onProvisional })
    const { result, error } = finalReply(pending, await this.send(pending, limits))
    if (error !== undefined) throw error
    return result
  }

  /** Calls a command by name. The reply comes with the server that sent it, where the transport knows. */
  async ask(
    method: string,
    limits: Limits,
  ): Promise<{ readonly reply: BatchReply; readonly from: string | undefined }> {
    const id = this.nextId()
    const text = requestText('call()', method, undefined, id)
    const pending = this.pending({ what: `'${method}'`, text, ids: [id], methods: [method] })
    const reply = await this.send(pending, limits)
    const from = typeof reply === 'object' ? reply?.from : undefined
    return { reply: finalReply(pending, reply), from }
  }

  /** @param onlyTo the only server that may get it, where it is known */
  async notify(method: string, params: object | undefined, onlyTo: string | undefined, limits: Limits): Promise<void> {
    const text = requestText('notify()', method, params)
    await this.send(this.pending({ what: `'${method}'`, text, ids: [], methods: [], onlyTo }), limits)
  }

  /** Sends a request with an id in place of a notification. Resolves when it is sent; the reply is awaited and discarded. */
  async notifyByRequest(method: string, params: object | undefined, limits: Limits): Promise<void> {
    const id = this.nextId()
    const text = requestText('notify()', method, params, id)
    let timer: NodeJS.Timeout | undefined
    await new Promise<void>((resolve, reject) => {
      const onSent = (): void => {
        resolve()
        // Nobody could give up the wait for the reply any more, and it takes up the room of others.
        const { timeoutMs } = this.ownLimits
        if (limits.timeoutMs === 0) {
          timer ??= setTimeout(() => pending.abort(this.timeoutError(pending, timeoutMs)), timeoutMs)
        }
      }
      const pending = this.pending({ what: `'${method}'`, text, ids: [id], methods: [method], onSent })
      this.send(pending, limits)
        .finally(() => clearTimeout(timer))
        .then(() => resolve(), reject)
    })
  }

  /**
   * Sends all calls as one request.
   * @param onlyTo the only server that may get it, where it is known
   */
  async batch(
    calls: readonly MethodCall[],
    onlyTo: string | undefined,
    limits: Limits,
    onProvisional: BatchOptions['onProvisional'],
  ): Promise<BatchReply[]> {
    const methods = calls.map(({ method }) => method)
    const ids = calls.map(() => this.nextId())
    const texts = calls.map(({ method, params }, index) => requestText('batch()', method, params, ids[index]))
    const what = describeBatch(methods)
    const pending = this.pending({ what, text: `[${texts.join()}]`, ids, methods, onlyTo, onProvisional })
    return batchReplies(pending, await this.send(pending, limits))
  }

  /** Waits for work that goes on when this wait is given up: others may wait for it too. */
  wait<T>(what: string, work: Promise<T>, limits: Limits): Promise<T> {
    return this.during(what, limits, (pending) => {
      return new Promise((resolve, reject) => {
        pending.addEventListener('abort', () => reject(pending.reason))
        work.then(resolve, reject)
      })
    })
  }

  /**
   * Runs work until it ends or is ended early: by the signal, by the time limit, from within, or by `close`.
   * @param what for messages
   */
  during<T>(what: string, limits: Limits, work: (pending: PendingRequest) => Promise<T>): Promise<T> {
    return this.run(this.pending({ what, text: '', ids: [], methods: [] }), limits, work)
  }

  /** Resolves after a time; rejects when the signal fires or the client is closed. */
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

  /** Ends what is under way, and then the transport. */
  close(): Promise<void> {
    this.closing ??= this.end()
    return this.closing
  }

  hint(message: ClientMessage, reply: string | undefined): string | undefined {
    try {
      const hint: unknown = this.transport.hint?.(message, reply)
      return typeof hint === 'string' ? hint : undefined
    } catch {
      // Advice that a transport cannot give must not hide the error that it goes with, nor end the process from a timer.
      return undefined
    }
  }

  private pending(content: RequestContent): PendingRequest {
    return new PendingRequest(this, content)
  }

  private send(pending: PendingRequest, limits: Limits): Promise<ClientReply | null> {
    return this.run(pending, limits, this.carry)
  }

  /** A transport that goes on after the abort is not waited for: its caller would never hear of it, nor would `close`. */
  private readonly carry = (pending: PendingRequest): Promise<ClientReply | null> =>
    new Promise((resolve, reject) => {
      pending.onIgnored = reject
      this.transport.request(pending).then(resolve, reject)
    })

  /** What is ended early rejects with the reason, whatever the work throws on its way out. */
  private async run<T>(
    pending: PendingRequest,
    { signal, timeoutMs, wholeMs = timeoutMs }: Limits,
    work: (pending: PendingRequest) => Promise<T>,
  ): Promise<T> {
    if (this.closing !== undefined) throw closedError(pending.what, false)
    signal?.throwIfAborted()
    const timer =
      timeoutMs > 0 ? setTimeout(() => pending.abort(this.timeoutError(pending, wholeMs)), timeoutMs) : undefined
    this.waiting.set(pending, timer)
    if (signal !== undefined) follow(signal, pending)
    try {
      const value = await work(pending)
      pending.throwIfAborted()
      return value
    } catch (error) {
      const reason = pending.aborted ? pending.reason : error
      const isTimeout = pending.text !== '' && isMiError(reason, 'MI_TIMEOUT')
      if (isTimeout || isMiError(reason, 'MI_CONNECTION')) this.onLost(reason)
      throw reason
    } finally {
      clearTimeout(timer)
      pending.end()
      if (signal !== undefined) unfollow(signal, pending)
      this.waiting.delete(pending)
      if (this.waiting.size === 0) this.onIdle?.()
    }
  }

  private async end(): Promise<void> {
    for (const pending of [...this.waiting.keys()]) pending.abort(closedError(pending.what, true))
    if (this.waiting.size > 0) {
      await new Promise<void>((resolve) => {
        this.onIdle = resolve
      })
    }
    await this.transport.close()
  }

  private nextId(): number {
    this.lastId += 1
    return this.lastId
  }

  private timeoutError(pending: PendingRequest, timeoutMs: number): MiError {
    const { what, text, ids } = pending
    if (text === '') return new MiError('MI_TIMEOUT', `${what} took longer than ${timeoutMs} ms`)
    const limit = `within ${timeoutMs} ms over ${this.where}`
    const isCall = ids.length > 0
    const message = `${what} was not ${isCall ? 'answered' : 'taken by the server'} ${limit}; the command may have run`
    const hint = pending.hint(undefined)
    return new MiError('MI_TIMEOUT', hint === undefined ? message : `${message}. ${hint}`)
  }
}

/**
 * One request as text; without an id a notification. Empty parameters (`{}` and `[]`) are left out.
 * @throws TypeError for parameters that are neither an array nor an object
 */
function requestText(where: string, method: string, params: object | undefined, id?: number | undefined): string {
  const given: unknown = params
  if (given !== undefined && (typeof given !== 'object' || given === null)) {
    throw new TypeError(`${where}: the parameters of '${method}' must be an array or an object, not ${shown(given)}`)
  }
  const empty = params === undefined || Object.keys(params).length === 0
  return JSON.stringify({ jsonrpc: '2.0', method, params: empty ? undefined : params, id })
}

/** `MI_CLOSED` @param begun whether it was under way */
export function closedError(what: string, begun: boolean): MiError {
  const message = begun
    ? `${what} was cut off: the client was closed; the command may have run`
    : `${what} was not sent: the client is closed`
  return new MiError('MI_CLOSED', message)
}

/** @throws RangeError for what is not a time in milliseconds */
export function checkedTimeout(where: string, timeoutMs: number): number {
  if (typeof timeoutMs === 'number' && timeoutMs >= 0 && timeoutMs <= LARGEST_TIMER_MS) return timeoutMs
  throw new RangeError(
    `${where}: timeoutMs must be 0 (no limit) or a number of milliseconds up to ${LARGEST_TIMER_MS}, not ${String(timeoutMs)}`,
  )
}

/** For messages: how many calls, and the first few names. */
export function describeBatch(methods: readonly string[]): string {
  const names = methods.slice(0, NAMES_SHOWN).join(', ')
  return `a batch of ${methods.length} (${methods.length > NAMES_SHOWN ? `${names}, ...` : names})`
}
