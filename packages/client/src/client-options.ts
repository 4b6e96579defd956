import type { ClientTransport } from '@mi/contract'

/** How a client is made. */
export interface ClientOptions {
  /** What carries the requests, `fifo()` for one. The client owns it: closing the client closes it. */
  readonly transport: ClientTransport
  /** How long a request may take, in milliseconds, where it does not say so itself; 0 is for ever. @default 5000 */
  readonly timeout?: number | undefined
}

/** The longest time that a timer of Node.js takes, in milliseconds; longer ones would fire at once. */
const longestTimerMs = 2 ** 31 - 1

/** @throws TypeError for what is no transport, RangeError for a time that no timer takes */
export function resolveClientOptions(options: ClientOptions): { transport: ClientTransport; timeoutMs: number } {
  const given: Partial<ClientOptions> | null | undefined = options
  const transport: Partial<ClientTransport> | null | undefined = given?.transport
  if (typeof transport?.request !== 'function' || typeof transport.close !== 'function') {
    throw new TypeError('createClient(): transport must be a client transport, such as fifo() makes')
  }
  return { transport: options.transport, timeoutMs: resolveTimeout('createClient()', options.timeout, 5000) }
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
