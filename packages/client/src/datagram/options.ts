import { longestTimerMs } from '../longest-timer.js'

/** What the transports over datagrams have in common. */
export interface DatagramLimits {
  /**
   * The longest request, in octets of UTF-8; a longer one is refused with a RangeError before anything is sent.
   * @default 65457, which is what mi_datagram of OpenSIPS takes as a whole
   */
  readonly maxRequestBytes?: number | undefined
  /** How many calls may wait for their turn; more are refused with `MI_CONNECTION`. @default 65536 */
  readonly maxWaiting?: number | undefined
  /**
   * How often a request is sent again that is not answered; the command may then run more than once. @default 0
   */
  readonly retries?: number | undefined
  /** The pause before a request is sent again, in milliseconds. @default 1000 */
  readonly retryMs?: number | undefined
}

export interface ResolvedLimits {
  readonly maxRequestBytes: number
  readonly maxConcurrent: number
  readonly maxWaiting: number
  readonly retries: number
  readonly retryMs: number
}

const usualRequestBytes = 65_457

/**
 * @param where the function that was given the options, for messages
 * @param bounds what the kind of socket allows
 * @throws RangeError for a number out of bounds
 */
export function resolveLimits(
  where: string,
  options: DatagramLimits & { readonly maxConcurrent?: number | undefined },
  bounds: { readonly maxRequestBytes: number; readonly maxConcurrent: number },
): ResolvedLimits {
  const whole = (option: keyof ResolvedLimits, otherwise: number, from: number, to: number): number => {
    const value = options[option] ?? otherwise
    if (Number.isSafeInteger(value) && value >= from && value <= to) return value
    const range = to === Number.MAX_SAFE_INTEGER ? `from ${from}` : `from ${from} to ${to}`
    throw new RangeError(`${where}: ${option} must be a whole number ${range}, not ${String(value)}`)
  }
  return {
    maxRequestBytes: whole('maxRequestBytes', usualRequestBytes, 1, bounds.maxRequestBytes),
    maxConcurrent: whole('maxConcurrent', bounds.maxConcurrent, 1, Number.MAX_SAFE_INTEGER),
    maxWaiting: whole('maxWaiting', 65_536, 1, Number.MAX_SAFE_INTEGER),
    retries: whole('retries', 0, 0, 1000),
    retryMs: whole('retryMs', 1000, 1, longestTimerMs),
  }
}
