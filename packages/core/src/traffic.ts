import type { Statistics } from './statistics.js'

/** What is counted of the engine and of each transport. */
const zero = {
  requests: 0,
  replies: 0,
  notifications: 0,
  parse_errors: 0,
  invalid_requests: 0,
  method_not_found: 0,
  method_ambiguous: 0,
  invalid_params: 0,
  command_errors: 0,
  command_failures: 0,
  command_timeouts: 0,
  internal_errors: 0,
  trace_errors: 0,
  drops: 0,
}

export type Counter = keyof typeof zero

const counters = keysOf(zero)

/** More reasons than this are counted together: the set of statistics stays bounded. */
const MAX_DROP_REASONS = 32

/** The counters of one transport. What it counts, its parent (the engine as a whole) counts too. */
export class Traffic {
  /** A plain object: counting is on the way of every request, and a Map costs several times as much. */
  private readonly counts = { ...zero }
  private readonly dropsByReason = new Map<string, number>()
  private inFlightCount = 0

  constructor(
    private readonly statistics: Statistics,
    private readonly group: string,
    private readonly parent?: Traffic,
  ) {
    for (const counter of counters) {
      statistics.add(group, counter, {
        value: () => this.counts[counter],
        reset: () => {
          this.counts[counter] = 0
        },
      })
    }
    statistics.add(group, 'in_flight', () => this.inFlightCount)
  }

  /** Requests whose command has not answered yet. */
  get inFlight(): number {
    return this.inFlightCount
  }

  count(counter: Counter): void {
    this.counts[counter]++
    this.parent?.count(counter)
  }

  countDrop(reason: string): void {
    this.count('drops')
    this.countReason(reason)
  }

  begin(): void {
    this.inFlightCount++
    this.parent?.begin()
  }

  end(): void {
    this.inFlightCount--
    this.parent?.end()
  }

  private countReason(reason: string): void {
    const known = this.dropsByReason.has(reason) || this.dropsByReason.size < MAX_DROP_REASONS ? reason : 'other'
    if (!this.dropsByReason.has(known)) {
      this.statistics.add(this.group, `drops_${known}`, {
        value: () => this.dropsByReason.get(known) ?? 0,
        reset: () => {
          this.dropsByReason.set(known, 0)
        },
      })
    }
    this.dropsByReason.set(known, (this.dropsByReason.get(known) ?? 0) + 1)
    this.parent?.countReason(reason)
  }
}

/** True of `zero`, whose keys are all there is. */
function keysOf<T extends object>(record: T): (keyof T & string)[] {
  return Object.keys(record) as (keyof T & string)[]
}
