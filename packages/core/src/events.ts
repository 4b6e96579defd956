import type { Dispatcher, EventSource, MiEvent, MiEventListener, MiEvents } from '@mi/contract'
import { jsonText } from './json-value.js'

/** What events need of their engine. */
interface EventHost {
  readonly limits: { readonly maxEventListeners: number; readonly maxReplyBytes: number }
  readonly closed: boolean
}

interface Subscription {
  /** Undefined: all events. */
  readonly names: ReadonlySet<string> | undefined
  readonly listener: MiEventListener
}

/** The events of an engine: `raise` hands each to its subscribers. All functions work when they are detached. */
export class Events implements MiEvents {
  private readonly subscriptions = new Set<Subscription>()

  constructor(
    private readonly engine: EventHost,
    private readonly drop: Dispatcher['drop'],
  ) {}

  readonly subscribe: EventSource['subscribe'] = (names, listener) => {
    const { closed, limits } = this.engine
    if (closed || this.subscriptions.size >= limits.maxEventListeners) return undefined
    const subscription = { names: names && new Set(names), listener }
    this.subscriptions.add(subscription)
    return () => void this.subscriptions.delete(subscription)
  }

  readonly raise: MiEvents['raise'] = (name, params) => {
    if (this.subscriptions.size === 0) return 0
    // A copy: listeners may subscribe and unsubscribe.
    const takers = [...this.subscriptions].filter(({ names }) => names === undefined || names.has(name))
    if (takers.length === 0) return 0
    const event = this.printed(name, params)
    if (event === undefined) return 0
    return takers.filter(({ listener }) => this.handOver(event, listener)).length
  }

  private printed(name: string, params: MiEvent['params']): MiEvent | undefined {
    try {
      const { maxReplyBytes } = this.engine.limits
      const members = params === undefined ? '' : `,"params":${jsonText(params, maxReplyBytes)}`
      return { name, params, text: `{"jsonrpc":"2.0","method":${JSON.stringify(name)}${members}}` }
    } catch (error) {
      this.drop('event_not_sendable', { event: name, err: error })
      return undefined
    }
  }

  private handOver(event: MiEvent, listener: MiEventListener): boolean {
    try {
      listener(event)
      return true
    } catch (error) {
      this.drop('event_listener_failed', { event: event.name, err: error })
      return false
    }
  }
}
