import type { Call } from './call.js'

/** Sends calls again that are not answered in time. One timer serves them all: the pause is the same for each. */
export class Retransmission {
  /** When each is due, by the clock of `performance`; in order, since the pause is the same. */
  private readonly due = new Map<Call, number>()
  private timer: NodeJS.Timeout | undefined

  /**
   * @param retries how often each is sent again at most
   * @param retryMs the pause before each time
   */
  constructor(
    private readonly retries: number,
    private readonly retryMs: number,
    private readonly repeat: (call: Call) => void,
  ) {}

  /** A call has been sent, maybe once more. */
  watch(call: Call): void {
    if (call.repeats >= this.retries) return
    this.due.delete(call)
    this.due.set(call, performance.now() + this.retryMs)
    this.timer ??= setTimeout(this.look, this.retryMs)
  }

  /** A call is over. */
  forget(call: Call): void {
    if (!this.due.delete(call) || this.due.size > 0) return
    clearTimeout(this.timer)
    this.timer = undefined
  }

  private readonly look = (): void => {
    this.timer = undefined
    // Timers may fire up to a millisecond early.
    const now = performance.now() + 1
    for (const [call, at] of this.due) {
      if (at > now) {
        this.timer ??= setTimeout(this.look, at - now + 1)
        return
      }
      this.due.delete(call)
      this.repeat(call)
    }
  }
}
