import { ErrorCode, isCommandError, isMiError, type MiErrorCode, type MiLogger } from '@mi/contract'
import { describeBatch } from '../requests.js'
import type { ClientRequest, Middleware } from './middleware.js'

/**
 * How a request ended, as a label with few values:
 * - `ok` the server answered with a result, or the notification was sent
 * - `refused` the server answered an error
 * - `MI_TIMEOUT` and the other codes of `MiError`: what happened on this side
 * - `aborted` the caller gave up
 * - `failed` anything else, such as wrong arguments
 */
export type RequestOutcome = 'ok' | 'refused' | MiErrorCode | 'aborted' | 'failed'

/** A middleware that only looks. Where its logger or function throws, the request goes on. */
export interface Observer extends Middleware {
  /** How often its logger or function has thrown. */
  readonly failures: number
}

/** What `measureRequests` measures. */
export interface RequestMeasurement {
  readonly type: ClientRequest['type']
  /** The command's name; `batch` for a batch; `unknown` for a name that the server does not know. */
  readonly command: string
  readonly outcome: RequestOutcome
  /** How long it took, in milliseconds, attempts of the middleware behind this one included. */
  readonly ms: number
}

/**
 * Logs each request when it is over: at `debug` where it has a result, at `warn` where it failed or the server refused it.
 * Parameters and results are not logged: they may be secret.
 * @throws TypeError for anything but a logger
 */
export function logRequests(log: Pick<MiLogger, 'debug' | 'warn'>): Observer {
  if (typeof log?.debug !== 'function' || typeof log.warn !== 'function') {
    throw new TypeError('logRequests(): give a logger with debug and warn, such as that of pino')
  }
  return observer((request, outcome, ms, error) => {
    const { type, where } = request
    const fields = { command: nameOf(request), type, where, outcome, ms }
    if (outcome === 'ok') log.debug(fields, 'MI request answered')
    else log.warn({ ...fields, err: error }, 'MI request failed')
  })
}

/**
 * Passes a measurement of each request to `record` when it is over. Its labels have few values: see `RequestMeasurement`.
 * @throws TypeError for anything but a function
 */
export function measureRequests(record: (measurement: RequestMeasurement) => void): Observer {
  if (typeof record !== 'function') throw new TypeError('measureRequests(): give a function that takes a measurement')
  return observer((request, outcome, ms, error) => {
    const isUnknown = isCommandError(error, ErrorCode.MethodNotFound)
    const command = request.type === 'batch' ? 'batch' : isUnknown ? 'unknown' : nameOf(request)
    record({ type: request.type, command, outcome, ms })
  })
}

type Report = (request: ClientRequest, outcome: RequestOutcome, ms: number, error: unknown) => void

function observer(report: Report): Observer {
  let failures = 0
  const guarded: Report = (...facts) => {
    try {
      report(...facts)
    } catch {
      // An observer must not fail a request; the count shows it.
      failures += 1
    }
  }
  const middleware: Middleware = async (request, next) => {
    const since = performance.now()
    try {
      const result = await next()
      guarded(request, 'ok', performance.now() - since, undefined)
      return result
    } catch (error) {
      guarded(request, outcomeOf(error, request.signal), performance.now() - since, error)
      throw error
    }
  }
  return Object.defineProperty(asObserver(middleware), 'failures', { get: () => failures })
}

function nameOf({ type, commands }: ClientRequest): string {
  const names = commands.map(({ name }) => name)
  return type === 'batch' ? describeBatch(names) : (names[0] ?? '')
}

/** True once `failures` is defined, which the only caller does at once. */
function asObserver(middleware: Middleware): Observer {
  return middleware as Observer
}

/** @param signal the caller's */
function outcomeOf(error: unknown, signal: AbortSignal | undefined): RequestOutcome {
  if (signal?.aborted === true && error === signal.reason) return 'aborted'
  if (isCommandError(error)) return 'refused'
  return isMiError(error) ? error.code : 'failed'
}
