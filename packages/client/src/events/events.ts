import { MiError } from '@mi/contract'
import type { Limits, Requests } from '../requests.js'
import type { NamedCommand, ServerNames } from '../server-names.js'
import type { EventSubscription, MiEvents } from '../types.js'
import { resolveSubscribeOptions, type SubscribeOptions } from './options.js'
import { Subscription } from './subscription.js'

const COMMAND: NamedCommand = { method: 'evi:subscribe', name: 'subscribe', aliases: ['event_subscribe'] }

/** Unsubscribing must not hold up the end for longer than this, in milliseconds. */
const FAREWELL_MS = 1000

/** The subscriptions of one client. */
export class Events implements MiEvents {
  private readonly running = new Map<Subscription<string>, Promise<void>>()
  private isClosed = false

  constructor(
    private readonly requests: Requests,
    private readonly names: ServerNames,
  ) {}

  readonly subscribe = <E extends string>(event: E, options: SubscribeOptions = {}): EventSubscription<E> => {
    const given: unknown = event
    if (typeof given !== 'string' || given === '') throw new TypeError("subscribe(): name an event: 'E_PIKE_BLOCKED'")
    const resolved = resolveSubscribeOptions(options)
    const subscription = new Subscription<E>(
      event,
      { ...resolved, numbers: this.requests.numbers },
      {
        subscribe: (socket, signal) =>
          this.send({ event, socket, expire: resolved.expire }, { ...this.requests.ownLimits, signal }),
        // Not as a notification, which can end an OpenSIPS over a FIFO; the reply does not matter.
        unsubscribe: (socket) => this.send({ event, socket, expire: 0 }, { signal: undefined, timeoutMs: FAREWELL_MS }),
      },
    )
    if (this.isClosed) subscription.stop(closedError(event))
    const done = subscription.run().finally(() => this.running.delete(subscription))
    this.running.set(subscription, done)
    return subscription
  }

  /** Whether there are no subscriptions. */
  get isIdle(): boolean {
    return this.running.size === 0
  }

  /** Ends all subscriptions. Resolves when the server has unsubscribed them, or could not in time. */
  async close(): Promise<void> {
    this.isClosed = true
    for (const subscription of this.running.keys()) subscription.stop(closedError(subscription.event))
    await Promise.all(this.running.values())
  }

  private async send(params: object, limits: Limits): Promise<void> {
    await this.names.call(COMMAND, limits, (name, left) => this.requests.call(name, params, left))
  }
}

function closedError(event: string): MiError {
  return new MiError('MI_CLOSED', `the subscription to ${event} ended: the client is closed`)
}
