import type { Children, ChildrenOptions, MiLogger } from '@mi/contract'
import type { Sample } from './statistics.js'

/** A value, or a promise of it where it takes another process to know. */
export type MaybePromise<T> = T | Promise<T>

/** Goes on with a value, at once when it is there: a command that needs no promise is to be answered without one. */
export function andThen<T, R>(value: MaybePromise<T>, next: (value: T) => R): MaybePromise<R> {
  return value instanceof Promise ? value.then(next) : next(value)
}

/** A process as `ps` and `log_level` list it. */
export interface ListedProcess {
  /** 0 is the main process; children count from 1. */
  readonly id: number
  readonly pid: number
  readonly type: string
  /** Its log level, -3 (alert) to 4 (debug). */
  readonly level: number
}

/** Whether a statistic counts up or is a gauge, as `list_statistics` calls it. */
export type StatisticKind = 'incremental' | 'non-incremental'

/** Starts children for a transport, whose statistics are those of `group`. */
export type StartChildren = (group: string, options: ChildrenOptions) => Promise<Children>

/**
 * What the commands ask of all the processes that serve MI together, in whichever of them they run. In an engine without
 * child processes nothing is a promise.
 */
export interface Processes {
  list(): MaybePromise<readonly ListedProcess[]>
  /**
   * Sets the log level of one process, or of all.
   * @returns whether there is a process of that pid
   */
  setLevel(level: number, pid: number | undefined): MaybePromise<boolean>
  /** The sums over all processes, under `group:name`. */
  read(selectors: readonly string[]): MaybePromise<Record<string, number>>
  /** The union over all processes. */
  kinds(selectors: readonly string[]): MaybePromise<Record<string, StatisticKind>>
  /** Resets in all processes. @returns how many statistics were selected */
  reset(selectors: readonly string[]): MaybePromise<number>
  /** As `read`, at once: other processes count with what they reported last. */
  lastKnown(selectors: readonly string[]): Record<string, number>
  /** All statistics as samples, summed as `lastKnown` does. */
  samples(): readonly Sample[]
  /** Closes all processes. */
  kill(): void
  /** Undefined where no children can be started. */
  readonly startChildren: StartChildren | undefined
  /** Ends the children that are left. */
  close(): Promise<void>
}

/** What an engine gives to its `ProcessRole`: its own process. */
export interface OwnProcess {
  /** What `ps` calls it. */
  readonly type: string
  readonly startedAt: Date
  readonly args: readonly string[]
  readonly statistics: OwnStatistics
  readonly logLevel: { get(): number; set(level: number): void }
  readonly log: MiLogger
  /** Closes the engine and calls `onKill`. */
  kill(): void
}

/** The statistics of one process. Selectors are `group:name`, `name`, `group:` and `all`. */
export interface OwnStatistics {
  /** All as they are now. One that throws is left out, and logged the first time. */
  samples(log: Pick<MiLogger, 'error'>): Sample[]
  /** Samples, those of several processes for instance, to select from. */
  of(samples: Iterable<Sample>): SelectableStatistics
  /** @returns how many statistics were selected */
  reset(selectors: readonly string[]): number
}

/** Statistics by selectors, under `group:name`. */
export interface SelectableStatistics {
  read(selectors: readonly string[]): Record<string, number>
  kinds(selectors: readonly string[]): Record<string, StatisticKind>
}

/** An engine that is the only one. */
export class SingleProcess implements Processes {
  readonly startChildren = undefined

  constructor(private readonly own: OwnProcess) {}

  list(): readonly ListedProcess[] {
    const { type, logLevel } = this.own
    return [{ id: 0, pid: process.pid, type, level: logLevel.get() }]
  }

  setLevel(level: number, pid: number | undefined): boolean {
    if (pid !== undefined && pid !== process.pid) return false
    this.own.logLevel.set(level)
    return true
  }

  read(selectors: readonly string[]): Record<string, number> {
    return this.own.statistics.of(this.samples()).read(selectors)
  }

  kinds(selectors: readonly string[]): Record<string, StatisticKind> {
    return this.own.statistics.of(this.samples()).kinds(selectors)
  }

  reset(selectors: readonly string[]): number {
    return this.own.statistics.reset(selectors)
  }

  lastKnown(selectors: readonly string[]): Record<string, number> {
    return this.read(selectors)
  }

  samples(): readonly Sample[] {
    return this.own.statistics.samples(this.own.log)
  }

  kill(): void {
    this.own.kill()
  }

  async close(): Promise<void> {}
}

/** What OpenSIPS logs at when nothing else is said (`log_level`): information and above. */
const INFO = 3

const byName: Readonly<Record<string, number>> = { fatal: -2, error: -1, warn: 1, info: 3, debug: 4, trace: 4 }

/** The log level of this process, -3 (alert) to 4 (debug), carried over to a logger that has a `level` as pino's have. */
export class LogLevel {
  private level: number

  constructor(
    private readonly log: MiLogger,
    private readonly onChange: (level: number) => void,
  ) {
    this.level = hasLevel(log) ? (byName[log.level] ?? INFO) : INFO
  }

  get(): number {
    return this.level
  }

  set(level: number): void {
    this.level = level
    if (hasLevel(this.log)) this.log.level = loggerLevel(level)
    this.onChange(level)
  }
}

function loggerLevel(level: number): string {
  if (level <= -2) return 'fatal'
  if (level <= 0) return 'error'
  if (level === 1) return 'warn'
  return level <= INFO ? 'info' : 'debug'
}

function hasLevel(log: object): log is { level: string } {
  return 'level' in log && typeof log.level === 'string'
}
