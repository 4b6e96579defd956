/** What an `ExpiringMap` may hold, and how it tells the time. */
export interface ExpiringMapOptions {
  /** Entries kept at most. One more takes the place of an expired entry, else of the one that was set first. @default 10,000 */
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
 * Texts by key, each for a time. An expired entry is never returned and is removed by the next sweep; the sweep's timer
 * runs only while something can expire, and does not keep the process alive.
 */
export class ExpiringMap {
  private readonly entries = new Map<string, Entry>()
  private readonly maxEntries: number
  private readonly sweepMs: number
  private readonly now: () => number
  private sweeper: NodeJS.Timeout | undefined
  /** Entries that had to go before their time. */
  evicted = 0

  /** @throws RangeError when `maxEntries` is no positive integer, or `sweepMs` not a positive number */
  constructor({ maxEntries = 10_000, sweepMs = 10_000, now = () => performance.now() }: ExpiringMapOptions = {}) {
    if (!Number.isInteger(maxEntries) || maxEntries < 1) {
      throw new RangeError(`maxEntries must be a positive integer, not ${maxEntries}`)
    }
    if (!(sweepMs > 0)) throw new RangeError(`sweepMs must be a number of milliseconds above 0, not ${sweepMs}`)
    this.maxEntries = maxEntries
    this.sweepMs = sweepMs
    this.now = now
  }

  /** Entries held, expired ones included until they are swept. */
  get size(): number {
    return this.entries.size
  }

  /** @param lifetimeMs 0 is for ever */
  set(key: string, value: string, lifetimeMs: number): void {
    // Set anew, it goes to the end of the order in which entries make room.
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

  /** Forgets everything and stops the timer. */
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
