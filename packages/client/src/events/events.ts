import { type ClientTransport, MiError } from '@mi/contract'
import { statusOf } from '../http/http-errors.js'
import type { Limits, Requests } from '../requests.js'
import type { NamedCommand, ServerNames } from '../server-names.js'
import type { EventSubscription, MiEvents } from '../types.js'
import { type EventStream, type EventStreamRequest, hasEventStreams } from './event-stream.js'
import { resolveSubscribeOptions, type SubscribeOptions } from './options.js'
import { Subscription } from './subscription.js'

const COMMAND: NamedCommand = { method: 'evi:subscribe', name: 'subscribe', aliases: ['event_subscribe'] }

/** Unsubscribing must not hold up the end for longer than this, in milliseconds. */
const FAREWELL_MS = 1000

/** The subscriptions of one client. */
export class Events implements MiEvents {
  private readonly running = new Map<Subscription<string>, Promise<void>>()
  private isClosed = false
  /** Whether the server sends events over a stream of the transport; undefined while that is unknown. */
  private hasStreams: boolean | undefined
  /** The first request for a stream. Settles when it is known what came of it. */
  private probe: Promise<void> | undefined

  constructor(
    private readonly requests: Requests,
    private readonly names: ServerNames,
    private readonly transport: ClientTransport,
  ) {
    if (!hasEventStreams(transport)) this.hasStreams = false
  }

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
        // Who names a socket wants the events there.
        openStream: isElsewhere(options) ? undefined : (request) => this.openStream(request),
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

  /**
   * Opens a stream, unless the server is known to have none. Where that is unknown one request finds out for all.
   * @returns undefined where it has none
   */
  private async openStream(request: EventStreamRequest): Promise<EventStream | undefined> {
    const { transport, requests } = this
    if (this.hasStreams === undefined && this.probe !== undefined) {
      await requests.wait('the request for a stream of events', this.probe, { signal: request.signal, timeoutMs: 0 })
    }
    if (this.lacksStreams || !hasEventStreams(transport)) return undefined
    const limits = { ...requests.ownLimits, signal: request.signal }
    const what = `the request for a stream of ${request.event} over ${requests.where}`
    const opening = requests.during(what, limits, (pending) => transport.openEvents(request, pending))
    const known = opening.then(
      () => {
        this.hasStreams = true
      },
      (error: unknown) => {
        if (this.hasStreams === undefined && hasNoStreams(error)) this.hasStreams = false
        this.probe = undefined
      },
    )
    this.probe ??= known
    try {
      return await opening
    } catch (error) {
      await known
      if (this.lacksStreams) return undefined
      throw error
    }
  }

  private get lacksStreams(): boolean {
    return this.hasStreams === false
  }

  private async send(params: object, limits: Limits): Promise<void> {
    await this.names.call(COMMAND, limits, (name, left) => this.requests.call(name, params, left))
  }
}

function isElsewhere({ socket, announce }: SubscribeOptions): boolean {
  return socket !== undefined || announce !== undefined
}

/** Whether a server answered as one without streams does; what is wrong with the password or for a while says nothing. */
function hasNoStreams(error: unknown): boolean {
  const status = statusOf(error)
  return status !== undefined && status !== 401 && status !== 429 && status < 500
}

function closedError(event: string): MiError {
  return new MiError('MI_CLOSED', `the subscription to ${event} ended: the client is closed`)
}
