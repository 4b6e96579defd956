import type { HepArrival } from './events.js'

/** What one `for await` loop over a collector has yet to see: at most so many, then the oldest is missed. */
export class Arrivals implements AsyncIterator<HepArrival, undefined> {
  private waiting: HepArrival[] = []
  private readonly asked: ((result: IteratorResult<HepArrival, undefined>) => void)[] = []
  private isDone = false

  /** @param onDone called once, when the loop has ended */
  constructor(
    private readonly limit: number,
    private readonly onMissed: () => void,
    private readonly onDone: () => void,
  ) {}

  add(value: HepArrival): void {
    const answer = this.asked.shift()
    if (answer !== undefined) {
      answer({ done: false, value })
      return
    }
    this.waiting.push(value)
    if (this.waiting.length <= this.limit) return
    this.waiting.shift()
    this.onMissed()
  }

  /** What waits is still handed out. */
  finish(): void {
    if (this.isDone) return
    this.isDone = true
    for (const answer of this.asked.splice(0)) answer({ done: true, value: undefined })
    this.onDone()
  }

  next(): Promise<IteratorResult<HepArrival, undefined>> {
    const value = this.waiting.shift()
    if (value !== undefined) return Promise.resolve({ done: false, value })
    if (this.isDone) return Promise.resolve({ done: true, value: undefined })
    return new Promise((resolve) => this.asked.push(resolve))
  }

  return(): Promise<IteratorResult<HepArrival, undefined>> {
    this.waiting = []
    this.finish()
    return Promise.resolve({ done: true, value: undefined })
  }
}
