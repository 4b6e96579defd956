/** Limits and clock of an `ExpiringMap`. */
export interface ExpiringMapOptions {
  /** The most entries. One more replaces an expired entry, else the one that was set first. @default 10,000 */
  readonly maxEntries?: number | undefined
  /** How often expired entries are removed, in milliseconds. @default 10,000 */
  readonly sweepMs?: number | undefined
  /** Milliseconds of a clock that never goes back. @default performance.now */
  readonly now?: (() => number) | undefined
}

interface Entry {
  readonly value: string
  /** On the clock of `now`; Infinity is never. */
  readonly expiresAtMs: number
}

/**
 * Strings by key, each with a lifetime. An expired entry is never returned; the next sweep removes it. The timer of the sweep
 * runs only while an entry can expire, and does not keep the process alive.
 */
export class ExpiringMap {
  private readonly entries = new Map<string, Entry>()
  private readonly maxEntries: number
  private readonly sweepMs: number
  private readonly now: () => number
  private sweeper: NodeJS.Timeout | undefined
  /** Entries that were removed before they expired, to make room. */
  evicted = 0

  /** @throws RangeError when `maxEntries` is not a positive integer, or `sweepMs` not a positive number */
  constructor({ maxEntries = 10_000, sweepMs = 10_000, now = () => performance.now() }: ExpiringMapOptions = {}) {
    if (!Number.isInteger(maxEntries) || maxEntries < 1) {
      throw new RangeError(`maxEntries must be a positive integer, not ${maxEntries}`)
    }
    if (!(sweepMs > 0)) throw new RangeError(`sweepMs must be a number of milliseconds above 0, not ${sweepMs}`)
    this.maxEntries = maxEntries
    this.sweepMs = sweepMs
    this.now = now
  }

  /** The number of entries, with expired ones that are not swept yet. */
  get size(): number {
    return this.entries.size
  }

  /** @param lifetimeMs 0: the entry never expires */
  set(key: string, value: string, lifetimeMs: number): void {
    // An entry that is set again becomes the newest.
    this.entries.delete(key)
    if (this.entries.size >= this.maxEntries) this.makeRoom()
    this.entries.set(key, { value, expiresAtMs: lifetimeMs === 0 ? Number.POSITIVE_INFINITY : this.now() + lifetimeMs })
    if (lifetimeMs !== 0) this.startSweeping()
  }

  get(key: string): string | undefined {
    const entry = this.entries.get(key)
    if (entry === undefined || entry.expiresAtMs > this.now()) return entry?.value
    this.entries.delete(key)
    return undefined
  }

  delete(key: string): void {
    this.entries.delete(key)
  }

  /** Removes all entries and stops the timer. */
  clear(): void {
    this.entries.clear()
    this.stopSweeping()
  }

  private makeRoom(): void {
    this.sweep()
    if (this.entries.size < this.maxEntries) return
    for (const oldest of this.entries.keys()) {
      this.entries.delete(oldest)
      this.evicted++
      return
    }
  }

  private sweep(): void {
    const now = this.now()
    let mayExpire = false
    for (const [key, { expiresAtMs }] of this.entries) {
      if (expiresAtMs <= now) this.entries.delete(key)
      else if (expiresAtMs !== Number.POSITIVE_INFINITY) mayExpire = true
    }
    if (!mayExpire) this.stopSweeping()
  }

  private startSweeping(): void {
    this.sweeper ??= setInterval(() => this.sweep(), this.sweepMs).unref()
  }

  private stopSweeping(): void {
    clearInterval(this.sweeper)
    this.sweeper = undefined
  }
}
