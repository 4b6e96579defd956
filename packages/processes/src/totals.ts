import type { OwnProcess, Sample, StatisticKind } from '@mi/core'
import { type ChildSamples, counters, resetSamples, sumSamples } from './samples.js'

/**
 * The statistics of all processes as sums. OpenSIPS keeps its statistics in memory that all of its processes share; here
 * each child reports its own to the main process.
 */
export class Totals {
  /** Counters of the children that have ended: totals do not fall when one dies. */
  private departed: readonly Sample[] = []
  private refreshing: Promise<void> | undefined
  private refreshingNext: Promise<void> | undefined

  /** @param children those that have not ended */
  constructor(
    private readonly own: Pick<OwnProcess, 'statistics' | 'log'>,
    private readonly children: () => readonly Pick<ChildSamples, 'known' | 'refresh' | 'reset'>[],
  ) {}

  read(selectors: readonly string[]): Record<string, number> | Promise<Record<string, number>> {
    return this.refreshed(() => this.lastKnown(selectors))
  }

  kinds(selectors: readonly string[]): Record<string, StatisticKind> | Promise<Record<string, StatisticKind>> {
    return this.refreshed(() => this.own.statistics.of(this.samples()).kinds(selectors))
  }

  /** @returns how many statistics were selected */
  reset(selectors: readonly string[]): number | Promise<number> {
    if (this.departed.length === 0 && this.children().length === 0) return this.own.statistics.reset(selectors)
    return this.resetAll(selectors)
  }

  lastKnown(selectors: readonly string[]): Record<string, number> {
    return this.own.statistics.of(this.samples()).read(selectors)
  }

  /** The sums with what the children reported last. */
  samples(): Sample[] {
    const { statistics, log } = this.own
    return sumSamples([...statistics.samples(log), ...this.children().flatMap(({ known }) => known), ...this.departed])
  }

  /** A child has ended: its gauges go, its counters stay. */
  add({ known }: Pick<ChildSamples, 'known'>): void {
    this.departed = sumSamples([...this.departed, ...counters(known)])
  }

  private refreshed<T>(result: () => T): T | Promise<T> {
    return this.children().length === 0 ? result() : this.refresh().then(result)
  }

  /**
   * Asks the children. Those who want fresh numbers while the children are being asked share one more round: the round under
   * way may have passed by what happened just now.
   */
  private refresh(): Promise<void> {
    if (this.refreshing === undefined) return this.refreshNow()
    this.refreshingNext ??= this.refreshing.then(() => {
      this.refreshingNext = undefined
      return this.refreshing ?? this.refreshNow()
    })
    return this.refreshingNext
  }

  private refreshNow(): Promise<void> {
    this.refreshing = Promise.all(this.children().map((child) => child.refresh())).then(() => {
      this.refreshing = undefined
    })
    return this.refreshing
  }

  /** Selected here, since a bare name must mean the same statistic in every process. */
  private async resetAll(selectors: readonly string[]): Promise<number> {
    const names = Object.keys(await this.kinds(selectors))
    this.own.statistics.reset(names)
    this.departed = resetSamples(this.departed, names)
    await Promise.all(this.children().map((child) => child.reset(names)))
    return names.length
  }
}
