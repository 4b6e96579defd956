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
  forbidden: 15,
  command_aborts: 16,
} as const

export type Counter = (typeof Counter)[keyof typeof Counter]

const helps: Readonly<Record<keyof typeof Counter, string>> = {
  requests: 'Requests received; each entry of a batch is one',
  replies: 'Replies handed to the transport; a batch is one',
  notifications: 'Requests without an id, which are not answered',
  parse_errors: 'Requests that are not JSON',
  invalid_requests: 'Requests that are not JSON-RPC',
  method_not_found: 'Requests that name no command',
  method_ambiguous: 'Requests with a name that several commands share',
  invalid_params: 'Requests whose parameters fit no recipe',
  command_errors: 'Commands that answered an error',
  command_failures: 'Commands that failed, or could not be run',
  command_timeouts: 'Commands that did not answer in time',
  internal_errors: 'Requests that the engine failed on',
  trace_errors: 'Failures of tracers',
  drops: 'Requests and replies that were given up',
  log_errors: 'Log lines that the logger did not take',
  forbidden: 'Requests that the access check refused',
  command_aborts: 'Commands given up since nobody waited any more',
}

/** More reasons than this are counted together: the set of statistics stays bounded. */
const MAX_DROP_REASONS = 32

/**
 * The counters of one transport; or of the engine, which are the sums of its transports' and its own. As samples, the engine's
 * are only its own (transport `local`), so that nothing is counted twice.
 */
export class Counters {
  /** By number: counting is on the way of every request, and counters by name cost several times as much. */
  private readonly counts = new Float64Array(Object.keys(Counter).length)
  /** Sums at the last reset, which are taken off since. */
  private readonly zeroes = new Float64Array(this.counts.length)
  private readonly dropsByReason = new Map<string, { total: number; own: number; zero: number }>()
  private readonly parts: Counters[] = []
  private inFlightCount = 0
  private readonly labels: Readonly<Record<string, string>>

  /** @param whole counts what this one counts too */
  constructor(
    private readonly statistics: Statistics,
    readonly group: string,
    private readonly whole?: Counters,
  ) {
    whole?.parts.push(this)
    this.labels = { transport: whole === undefined ? 'local' : group }
    for (const [name, counter] of Object.entries(Counter)) {
      statistics.add(group, name, {
        value: () => this.total(counter) - (this.zeroes[counter] ?? 0),
        reset: () => {
          this.zeroes[counter] = this.total(counter)
        },
        metric: {
          name,
          help: helps[name as keyof typeof Counter],
          labels: this.labels,
          value: () => this.own(counter),
        },
      })
    }
    statistics.add(group, 'in_flight', {
      value: () => this.inFlight,
      metric: {
        name: 'in_flight',
        help: 'Commands that have promised an answer',
        labels: this.labels,
        value: () => this.inFlightCount,
      },
    })
  }

  count(counter: Counter, times = 1): void {
    const { counts } = this
    counts[counter] = (counts[counter] ?? 0) + times
  }

  countDrop(reason: string, count: number): void {
    this.count(Counter.drops, count)
    this.countReason(reason, count, true)
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

  private own(counter: Counter): number {
    return this.counts[counter] ?? 0
  }

  private total(counter: Counter): number {
    return this.parts.reduce((sum, part) => sum + part.total(counter), this.own(counter))
  }

  private countReason(reason: string, count: number, isOwn: boolean): void {
    const known = this.dropsByReason.has(reason) || this.dropsByReason.size < MAX_DROP_REASONS ? reason : 'other'
    const drops = this.dropsByReason.get(known) ?? this.addReason(known)
    drops.total += count
    if (isOwn) drops.own += count
    this.whole?.countReason(reason, count, false)
  }

  private addReason(reason: string) {
    const drops = { total: 0, own: 0, zero: 0 }
    this.dropsByReason.set(reason, drops)
    // In the middle of a request: what a module of the same name shows under it stays.
    if (this.statistics.has(this.group, `drops_${reason}`)) return drops
    this.statistics.add(this.group, `drops_${reason}`, {
      value: () => drops.total - drops.zero,
      reset: () => {
        drops.zero = drops.total
      },
      metric: {
        name: 'drops_by_reason',
        help: 'Requests and replies that were given up, by reason',
        labels: { ...this.labels, reason },
        value: () => drops.own,
      },
    })
    return drops
  }
}
