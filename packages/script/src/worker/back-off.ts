const FIRST_MS = 50
const LONGEST_MS = 10_000

/** A thread that has listened for this long was well: what ends it is no trouble that goes on. */
const WELL_MS = 1_000

/** How long to wait before an ended thread is replaced: each time twice as long, until one has listened for a while. */
export class BackOff {
  private pauseMs = FIRST_MS

  /** @param listenedMs how long the thread that has ended listened */
  next(listenedMs: number): number {
    if (listenedMs >= WELL_MS) this.pauseMs = FIRST_MS
    const pause = this.pauseMs
    this.pauseMs = Math.min(2 * pause, LONGEST_MS)
    return pause
  }
}
