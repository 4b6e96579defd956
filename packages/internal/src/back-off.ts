/** Bounds of the pauses between tries, in milliseconds. */
export interface BackOffOptions {
  readonly firstMs: number
  readonly longestMs: number
  /** Something that ran this long was healthy: after it the pauses start again with the first. */
  readonly healthyMs: number
}

/** The pauses between tries: each twice as long as the one before, up to the longest. */
export class BackOff {
  private pauseMs: number

  constructor(private readonly options: BackOffOptions) {
    this.pauseMs = options.firstMs
  }

  /** The pause before the next try. @param ranMs how long the last one had run; 0 when it did not start */
  next(ranMs: number): number {
    const { firstMs, longestMs, healthyMs } = this.options
    if (ranMs >= healthyMs) this.pauseMs = firstMs
    const pause = this.pauseMs
    this.pauseMs = Math.min(2 * pause, longestMs)
    return pause
  }
}
