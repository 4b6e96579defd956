type Reader<T> = {
  resolve(result: IteratorResult<T, undefined>): void
  reject(reason: unknown): void
}

/** Holds what has arrived until it is read. Beyond its bound the oldest is dropped: the newest tells more. */
export class EventQueue<T> {
  dropped = 0
  private readonly waiting: { readonly value: T }[] = []
  private readonly readers: Reader<T>[] = []
  private isClosed = false
  private failure: { readonly reason: unknown } | undefined

  /** @param limit how many are held */
  constructor(private readonly limit: number) {}

  push(value: T): void {
    if (this.isClosed) return
    const reader = this.readers.shift()
    if (reader !== undefined) {
      reader.resolve({ done: false, value })
      return
    }
    this.waiting.push({ value })
    if (this.waiting.length <= this.limit) return
    this.waiting.shift()
    this.dropped += 1
  }

  /** The oldest item; the end, or why it came early, when all that arrived has been read. */
  next(): Promise<IteratorResult<T, undefined>> {
    const first = this.waiting.shift()
    if (first !== undefined) return Promise.resolve({ done: false, value: first.value })
    if (!this.isClosed) return new Promise((resolve, reject) => this.readers.push({ resolve, reject }))
    const { failure } = this
    this.failure = undefined
    return failure === undefined ? Promise.resolve(end) : Promise.reject(failure.reason)
  }

  /** What has arrived may still be read; then comes the end. */
  close(): void {
    if (this.isClosed) return
    this.isClosed = true
    for (const reader of this.readers.splice(0)) reader.resolve(end)
  }

  /** As `close`, but the end is a rejection, once. */
  fail(reason: unknown): void {
    if (this.isClosed) return
    this.isClosed = true
    const [first, ...others] = this.readers.splice(0)
    if (first === undefined) this.failure = { reason }
    else first.reject(reason)
    for (const reader of others) reader.resolve(end)
  }

  /** Forgets what has arrived and was not read. */
  clear(): void {
    this.waiting.length = 0
  }
}

const end = { done: true, value: undefined } as const
