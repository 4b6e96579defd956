import type { JsonRpcParams } from './json-rpc.js'

/** Something that happened, as OpenSIPS raises events. */
export interface MiEvent {
  /** `E_DISPATCHER_STATUS`, for example. */
  readonly name: string
  /** As they were given; nobody may change them. */
  readonly params: JsonRpcParams | undefined
  /** The event as OpenSIPS sends it: a JSON-RPC notification, `{"jsonrpc":"2.0","method":"E_X","params":{"a":1}}`. */
  readonly text: string
}

/** Takes an event. It must return at once. One that throws is counted and logged, and hurts nobody. */
export type MiEventListener = (event: MiEvent) => void

/** Where transports get the events of an engine. */
export interface EventSource {
  /**
   * @param names the events that are wanted; undefined: all
   * @returns ends the subscription. Undefined when the engine is closed, or has as many subscriptions as `limits.maxEventListeners`
   */
  readonly subscribe: (names: readonly string[] | undefined, listener: MiEventListener) => (() => void) | undefined
}

/** The events of an engine. They are those of one process: children of a transport have their own. */
export interface MiEvents extends EventSource {
  /**
   * Hands an event to all who have subscribed to it, at once and in the order of their subscriptions. Costs nothing where nobody
   * has. Never throws: an event that JSON cannot carry, or that is longer than `limits.maxReplyBytes`, is dropped and counted.
   * @returns how many took it
   */
  readonly raise: (name: string, params?: JsonRpcParams | undefined) => number
}
