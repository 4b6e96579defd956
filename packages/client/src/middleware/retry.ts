import { isMiError } from '@mi/contract'
import { LARGEST_TIMER_MS, OptionChecks, type OptionNames } from '@mi/internal/options'
import type { ClientRequest, Middleware } from './middleware.js'

/** How often, and after which pauses. */
export interface RetryOptions {
  /** How often a request is sent at most, the first time included. @default 3 */
  readonly attempts?: number | undefined
  /**
   * The pause before the second attempt, in milliseconds; it doubles before each further one. Half of each pause is
   * random, so that many clients do not return at once. @default 100
   */
  readonly pauseMs?: number | undefined
  /** The longest pause, in milliseconds. @default 5000 */
  readonly maxPauseMs?: number | undefined
}

const OPTIONS: OptionNames<RetryOptions> = { attempts: true, pauseMs: true, maxPauseMs: true }

/**
 * Sends a request again that had no reply (`MI_TIMEOUT`, `MI_CONNECTION`), where its contract declares the command
 * `idempotent`: nothing says whether it has run. Calls by name are never sent again, nor is a batch with any other
 * command. Each attempt has the time limit of the call; provisional results may come once for each.
 * @throws TypeError for an unknown option, RangeError for a number out of bounds
 */
export function retry(options: RetryOptions = {}): Middleware {
  const check = new OptionChecks('retry()')
  check.known(options, OPTIONS)
  const attempts = check.integer('attempts', options.attempts ?? 3, 1)
  const pauseMs = check.integer('pauseMs', options.pauseMs ?? 100, 1, LARGEST_TIMER_MS)
  const maxPauseMs = check.integer('maxPauseMs', options.maxPauseMs ?? 5000, 1, LARGEST_TIMER_MS)
  return async (request, next) => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await next()
      } catch (error) {
        if (attempt >= attempts || !mayHelp(error) || !mayRunAgain(request)) throw error
      }
      const longest = Math.min(pauseMs * 2 ** (attempt - 1), maxPauseMs)
      await request.wait(longest * (1 - Math.random() / 2))
    }
  }
}

function mayHelp(error: unknown): boolean {
  return isMiError(error, 'MI_TIMEOUT') || isMiError(error, 'MI_CONNECTION')
}

function mayRunAgain({ commands }: ClientRequest): boolean {
  return commands.every(({ contract }) => contract?.idempotent === true)
}
