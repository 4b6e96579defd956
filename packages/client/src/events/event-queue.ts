import { BoundedQueue } from '@mi/internal/bounded-queue'

type Reader<T> = {
  resolve(result: IteratorResult<T, undefined>): void
  reject(reason: unknown): void
}

/** Holds what has arrived until it is read. Beyond its bound the oldest is dropped: the newest says more. */
export class EventQueue<T> {
  private readonly waiting: BoundedQueue<{ readonly value: T }>
  private readonly readers: Reader<T>[] = []
  private isClosed = false
  private failure: { readonly reason: unknown } | undefined

  /** @param limit how many are held */
  constructor(limit: number) {
    this.waiting = new BoundedQueue(limit)
  }

  get dropped(): number {
    return this.waiting.dropped
  }

  push(value: T): void {
    if (this.isClosed) return
    const reader = this.readers.shift()
    if (reader !== undefined) {
      reader.resolve({ done: false, value })
      return
    }
    this.waiting.push({ value })
  }

  /** The oldest item; the end, or why it came early, when all that arrived has been read. */
  next(): Promise<IteratorResult<T, undefined>> {
    const first = this.waiting.shift()
    if (first !== undefined) return Promise.resolve({ done: false, value: first.value })
    if (!this.isClosed) return new Promise((resolve, reject) => this.readers.push({ resolve, reject }))
    const { failure } = this
    this.failure = undefined
    return failure === undefined ? Promise.resolve(END) : Promise.reject(failure.reason)
  }

  /** What has arrived may still be read; then comes the end. */
  close(): void {
    if (this.isClosed) return
    this.isClosed = true
    for (const reader of this.readers.splice(0)) reader.resolve(END)
  }

  /** As `close`, but the end is a rejection, once. */
  fail(reason: unknown): void {
    if (this.isClosed) return
    this.isClosed = true
    const [first, ...others] = this.readers.splice(0)
    if (first === undefined) this.failure = { reason }
    else first.reject(reason)
    for (const reader of others) reader.resolve(END)
  }

  /** Forgets what has arrived and was not read. */
  clear(): void {
    this.waiting.clear()
  }
}

const END = { done: true, value: undefined } as const
