import { setTimeout as sleep } from 'node:timers/promises'
import { isCommandError, isMiError, MiError } from '@mi/contract'
import type { NumberReading } from '../numbers.js'
import type { EventSubscription, MiEvent } from '../types.js'
import { EventQueue } from './event-queue.js'
import type { EventStream, EventStreamRequest } from './event-stream.js'
import type { ParamsOfEvent } from './known-events.js'
import { acknowledgement, type Notification, readNotification } from './notification.js'
import { announcedSocket, type ResolvedSubscribeOptions } from './options.js'
import { openTcpReceiver, openUdpReceiver, type Receiver, type ReceiverEvents } from './receivers.js'

/** Between two tries while the server does not answer, in milliseconds: at first. */
const FIRST_PAUSE_MS = 1000

/** Comes in a stream where the server has not kept all that this side has missed. */
const EVENTS_LOST = 'mi.events_lost'

/** The requests of a subscription. */
export interface SubscriptionCalls {
  subscribe(socket: string, signal: AbortSignal): Promise<void>
  unsubscribe(socket: string): Promise<void>
  /** Left out where a socket is asked for. @returns undefined where the server has no streams */
  readonly openStream: ((request: EventStreamRequest) => Promise<EventStream | undefined>) | undefined
}

/** Owns the stream, or the socket and the renewals, of one subscription. */
export class Subscription<E extends string> implements EventSubscription<E>, ReceiverEvents {
  readonly ready: Promise<void>
  socket: string | undefined
  ignored = 0
  private isStreamed = false
  private lost = 0
  private readonly queue: EventQueue<MiEvent<E>>
  /** The reason of an end that is not a failure. */
  private readonly over = Symbol('the subscription was ended')
  private readonly ending = new AbortController()
  private done: Promise<void> = Promise.resolve()
  private settleReady: { resolve(): void; reject(reason: unknown): void } | undefined

  constructor(
    readonly event: E,
    private readonly options: ResolvedSubscribeOptions & { readonly numbers: NumberReading },
    private readonly calls: SubscriptionCalls,
  ) {
    this.queue = new EventQueue(options.maxQueued)
    this.ready = new Promise((resolve, reject) => {
      this.settleReady = { resolve, reject }
    })
    // Reading rejects too; nobody need await this.
    this.ready.catch(() => undefined)
  }

  get dropped(): number {
    return this.queue.dropped + this.lost
  }

  /** Runs until it is ended. Never rejects: readers get the reason. */
  run(): Promise<void> {
    const { signal } = this.options
    const onAbort = (): void => this.stop(signal?.reason)
    if (signal?.aborted === true) onAbort()
    signal?.addEventListener('abort', onAbort, { once: true })
    this.done = this.live(this.ending.signal)
      .finally(() => signal?.removeEventListener('abort', onAbort))
      .then(
        () => this.end(),
        (error: unknown) => {
          const reason: unknown = this.ending.signal.aborted ? this.ending.signal.reason : error
          if (reason === this.over) this.end()
          else this.fail(reason)
        },
      )
    return this.done
  }

  /** Ends it early; reading rejects with the reason. */
  stop(reason: unknown): void {
    this.ending.abort(reason)
  }

  readonly next = (): Promise<IteratorResult<MiEvent<E>, undefined>> => this.queue.next()

  readonly return = async (): Promise<IteratorResult<MiEvent<E>, undefined>> => {
    this.queue.clear()
    this.stop(this.over)
    await this.done
    return { done: true, value: undefined }
  };

  [Symbol.asyncIterator](): this {
    return this
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return()
  }

  message(text: string, acknowledge?: ((text: string) => void) | undefined): void {
    const notification = readNotification(text, this.options.numbers)
    if (this.isStreamed && notification?.event === EVENTS_LOST) {
      this.lost += 1
      return
    }
    if (notification === undefined || notification.event !== this.event) {
      this.ignored += 1
      return
    }
    this.queue.push({ event: this.event, params: asParamsOf<E>(notification.params) })
    if (notification.id !== null) acknowledge?.(acknowledgement(notification.id))
  }

  garbage(): void {
    this.ignored += 1
  }

  failed(error: MiError): void {
    this.stop(error)
  }

