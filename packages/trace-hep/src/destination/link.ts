import { BackOff } from '@mi/internal/back-off'
import type { ResolvedDestination } from './destination-options.js'

/** What a link reports to the destination that opened it. Nothing more follows `closed`. */
export interface LinkEvents {
  /** It takes packets now. */
  opened(): void
  /** So many packets went out, as far as this side can know. */
  sent(count: number): void
  /** So many packets were taken and did not go out. The link stays open. */
  lost(count: number, error: unknown): void
  /** There is room again, after `send` did not take all. */
  ready(): void
  /** It could not be opened, or is broken. */
  closed(error: Error): void
}

/** One connection to a capture server, or one socket that sends to it. It opens in the background. */
export interface Link {
  /** Packets that were taken and are neither `sent` nor `lost` yet. */
  readonly unsettled: number
  /**
   * Takes packets, copying or sending them: their memory is the caller's again.
   * @returns how many of them, the first ones
   */
  send(packets: readonly Uint8Array[]): number
  /** Ends it in order; `closed` reports when that is done. */
  end(): void
  /** Ends it at once, without `closed`. */
  destroy(): void
}

/** A connection that held so long was a good one, in milliseconds: the failures before it do not count any more. */
const HEALTHY_MS = 5_000

/** The longest of the pauses between tries, in milliseconds. */
const LONGEST_PAUSE_MS = 60_000

/** When to connect again: after pauses that double, then after a cool-down, and so on. Its timer keeps no process alive. */
export class Retries {
  private failures = 0
  private backOff: BackOff
  private timer: NodeJS.Timeout | undefined

  constructor(
    private readonly options: Pick<ResolvedDestination, 'hepMaxRetries' | 'hepRetryCooldownMs' | 'retryMs'>,
    private readonly again: () => void,
  ) {
    this.backOff = this.newBackOff()
  }

  /**
   * Sets the time of the next try.
   * @param heldMs how long the connection had been open, 0 when it never was
   */
  failed(heldMs: number): 'retrying' | 'cooldown' {
    const { hepMaxRetries, hepRetryCooldownMs, retryMs } = this.options
    if (heldMs >= HEALTHY_MS) this.failures = 0
    this.failures++
    if (this.failures <= hepMaxRetries) {
      this.timer = setTimeout(this.again, this.backOff.next(heldMs)).unref()
      return 'retrying'
    }
    this.reset()
    this.timer = setTimeout(this.again, Math.max(retryMs, hepRetryCooldownMs)).unref()
    return 'cooldown'
  }

  cancel(): void {
    clearTimeout(this.timer)
    this.reset()
  }

  private reset(): void {
    this.failures = 0
    this.backOff = this.newBackOff()
  }

  private newBackOff(): BackOff {
    const { retryMs } = this.options
    return new BackOff({ firstMs: retryMs, longestMs: Math.max(retryMs, LONGEST_PAUSE_MS), healthyMs: HEALTHY_MS })
  }
}
