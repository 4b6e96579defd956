import type { MiLogger, ModuleStatistic } from '@mi/contract'

/** A number as exporters want it. */
export interface StatisticSample {
  /** Without prefix: `requests`. */
  readonly name: string
  /** A counter only grows (resets of the command `statistics:reset` do not show here); a gauge goes up and down. */
  readonly kind: 'counter' | 'gauge'
  /** One line for people; '' where a module gives none. */
  readonly help: string
  /** `transport` for the engine's own numbers, `module` for those of modules, `reason` for drops. */
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** A statistic as an exporter sees it, where that differs from what the command `get_statistics` shows. */
interface Metric {
  readonly name: string
  readonly help: string
  readonly labels: Readonly<Record<string, string>>
  value(): number
}

interface Statistic {
  readonly group: string
  readonly name: string
  readonly value: () => number
  /** Undefined for a gauge. */
  readonly reset: (() => void) | undefined
  readonly metric: Metric
}

/** What `Statistics.add` takes. */
export interface StatisticDefinition {
  value(): number
  /** Undefined for a gauge. */
  readonly reset?: (() => void) | undefined
  readonly metric: Metric
}

/** A statistic's number at one time, as processes send it to each other. */
export interface Sample {
  readonly group: string
  readonly name: string
  readonly value: number
  /** Counts up and can be reset; false for a gauge. */
  readonly counter: boolean
  readonly metric: Omit<StatisticSample, 'kind'>
}

/** The numbers of an engine under `group:name`, as OpenSIPS shows them, and as samples for exporters. */
export class Statistics {
  private readonly groups = new Map<string, Map<string, Statistic>>()
  /** Those that `samples` has logged. */
  private readonly failed = new Set<string>()

  /** @throws TypeError for one that is there already */
  add(group: string, name: string, { value, reset, metric }: StatisticDefinition): void {
    const members = this.groups.get(group) ?? new Map<string, Statistic>()
    this.groups.set(group, members)
    this.assertFree(group, name)
    members.set(name, { group, name, value, reset, metric })
  }

  /** Adds a statistic of a module. @throws TypeError for one that is there already */
  addOfModule(module: string, name: string, statistic: ModuleStatistic): void {
    const gauge = typeof statistic === 'function'
    const value = gauge ? statistic : () => statistic.value()
    const help = (gauge ? undefined : statistic.help) ?? ''
    this.add(module, name, {
      value,
      reset: gauge ? undefined : () => statistic.reset(),
      metric: { name, help, labels: { module }, value },
    })
  }

  /** @throws TypeError for a statistic that is there already */
  assertFree(group: string, name: string): void {
    if (!this.has(group, name)) return
    throw new TypeError(
      `the statistic '${group}:${name}' exists already; give a module's statistic a name that the engine and its transports do not use`,
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
        const { value, ...facts } = each.metric
        const metric = { ...facts, value: finite(value.call(each.metric)) }
        return [{ group, name, value: finite(each.value()), counter: each.reset !== undefined, metric }]
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
    for (const { group, name, value, counter, metric } of samples) {
      const reset = counter ? () => {} : undefined
      statistics.add(group, name, { value: () => value, reset, metric: { ...metric, value: () => metric.value } })
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

/** What is not a number adds nothing to a sum. */
function finite(value: number): number {
  return Number.isFinite(value) ? value : 0
}
