import type { MiLogger, ModuleStatistic } from '@mi/contract'

interface Statistic {
  readonly group: string
  readonly name: string
  readonly value: () => number
  /** Undefined for a gauge. */
  readonly reset: (() => void) | undefined
}

/** The value of a statistic at one time, as processes send it to each other. */
export interface Sample {
  readonly group: string
  readonly name: string
  readonly value: number
  /** Counts up and can be reset; false for a gauge. */
  readonly counter: boolean
}

/** The numbers of an engine under `group:name`, as OpenSIPS shows them. */
export class Statistics {
  private readonly groups = new Map<string, Map<string, Statistic>>()
  /** Those that `samples` has logged. */
  private readonly failed = new Set<string>()

  /** @throws TypeError for one that is there already */
  add(group: string, name: string, statistic: ModuleStatistic): void {
    const members = this.groups.get(group) ?? new Map<string, Statistic>()
    this.groups.set(group, members)
    this.assertFree(group, name)
    members.set(
      name,
      typeof statistic === 'function'
        ? { group, name, value: statistic, reset: undefined }
        : { group, name, value: () => statistic.value(), reset: () => statistic.reset() },
    )
  }

  /** @throws TypeError for a statistic that is there already */
  assertFree(group: string, name: string): void {
    if (!this.has(group, name)) return
    throw new TypeError(
      `there is a statistic '${group}:${name}' already; give a module's another name than those of the engine and its transports`,
    )
  }

  has(group: string, name: string): boolean {
    return this.groups.get(group)?.has(name) === true
  }

  /**
   * @param selectors `group:name`, `name` (the first group that has it), `group:` (all of a group), `all`; what does not
   * exist selects nothing
   */
  read(selectors: readonly string[]): Record<string, number> {
    return Object.fromEntries(this.select(selectors).map((each) => [fullName(each), each.value()]))
  }

  /** Whether each selected statistic counts up (`incremental`) or is a gauge (`non-incremental`). */
  kinds(selectors: readonly string[]): Record<string, 'incremental' | 'non-incremental'> {
    return Object.fromEntries(
      this.select(selectors).map((each) => [fullName(each), each.reset ? 'incremental' : 'non-incremental']),
    )
  }

  /** @returns how many statistics were selected; gauges among them stay as they are */
  reset(selectors: readonly string[]): number {
    const selected = this.select(selectors)
    for (const { reset } of selected) reset?.()
    return selected.length
  }

  /** All numbers as they are now. A statistic of a module that throws is left out, and logged the first time. */
  samples(log: Pick<MiLogger, 'error'>): Sample[] {
    return this.select(['all']).flatMap((each) => {
      const { group, name } = each
      try {
        const value = each.value()
        // What is no number adds nothing to a sum.
        return [{ group, name, value: Number.isFinite(value) ? value : 0, counter: each.reset !== undefined }]
      } catch (error) {
        const statistic = fullName(each)
        if (!this.failed.has(statistic)) log.error({ statistic, err: error }, 'a statistic failed; it is left out')
        this.failed.add(statistic)
        return []
      }
    })
  }

  /** Samples, of several processes for instance, as statistics that can be selected and read. */
  of(samples: Iterable<Sample>): Statistics {
    const statistics = new Statistics()
    for (const { group, name, value, counter } of samples) {
      statistics.add(group, name, counter ? { value: () => value, reset() {} } : () => value)
    }
    return statistics
  }

  private select(selectors: readonly string[]): Statistic[] {
    // Each once: `all` ten thousand times over is a small request, and must not be a large piece of work.
    return [...new Set(selectors)].flatMap((selector) => this.selectOne(selector))
  }

  private selectOne(selector: string): Statistic[] {
    if (selector === 'all') return [...this.groups.values()].flatMap((members) => [...members.values()])
    const colon = selector.indexOf(':')
    if (colon === -1) {
      for (const members of this.groups.values()) {
        const member = members.get(selector)
        if (member !== undefined) return [member]
      }
      return []
    }
    const members = this.groups.get(selector.slice(0, colon))
    if (members === undefined) return []
    const name = selector.slice(colon + 1)
    if (name === '') return [...members.values()]
    const member = members.get(name)
    return member === undefined ? [] : [member]
  }
}

function fullName({ group, name }: Statistic): string {
  return `${group}:${name}`
}
