/** What the processes tell the test, as messages to their parent. */

/** From the server, when it is asked. */
export interface ServerReport {
  /** How often the command ran with each id. */
  readonly executions: readonly (readonly [id: string, times: number])[]
  readonly statistics: Readonly<Record<string, number>>
}

/** From a client on its way. */
export interface ClientProgress {
  readonly answered: number
}

/** From a client that is done. */
export interface ClientReport {
  /** The ids that were answered, in the order of the answers. */
  readonly answers: readonly string[]
  readonly failures: readonly FailedTry[]
}

/** A try that was not answered. Times are milliseconds since 1970, as all processes of a machine have them. */
export interface FailedTry {
  readonly id: string
  readonly code: string
  readonly startedMs: number
  readonly endedMs: number
}
