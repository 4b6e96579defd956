import type { ClientTransport } from '@mi/contract'
import { longestTimerMs } from './longest-timer.js'
import { checkedMiddleware, type Middleware } from './middleware/middleware.js'

/** How a client is made. */
export interface ClientOptions {
  /** What carries the requests, `fifo()` for one. The client owns it: closing the client closes it. */
  readonly transport: ClientTransport
  /** How long a request may take, in milliseconds, where it does not say so itself; 0 is for ever. @default 5000 */
  readonly timeout?: number | undefined
  /** What every request goes through, the first one first: `logRequests()`, `measureRequests()`, `retry()`. @default none */
  readonly middleware?: readonly Middleware[] | undefined
}

export interface ResolvedClientOptions {
  readonly transport: ClientTransport
  readonly timeoutMs: number
  readonly middleware: readonly Middleware[]
}

/** In milliseconds. */
const usualTimeoutMs = 5000

/** @throws TypeError for what is no transport or middleware, RangeError for a time that no timer takes */
export function resolveClientOptions(options: ClientOptions): ResolvedClientOptions {
  const given: Partial<ClientOptions> | null | undefined = options
  const transport: Partial<ClientTransport> | null | undefined = given?.transport
  if (typeof transport?.request !== 'function' || typeof transport.close !== 'function') {
    throw new TypeError('createClient(): transport must be a client transport, such as fifo() makes')
  }
  return {
    transport: options.transport,
    timeoutMs: resolveTimeout('createClient()', options.timeout, usualTimeoutMs),
    middleware: checkedMiddleware(options.middleware),
  }
}

/**
 * How long the requests of the client's own may take, which nobody could give up: those of subscriptions, and look-ups
 * that others may wait for. They must end even where its timeout is for ever.
 */
export function ownTimeout(timeoutMs: number): number {
  return timeoutMs === 0 ? usualTimeoutMs : timeoutMs
}

/**
 * @param where the function that was given the time, for the message
 * @throws RangeError for what is no time in milliseconds
 */
export function resolveTimeout(where: string, timeout: number | undefined, otherwise: number): number {
  if (timeout === undefined) return otherwise
  if (typeof timeout !== 'number' || !(timeout >= 0 && timeout <= longestTimerMs)) {
    throw new RangeError(
      `${where}: timeout must be 0 (for ever) or a number of milliseconds up to ${longestTimerMs}, not ${String(timeout)}`,
    )
  }
  return timeout
}
