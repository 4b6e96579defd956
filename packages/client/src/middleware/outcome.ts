import { isCommandError, isMiError, type MiErrorCode } from '@mi/contract'

/**
 * How a request ended, as a label of which there are few:
 * - `ok` the server answered with a result, or the notification was sent
 * - `refused` the server answered an error
 * - `MI_TIMEOUT` and the other codes of `MiError`: what happened on this side
 * - `aborted` the caller gave up
 * - `failed` anything else, such as arguments that make no request
 */
export type RequestOutcome = 'ok' | 'refused' | MiErrorCode | 'aborted' | 'failed'

/** @param signal the caller's */
export function outcomeOf(error: unknown, signal: AbortSignal | undefined): RequestOutcome {
  if (signal?.aborted === true && error === signal.reason) return 'aborted'
  if (isCommandError(error)) return 'refused'
  return isMiError(error) ? error.code : 'failed'
}
