import type { EngineCalls } from '../calls.js'
import type { Outcome } from '../outcome.js'
import type { FromCallee, ToCallee } from './messages.js'

/** Serves the calls of one channel. */
export class Callee {
  /** Calls that have not been answered, and whose caller waits. */
  private readonly waiting = new Set<number>()

  /**
   * @param blocking whether the callers are blocked meanwhile
   * @param answer sends what a call has come to
   */
  constructor(
    private readonly calls: EngineCalls,
    private readonly blocking: boolean,
    private readonly answer: (answer: FromCallee) => void,
  ) {}

  receive({ type, number, request }: ToCallee): void {
    if (type === 'abandon') {
      // An answer that was on its way already is lost like one that is yet to come.
      this.waiting.delete(number)
      this.calls.drop(this.blocking ? 'timed_out' : 'aborted', request)
      return
    }
    const outcome = this.calls.later(request, this.blocking)
    if (outcome instanceof Promise) void this.answerLater(number, outcome)
    else this.answer({ number, outcome })
  }

  /** The outcome never rejects. */
  private async answerLater(number: number, promise: Promise<Outcome>): Promise<void> {
    this.waiting.add(number)
    const outcome = await promise
    if (this.waiting.delete(number)) this.answer({ number, outcome })
  }
}
