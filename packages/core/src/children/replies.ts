interface Waiter {
  readonly id: number
  resolve(): void
}

/** Questions by number, and those who wait for an answer. Answers come in the order of the questions. */
export class Replies {
  private lastAsked = 0
  private lastAnswered = 0
  private over = false
  private readonly waiters = new Set<Waiter>()

  /** The number of the last question. */
  get last(): number {
    return this.lastAsked
  }

  get unanswered(): number {
    return this.lastAsked - this.lastAnswered
  }

  /** The number of a new question. */
  next(): number {
    return ++this.lastAsked
  }

  /** Waits for the answer to a question or to a later one, no longer than `timeoutMs`. Never rejects. */
  wait(id: number, timeoutMs: number): Promise<void> {
    if (this.over) return Promise.resolve()
    return new Promise((done) => {
      const resolve = (): void => {
        clearTimeout(timer)
        this.waiters.delete(waiter)
        done()
      }
      const timer = setTimeout(resolve, timeoutMs)
      const waiter: Waiter = { id, resolve }
      this.waiters.add(waiter)
    })
  }

  answered(id: number): void {
    this.lastAnswered = Math.max(this.lastAnswered, id)
    for (const waiter of this.waiters) if (waiter.id <= id) waiter.resolve()
  }

  /** There will be no more answers. */
  end(): void {
    this.over = true
    for (const waiter of this.waiters) waiter.resolve()
  }
}
