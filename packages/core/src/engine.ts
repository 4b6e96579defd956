import type { MiLogger } from '@mi/contract'
import type { Call } from './call.js'
import type { Registry } from './registry.js'
import type { Traffic } from './traffic.js'

/** What all dispatchers of an engine share. */
export interface Engine {
  readonly registry: Registry
  readonly log: MiLogger
  readonly limits: {
    readonly commandTimeoutMs: number
    readonly maxInFlight: number
    readonly maxBatchRequests: number
  }
  readonly traffic: Traffic
  /** Commands that have promised an answer. */
  readonly inFlight: Set<Call>
  readonly closed: boolean
}
