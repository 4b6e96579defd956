import type { ResolvedDestination } from './options.js'

/** A connection that held so long was a good one: what fails then is counted anew, in milliseconds. */
const GOOD_MS = 5_000

/** The longest of the pauses between tries, in milliseconds. */
const LONGEST_PAUSE_MS = 60_000

/** When to connect again: after pauses that double, then after a cool-down, and so on. Its timer keeps no process alive. */
export class Retries {
  private failures = 0
  private timer: NodeJS.Timeout | undefined

  constructor(
    private readonly options: Pick<ResolvedDestination, 'hepMaxRetries' | 'hepRetryCooldownMs' | 'retryMs'>,
    private readonly again: () => void,
  ) {}

  /**
   * Sets the time of the next try.
   * @param heldMs how long the connection had been open, 0 when it never was
   */
  failed(heldMs: number): 'retrying' | 'cooldown' {
    const { hepMaxRetries, hepRetryCooldownMs, retryMs } = this.options
    if (heldMs >= GOOD_MS) this.failures = 0
    this.failures++
    const isCooldown = this.failures > hepMaxRetries
    const pauseMs = isCooldown
      ? Math.max(retryMs, hepRetryCooldownMs)
      : Math.min(retryMs * 2 ** (this.failures - 1), Math.max(retryMs, LONGEST_PAUSE_MS))
    if (isCooldown) this.failures = 0
    this.timer = setTimeout(this.again, pauseMs).unref()
    return isCooldown ? 'cooldown' : 'retrying'
  }

  cancel(): void {
    clearTimeout(this.timer)
    this.failures = 0
  }
}
