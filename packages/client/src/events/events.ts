import { MiError } from '@mi/contract'
import type { CallLimits } from '../calls.js'
import { InFlight } from '../in-flight.js'
import type { NamedCalls } from '../named-calls.js'
import type { NamedCommand } from '../server-names.js'
import type { ParamsOfEvent } from './known-events.js'
import { resolveSubscribeOptions, type SubscribeOptions } from './options.js'
import { Subscription } from './subscription.js'

/** An event that the server has raised. */
export interface MiEvent<E extends string = string> {
  /** Its name: `E_PIKE_BLOCKED`. */
  readonly event: E
  /** As they arrived: not checked against what is known of the event. */
  readonly params: ParamsOfEvent<E>
}

/**
 * The events of one subscription, in the order in which they arrived. To be read once: by `for await`, or by `next`.
 *
 * Leaving the loop, `return`, the signal and closing the client end it: the server is told (by a notification; should that
 * get lost, the server forgets the subscription when it expires), the socket is closed, and what is not read is forgotten.
 *
 * Reading rejects, once and after the events that had arrived, with
 * - `CommandError` the server refuses to subscribe: it knows no such event, or has no module for the protocol
 * - `MiError` `MI_LISTEN` the socket could not be opened
 * - `MiError` `MI_TIMEOUT`, `MI_CONNECTION`, `MI_PROTOCOL` the server could not be asked, at first or until the subscription expired
 * - `MiError` `MI_CLOSED` the client was closed; `signal.reason` when the signal fired
 */
export interface EventSubscription<E extends string = string> extends AsyncIterator<MiEvent<E>, undefined> {
  /** Resolves when the server has accepted the subscription; rejects as reading does when it comes to nothing. */
  readonly ready: Promise<void>
  /** What the server was told to send to, `udp:127.0.0.1:40312`; undefined while the socket is not open. */
  readonly socket: string | undefined
  /** How many events were dropped since more waited than `maxQueued`. */
  readonly dropped: number
  /** How many messages arrived that are no event of this subscription. */
  readonly ignored: number
  return(): Promise<IteratorResult<MiEvent<E>, undefined>>
  [Symbol.asyncIterator](): EventSubscription<E>
  [Symbol.asyncDispose](): Promise<void>
}

/** The events of a server: `client.events`. */
export interface MiEvents {
  /**
   * Subscribes to an event at once, and renews the subscription until it is ended. Only events that are raised after `ready`
   * are sure to arrive. Over UDP anyone who can send to the socket can forge events, and some may get lost.
   * @param event the event's name: `E_PIKE_BLOCKED`; the server lists its events by `events_list`
   * @throws TypeError, RangeError for a name or options that are none
   */
  subscribe<E extends string>(event: E, options?: SubscribeOptions | undefined): EventSubscription<E>
}

const command: NamedCommand = { method: 'evi:subscribe', name: 'subscribe', aliases: ['event_subscribe'] }

/** Telling the server of the end must not hold up the end for longer than this, in milliseconds. */
const farewellMs = 1000

/** The subscriptions of one client. */
export class Events implements MiEvents {
  private readonly inFlight = new InFlight()

  /** @param limits those of each call, without the signal */
  constructor(
    private readonly calls: NamedCalls,
    private readonly limits: CallLimits,
  ) {}

  subscribe<E extends string>(event: E, options: SubscribeOptions = {}): EventSubscription<E> {
    const given: unknown = event
    if (typeof given !== 'string' || given === '') throw new TypeError("subscribe(): name an event: 'E_PIKE_BLOCKED'")
    const resolved = resolveSubscribeOptions(options)
    const subscription = new Subscription<E>(event, resolved, {
      subscribe: async (socket, signal) => {
        await this.calls.call(command, { event, socket, expire: resolved.expire }, { ...this.limits, signal })
      },
      unsubscribe: (socket) =>
        this.calls.notify(command, { event, socket, expire: 0 }, { signal: undefined, timeoutMs: farewellMs }),
    })
    const closed = (): MiError => new MiError('MI_CLOSED', `the subscription to ${event} ended: the client is closed`)
    subscription.runIn((work) => this.inFlight.run({ signal: resolved.signal, closed }, work))
    return subscription
  }

  /** Whether there are no subscriptions. */
  get isIdle(): boolean {
    return this.inFlight.isIdle
  }

  /** Ends all subscriptions. Resolves when the server is told, or could not be in time. */
  close(): Promise<void> {
    return this.inFlight.close()
  }
}
