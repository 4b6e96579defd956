import type { Children, ChildrenOptions } from '@mi/contract'
import type { MaybePromise } from '../maybe-promise.js'
import { LARGEST_TIMER_MS } from '../options.js'
import type { ListedProcess, OwnProcess, Place, Processes, StartChildren } from '../processes.js'
import { ChildGroup } from './child-group.js'
import { ChildHandle } from './child-handle.js'
import { sharedConfiguration } from './configuration.js'
import { childProgram, forkChild } from './fork.js'
import { Switchboard } from './switchboard.js'
import { Totals } from './totals.js'

/** A child is given this much longer to end than its engine takes at most, in milliseconds. */
const CLOSE_SLACK_MS = 1_000

/** All processes, seen from the main one: it starts the others, and what they ask of each other goes through it. */
export class MainProcess implements Processes {
  readonly startChildren: StartChildren | undefined
  private readonly groups = new Set<ChildGroup>()
  private readonly takenIds = new Set<number>()
  private readonly totals: Totals
  /** The log level of processes that nothing else was said of. */
  private level: number
  private switchboard: Switchboard | undefined

  constructor(
    private readonly own: OwnProcess,
    private readonly place: Pick<Place, 'startedAt' | 'args'>,
  ) {
    this.level = own.logLevel.get()
    this.totals = new Totals(own.numbers, () => this.children(), own.log)
    // Windows does not hand sockets on by number, and has no signals.
    this.startChildren = process.platform === 'win32' ? undefined : (group, options) => this.start(group, options)
  }

  list(): readonly ListedProcess[] {
    const { logLevel, options } = this.own
    const main = { id: 0, pid: process.pid, type: options.server.processType ?? 'MI server', level: logLevel.get() }
    return [main, ...this.serving().map(({ id, pid, type, level }) => ({ id, pid, type, level }))]
  }

  setLevel(level: number, pid: number | undefined): boolean {
    if (pid === undefined) {
      this.level = level
      this.own.logLevel.set(level)
      for (const child of this.children()) child.setLevel(level)
      return true
    }
    if (pid === process.pid) {
      this.own.logLevel.set(level)
      return true
    }
    const child = this.serving().find((each) => each.pid === pid)
    child?.setLevel(level)
    return child !== undefined
  }

  read(selectors: readonly string[]): MaybePromise<Record<string, number>> {
    return this.totals.read(selectors)
  }

  kinds(selectors: readonly string[]): MaybePromise<Record<string, 'incremental' | 'non-incremental'>> {
    return this.totals.kinds(selectors)
  }

  reset(selectors: readonly string[]): MaybePromise<number> {
    return this.totals.reset(selectors)
  }

  lastKnown(selectors: readonly string[]): Record<string, number> {
    return this.totals.lastKnown(selectors)
  }

  kill(): void {
    this.own.kill()
  }

  /** Transports close their children; what is left is of one that could not. */
  async close(): Promise<void> {
    await Promise.all([...this.groups].map((group) => group.close()))
  }

  private async start(group: string, options: ChildrenOptions): Promise<Children> {
    const { count, descriptors, processType, onDeath } = options
    const { log, options: engine } = this.own
    const configuration = sharedConfiguration(group, options, this.own, this.place)
    childProgram()
    this.switchboard ??= new Switchboard(this, log)
    const events = this.switchboard
    const ids = this.takeIds(count)
    const children = new ChildGroup({
      count,
      processType,
      group,
      graceMs: Math.min(engine.limits.closeTimeoutMs + CLOSE_SLACK_MS, LARGEST_TIMER_MS),
      onDeath,
      log,
      spawn: (index) =>
        new ChildHandle(
          forkChild(processType, descriptors),
          { id: ids[index] ?? 0, type: processType, startTimeoutMs: engine.limits.childStartTimeoutMs },
          { ...configuration, index, level: this.level },
          events,
        ),
      ended: (child) => this.totals.add(child),
      closed: (closed) => {
        this.groups.delete(closed)
        for (const id of ids) this.takenIds.delete(id)
      },
    })
    this.groups.add(children)
    await children.start()
    return children
  }

  /** The lowest that are free: 0 is this process. */
  private takeIds(count: number): number[] {
    const ids: number[] = []
    for (let id = 1; ids.length < count; id++) if (!this.takenIds.has(id)) ids.push(id)
    for (const id of ids) this.takenIds.add(id)
    return ids
  }

  private children(): ChildHandle[] {
    return [...this.groups].flatMap((group) => group.children)
  }

  private serving(): ChildHandle[] {
    return this.children()
      .filter(({ serves }) => serves)
      .sort((one, other) => one.id - other.id)
  }
}

/** The place of an engine that a program creates. */
export function mainPlace(): Place {
  const place = {
    startedAt: new Date(),
    args: [process.argv0, ...process.execArgv, ...process.argv.slice(1)],
    transportGroup: undefined,
  }
  return { ...place, join: (own) => new MainProcess(own, place) }
}
