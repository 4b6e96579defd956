import type { Children, ChildrenOptions, MiLogger } from '@mi/contract'
import type { LogLevel } from './log-level.js'
import type { MaybePromise } from './maybe-promise.js'
import type { ResolvedOptions } from './options.js'
import type { Statistics } from './statistics.js'

/** A process as `ps` and `log_level` list it. */
export interface ListedProcess {
  /** 0 is the main process; children count from 1. */
  readonly id: number
  readonly pid: number
  readonly type: string
  /** Its log level, -3 (alert) to 4 (debug). */
  readonly level: number
}

/** Starts children for a transport, whose statistics are those of `group`. */
export type StartChildren = (group: string, options: ChildrenOptions) => Promise<Children>

/**
 * What a command asks of all the processes that serve MI together, whichever of them it runs in. Nothing is a promise in
 * an engine without children.
 */
export interface Processes {
  list(): MaybePromise<readonly ListedProcess[]>
  /**
   * Sets the log level of one process, or of all.
   * @returns whether there is a process of that pid
   */
  setLevel(level: number, pid: number | undefined): MaybePromise<boolean>
  /** The sums over all processes, as `Statistics.read` gives those of one. */
  read(selectors: readonly string[]): MaybePromise<Record<string, number>>
  /** The union over all processes. */
  kinds(selectors: readonly string[]): MaybePromise<Record<string, 'incremental' | 'non-incremental'>>
  /** Resets in all processes. @returns how many statistics were selected */
  reset(selectors: readonly string[]): MaybePromise<number>
  /** As `read`, without asking anybody: the numbers of the other processes are those that they told last. */
  lastKnown(selectors: readonly string[]): Record<string, number>
  /** Closes all processes. */
  kill(): void
  /** Undefined where no children can be started. */
  readonly startChildren: StartChildren | undefined
  /** Ends what is left of the children. */
  close(): Promise<void>
}

/** What an engine lets its `Processes` have. */
export interface OwnProcess {
  readonly options: ResolvedOptions
  readonly numbers: Statistics
  readonly logLevel: LogLevel
  readonly log: MiLogger
  /** Closes the engine and tells the host program. */
  kill(): void
}

/** Which of the processes an engine runs in, and what follows from that. */
export interface Place {
  /** When the server, not this process, began. */
  readonly startedAt: Date
  /** The arguments that the server was started with. */
  readonly args: readonly string[]
  /** The statistics group of the transport, when it is not for this process to choose. */
  readonly transportGroup: string | undefined
  readonly join: (own: OwnProcess) => Processes
}
