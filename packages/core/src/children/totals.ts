import type { MiLogger } from '@mi/contract'
import type { MaybePromise } from '../maybe-promise.js'
import type { Sample, Statistics } from '../statistics.js'
import type { ChildHandle } from './child-handle.js'
import { SampleTaker } from './sample-taker.js'
import { resetSamples, statisticsOf, sumSamples } from './sums.js'

/** The part of a child that has to do with its numbers. */
export type Counting = Pick<ChildHandle, 'numbers' | 'refresh' | 'reset'>

/** Sums over all processes. OpenSIPS keeps its statistics in memory that all of them share. */
export class Totals {
  private readonly own: SampleTaker
  /** Counters of the children that have ended: totals do not fall when one dies. */
  private departed: readonly Sample[] = []
  private refreshing: Promise<void> | undefined
  private refreshingNext: Promise<void> | undefined

  /** @param children those that have not ended */
  constructor(
    private readonly numbers: Statistics,
    private readonly children: () => readonly Counting[],
    log: MiLogger,
  ) {
    this.own = new SampleTaker(numbers, log)
  }

  read(selectors: readonly string[]): MaybePromise<Record<string, number>> {
    return this.refreshed(() => this.lastKnown(selectors))
  }

  kinds(selectors: readonly string[]): MaybePromise<Record<string, 'incremental' | 'non-incremental'>> {
    return this.refreshed(() => this.sums().kinds(selectors))
  }

  /** @returns how many statistics were selected */
  reset(selectors: readonly string[]): MaybePromise<number> {
    if (this.alone) return this.numbers.reset(selectors)
    return this.resetAll(selectors)
  }

  lastKnown(selectors: readonly string[]): Record<string, number> {
    return this.sums().read(selectors)
  }

  /** A child has ended. Its gauges tell of a process that is no more; its counters of what has happened, which stays. */
  add({ numbers }: Counting): void {
    const counters = numbers.filter(({ counter }) => counter)
    this.departed = sumSamples([...this.departed, ...counters])
  }

  /** Whether there never were any numbers but those of this process. */
  private get alone(): boolean {
    return this.departed.length === 0 && this.children().length === 0
  }

  private sums(): Statistics {
    const children = this.children().flatMap(({ numbers }) => numbers)
    return statisticsOf(sumSamples([...this.own.take(), ...children, ...this.departed]))
  }

  private refreshed<T>(result: () => T): MaybePromise<T> {
    return this.children().length === 0 ? result() : this.refresh().then(result)
  }

  /**
   * Asks the children. All who want fresh numbers while they are being asked wait for one more round together: one that has
   * begun already may have passed by what happened just now.
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

  /** The names are found here first: a bare name must mean the same statistic in every process. */
  private async resetAll(selectors: readonly string[]): Promise<number> {
    const names = Object.keys(await this.kinds(selectors))
    this.numbers.reset(names)
    this.departed = resetSamples(this.departed, names)
    await Promise.all(this.children().map((child) => child.reset(names)))
    return names.length
  }
}
