/** Notices a worker that has stopped taking calls. */
export class HangWatch {
  /** The call that the worker was last seen to have taken, and since when it is waited for to take the next one. */
  private taken = 0
  private sinceMs = 0
  private sent = 0

  /** @param limitMs 0 is for ever @param nowMs a clock that never goes back */
  constructor(
    private readonly limitMs: number,
    private readonly nowMs: () => number = () => performance.now(),
  ) {}

  /** A call is sent. @param taken number of the call that the worker took last */
  posted(taken: number, number: number): void {
    if (taken === this.sent || taken !== this.taken) this.seen(taken)
    this.sent = number
  }

  /** A call has timed out. */
  isHung(taken: number): boolean {
    if (taken === this.sent || taken !== this.taken) {
      this.seen(taken)
      return false
    }
    return this.limitMs > 0 && this.nowMs() - this.sinceMs >= this.limitMs
  }

  private seen(taken: number): void {
    this.taken = taken
    this.sinceMs = this.nowMs()
  }
}
