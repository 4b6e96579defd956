/** A queue that drops its oldest items when it is full. The newest item is always kept. */
export class BoundedQueue<T> {
  /** Items dropped so far. */
  dropped = 0
  private items: ({ readonly value: T; readonly bytes: number } | undefined)[] = []
  private first = 0
  private heldBytes = 0

  /**
   * @param maxItems most items
   * @param maxBytes most bytes; Infinity where items have no size
   */
  constructor(
    private readonly maxItems: number,
    private readonly maxBytes: number = Number.POSITIVE_INFINITY,
  ) {}

  get length(): number {
    return this.items.length - this.first
  }

  get bytes(): number {
    return this.heldBytes
  }

  /** @returns how many items were dropped to make room */
  push(value: T, bytes = 0): number {
    this.items.push({ value, bytes })
    this.heldBytes += bytes
    let dropped = 0
    while (this.length > 1 && (this.length > this.maxItems || this.heldBytes > this.maxBytes)) {
      this.shift()
      dropped++
    }
    this.dropped += dropped
    return dropped
  }

  shift(): T | undefined {
    const item = this.items[this.first]
    if (item === undefined) return undefined
    // Not kept alive until the array is cut: it may be large.
    this.items[this.first] = undefined
    this.first++
    this.heldBytes -= item.bytes
    // The array is cut now and then, so that taking an item costs the same however many there are.
    if (this.first > 64 && this.first * 2 > this.items.length) {
      this.items = this.items.slice(this.first)
      this.first = 0
    }
    return item.value
  }

  clear(): void {
    this.items = []
    this.first = 0
    this.heldBytes = 0
  }
}
