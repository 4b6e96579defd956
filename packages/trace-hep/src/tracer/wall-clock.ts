/** How often the two clocks are compared, and what they may differ by, in milliseconds. */
const COMPARE_MS = 1_000
const TOLERATED_MS = 2

/** What a `WallClock` reads: milliseconds. */
export interface ClockSources {
  /** Since the process started, of a clock that never goes back. */
  readonly uptimeMs: () => number
  /** Since 1970, whole ones. */
  readonly wallMs: () => number
}

const systemSources: ClockSources = { uptimeMs: () => performance.now(), wallMs: () => Date.now() }

/** The time of day in microseconds, which `Date` does not have and `performance` loses when the system's clock is set. */
export class WallClock {
  /** As of the last `read`: whole seconds since 1970, microseconds after them, milliseconds since the process started. */
  sec = 0
  usec = 0
  uptimeMs = 0
  private offsetMs = 0
  private compareAtMs = Number.NEGATIVE_INFINITY

  constructor(private readonly sources: ClockSources = systemSources) {}

  read(): void {
    const uptimeMs = this.sources.uptimeMs()
    if (uptimeMs >= this.compareAtMs) this.compare(uptimeMs)
    const nowMs = uptimeMs + this.offsetMs
    this.uptimeMs = uptimeMs
    this.sec = Math.floor(nowMs / 1_000)
    this.usec = Math.floor((nowMs - this.sec * 1_000) * 1_000)
  }

  /** Keeps to the system's clock without a step for each of its whole milliseconds. */
  private compare(uptimeMs: number): void {
    const offsetMs = this.sources.wallMs() - uptimeMs
    if (Math.abs(offsetMs - this.offsetMs) > TOLERATED_MS) this.offsetMs = offsetMs
    this.compareAtMs = uptimeMs + COMPARE_MS
  }
}
