import type { Statistics } from './statistics.js'

/** What is counted of the engine and of each transport: the name of the statistic, and its place among the counts. */
export const Counter = {
  requests: 0,
  replies: 1,
  notifications: 2,
  parse_errors: 3,
  invalid_requests: 4,
  method_not_found: 5,
  method_ambiguous: 6,
  invalid_params: 7,
  command_errors: 8,
  command_failures: 9,
  command_timeouts: 10,
  internal_errors: 11,
  trace_errors: 12,
  drops: 13,
  log_errors: 14,
} as const

export type Counter = (typeof Counter)[keyof typeof Counter]

/** More reasons than this are counted together: the set of statistics stays bounded. */
const MAX_DROP_REASONS = 32

/** The counters of one transport; or of the engine, which are the sums of its transports' and its own. */
export class Traffic {
  /** By number: counting is on the way of every request, and counters by name cost several times as much. */
  private readonly counts = new Float64Array(Object.keys(Counter).length)
  /** Sums at the last reset, which are taken off since. */
  private readonly zeroes = new Float64Array(this.counts.length)
  private readonly dropsByReason = new Map<string, number>()
  private readonly parts: Traffic[] = []
  private inFlightCount = 0

  /** @param whole counts what this one counts too */
  constructor(
    private readonly statistics: Statistics,
    readonly group: string,
    private readonly whole?: Traffic,
  ) {
    whole?.parts.push(this)
    for (const [name, counter] of Object.entries(Counter)) {
      statistics.add(group, name, {
        value: () => this.total(counter) - (this.zeroes[counter] ?? 0),
        reset: () => {
          this.zeroes[counter] = this.total(counter)
        },
      })
    }
    statistics.add(group, 'in_flight', () => this.inFlight)
  }

  count(counter: Counter): void {
    const { counts } = this
    counts[counter] = (counts[counter] ?? 0) + 1
  }

  countDrop(reason: string, count: number): void {
    const { counts } = this
    counts[Counter.drops] = (counts[Counter.drops] ?? 0) + count
    this.countReason(reason, count)
  }

  /** A command has promised its answer. */
  begin(): void {
    this.inFlightCount++
  }

  end(): void {
    this.inFlightCount--
  }

  private get inFlight(): number {
    return this.parts.reduce((sum, part) => sum + part.inFlight, this.inFlightCount)
  }

  private total(counter: Counter): number {
    return this.parts.reduce((sum, part) => sum + part.total(counter), this.counts[counter] ?? 0)
  }

  private countReason(reason: string, count: number): void {
    const known = this.dropsByReason.has(reason) || this.dropsByReason.size < MAX_DROP_REASONS ? reason : 'other'
    // In the middle of a request: what a module of the same name shows under it stays.
    if (!this.dropsByReason.has(known) && !this.statistics.has(this.group, `drops_${known}`)) {
      this.statistics.add(this.group, `drops_${known}`, {
        value: () => this.dropsByReason.get(known) ?? 0,
        reset: () => {
          this.dropsByReason.set(known, 0)
        },
      })
    }
    this.dropsByReason.set(known, (this.dropsByReason.get(known) ?? 0) + count)
    this.whole?.countReason(reason, count)
  }
}