  private async live(ended: AbortSignal): Promise<void> {
    ended.throwIfAborted()
    const { openStream } = this.calls
    if (openStream !== undefined) await this.stream(openStream, ended)
    const receiver = await this.open()
    try {
      ended.throwIfAborted()
      const socket = announcedSocket(this.options.socket, this.options.announce, receiver.port)
      this.socket = socket
      try {
        await this.calls.subscribe(socket, ended)
        this.settleReady?.resolve()
        await this.renew(socket, ended)
      } catch (error) {
        if (!isCommandError(error)) await this.unsubscribe(socket)
        throw error
      }
    } finally {
      await receiver.close()
    }
  }

  private async unsubscribe(socket: string): Promise<void> {
    await this.calls.unsubscribe(socket).catch(() => {
      // The server refuses, or is gone: it forgets the subscription when it expires.
    })
  }

  private open(): Promise<Receiver> {
    const { socket, maxEventBytes } = this.options
    return socket.protocol === 'udp' ? openUdpReceiver(socket, this) : openTcpReceiver(socket, this, maxEventBytes)
  }

  /** Until the signal fires, or the server has been away for `expire`. @returns where the server has no streams */
  private async stream(open: NonNullable<SubscriptionCalls['openStream']>, signal: AbortSignal): Promise<void> {
    const { maxEventBytes } = this.options
    let lastId: string | undefined
    const request = (): EventStreamRequest => ({
      event: this.event,
      maxEventBytes,
      signal,
      lastId,
      message: (text) => this.message(text),
      tooLong: () => this.garbage(),
      onId: (id) => {
        lastId = id
      },
    })
    // What is missed is the first that comes over the stream.
    this.isStreamed = true
    let stream = await open(request())
    if (stream === undefined) {
      this.isStreamed = false
      return
    }
    this.settleReady?.resolve()
    for (;;) {
      const problem = await stream.ended
      signal.throwIfAborted()
      await this.untilBack(problem, performance.now(), signal, async () => {
        stream = await open(request())
      })
    }
  }

  /** Until the signal fires, the server refuses, or the subscription has expired since the server does not reply. */
  private async renew(socket: string, signal: AbortSignal): Promise<never> {
    const { renewMs } = this.options
    let renewedAt = performance.now()
    const subscribe = async (): Promise<void> => {
      const askedAt = performance.now()
      await this.calls.subscribe(socket, signal)
      renewedAt = askedAt
    }
    for (;;) {
      await sleep(renewMs, undefined, { signal })
      try {
        await subscribe()
      } catch (error) {
        await this.untilBack(error, renewedAt, signal, subscribe)
      }
    }
  }

  /**
   * Tries again after 1 s, 2 s, ... until it works. Rejects when the server refuses, or has been away for `expire`.
   * @param since when the server was last there
   */
  private async untilBack(
    first: unknown,
    since: number,
    signal: AbortSignal,
    attempt: () => Promise<void>,
  ): Promise<void> {
    const { renewMs, expire, onAway, onBack } = this.options
    let problem = first
    for (let failures = 0; ; failures += 1) {
      signal.throwIfAborted()
      // The server refuses: there is nothing to wait for.
      if (!isMiError(problem)) throw problem
      if (failures === 0) onAway?.(problem)
      if (performance.now() - since > expire * 1000) throw this.expired(problem)
      await sleep(Math.min(FIRST_PAUSE_MS * 2 ** failures, renewMs), undefined, { signal })
      try {
        await attempt()
        break
      } catch (error) {
        problem = error
      }
    }
    onBack?.()
  }

  private expired(error: MiError): MiError {
    const problem = `the subscription to ${this.event} expired: it could not be renewed for ${this.options.expire} s`
    return new MiError(error.code, `${problem}: ${error.message}`, { cause: error })
  }

  private end(): void {
    this.settleReady?.reject(new MiError('MI_CLOSED', `the subscription to ${this.event} was ended`))
    this.queue.clear()
    this.queue.close()
  }

  private fail(reason: unknown): void {
    this.settleReady?.reject(reason)
    this.queue.fail(reason)
  }
}

/** True as far as the manuals are: events are passed on as the server sent them. */
function asParamsOf<E extends string>(params: Notification['params']): ParamsOfEvent<E> {
  return params as ParamsOfEvent<E>
}
