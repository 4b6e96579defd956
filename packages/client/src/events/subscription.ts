import { setTimeout as sleep } from 'node:timers/promises'
import { isCommandError, isMiError, MiError } from '@mi/contract'
import type { Life } from '../life.js'
import { EventQueue } from './event-queue.js'
import type { EventSubscription, MiEvent } from './events.js'
import type { ParamsOfEvent } from './known-events.js'
import { acknowledgement, type Notification, readNotification } from './notification.js'
import type { ResolvedSubscribeOptions } from './options.js'
import type { Receiver, ReceiverEvents } from './receiver.js'
import { announcedSocket } from './socket-address.js'
import { openTcpReceiver } from './tcp-receiver.js'
import { openUdpReceiver } from './udp-receiver.js'

/** Between two tries to renew a subscription that the server does not answer, in milliseconds: at first. */
const firstPauseMs = 1000

/** What the server is told. */
export interface SubscriptionCalls {
  subscribe(socket: string, signal: AbortSignal): Promise<void>
  unsubscribe(socket: string): Promise<void>
}

/** Owns the socket and the renewals of one subscription. */
export class Subscription<E extends string> implements EventSubscription<E>, ReceiverEvents {
  readonly ready: Promise<void>
  socket: string | undefined
  ignored = 0
  private readonly queue: EventQueue<MiEvent<E>>
  /** What ends it when nothing has gone wrong. */
  private readonly over = Symbol('the subscription was ended')
  private life: Life | undefined
  private done: Promise<void> = Promise.resolve()
  private settleReady: { resolve(): void; reject(reason: unknown): void } | undefined

  constructor(
    private readonly event: E,
    private readonly options: ResolvedSubscribeOptions,
    private readonly calls: SubscriptionCalls,
  ) {
    this.queue = new EventQueue(options.maxQueued)
    this.ready = new Promise((resolve, reject) => {
      this.settleReady = { resolve, reject }
    })
    // Who reads is told, too; nobody need await this.
    this.ready.catch(() => undefined)
  }

  get dropped(): number {
    return this.queue.dropped
  }

  /** Begins. @param run lets the work go on until its life ends */
  runIn(run: (work: (life: Life) => Promise<void>) => Promise<void>): void {
    this.done = run((life) => this.live(life)).then(
      () => this.end(),
      (reason: unknown) => (reason === this.over ? this.end() : this.fail(reason)),
    )
  }

  next(): Promise<IteratorResult<MiEvent<E>, undefined>> {
    return this.queue.next()
  }

  async return(): Promise<IteratorResult<MiEvent<E>, undefined>> {
    this.queue.clear()
    this.life?.abort(this.over)
    await this.done
    return { done: true, value: undefined }
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return()
  }

  message(text: string, answer?: ((text: string) => void) | undefined): void {
    const notification = readNotification(text)
    if (notification === undefined || notification.event !== this.event) {
      this.ignored += 1
      return
    }
    this.queue.push({ event: this.event, params: asParamsOf<E>(notification.params) })
    if (notification.id !== null) answer?.(acknowledgement(notification.id))
  }

  garbage(): void {
    this.ignored += 1
  }

  failed(error: MiError): void {
    this.life?.abort(error)
  }

  private async live(life: Life): Promise<void> {
    this.life = life
    const receiver = await this.open()
    try {
      life.throwIfAborted()
      const socket = announcedSocket(this.options.socket, this.options.announce, receiver.port)
      this.socket = socket
      try {
        await this.calls.subscribe(socket, life.signal)
        this.settleReady?.resolve()
        await this.renew(socket, life.signal)
      } catch (error) {
        if (!isCommandError(error)) await this.tellTheEnd(socket)
        throw error
      }
    } finally {
      await receiver.close()
    }
  }

  private async tellTheEnd(socket: string): Promise<void> {
    await this.calls.unsubscribe(socket).catch(() => {
      // The server cannot be told, or is gone: it forgets the subscription when it expires.
    })
  }

  private open(): Promise<Receiver> {
    const { socket, maxEventBytes } = this.options
    return socket.protocol === 'udp' ? openUdpReceiver(socket, this) : openTcpReceiver(socket, this, maxEventBytes)
  }

  /** Until the signal fires, the server refuses, or the subscription has expired since nobody answers. */
  private async renew(socket: string, signal: AbortSignal): Promise<never> {
    const { renewMs, expire } = this.options
    let renewedAt = performance.now()
    let pauseMs = renewMs
    let failures = 0
    for (;;) {
      await sleep(pauseMs, undefined, { signal })
      const askedAt = performance.now()
      try {
        await this.calls.subscribe(socket, signal)
        renewedAt = askedAt
        pauseMs = renewMs
        failures = 0
      } catch (error) {
        signal.throwIfAborted()
        // Where it is the server that says no, there is nothing to wait for.
        if (!isMiError(error)) throw error
        if (performance.now() - renewedAt > expire * 1000) throw this.expired(error)
        pauseMs = Math.min(firstPauseMs * 2 ** failures, renewMs)
        failures += 1
      }
    }
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
