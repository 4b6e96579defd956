import type { MiLogger, MiPeer } from '@mi/contract'
import type { Call } from './call.js'
import type { Registry } from './registry.js'

/** What all dispatchers of an engine share. */
export interface Engine {
  readonly registry: Registry
  readonly log: MiLogger
  readonly limits: {
    readonly commandTimeoutMs: number
    readonly maxInFlight: number
    readonly maxBatchRequests: number
  }
  /** Commands that have promised an answer. */
  readonly inFlight: Set<Call>
  /** Their number: reading it costs less than asking the set, and every request does. */
  inFlightCount: number
  closed: boolean
}

/** The text of an answer; null when there is none. */
export type Reply = string | null

/** Takes the answers that go ahead of the final one. */
export type OnProvisional = ((text: string, peer: MiPeer) => void) | undefined

/** The parameters of a request, as they arrived. */
export type RequestParams = readonly unknown[] | Readonly<Record<string, unknown>> | undefined

/** A request that is what JSON-RPC asks for; whether its method and parameters mean anything is still to be seen. */
export interface ValidRequest {
  readonly method: string
  readonly params: RequestParams
  /** Text of the id; undefined for a notification, which runs and is never answered. */
  readonly id: string | undefined
}
