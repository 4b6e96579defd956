import type { Children, ChildrenOptions } from '@mi/contract'
import type {
  ListedProcess,
  OwnProcess,
  Processes,
  ProcessRole,
  Sample,
  SharedOptions,
  StartChildren,
  StatisticKind,
} from '@mi/core'
import { LARGEST_TIMER_MS } from '@mi/internal/options'
import type { Question } from './channel.js'
import { ChildGroup } from './child-group.js'
import { ChildHandle, type ChildRequest } from './child-handle.js'
import { childProgram, forkChild, sharedConfiguration } from './fork.js'
import { revivedFields } from './relay-log.js'
import { Totals } from './totals.js'

/** A child is given this much longer to end than its engine takes at most, in milliseconds. */
const CLOSE_SLACK_MS = 1_000

/**
 * The role of a main process: lets the transports of an engine be served by child processes. For the option `processes` of
 * `createMi`. Nothing is started before a transport asks for it.
 */
export function cluster(): ProcessRole {
  return { inherited: undefined, connect: (own, options) => new MainProcess(own, options) }
}

/** All processes, seen from the main one: it starts the others, and what they ask of each other goes through it. */
class MainProcess implements Processes {
  readonly startChildren: StartChildren | undefined
  private readonly groups = new Set<ChildGroup>()
  private readonly takenIds = new Set<number>()
  private readonly totals: Totals
  /** The log level of new processes. */
  private level: number

  constructor(
    private readonly own: OwnProcess,
    private readonly engine: SharedOptions,
  ) {
    this.level = own.logLevel.get()
    this.totals = new Totals(own, () => this.children().map(({ samples }) => samples))
    // Windows cannot pass on a descriptor by its number, and has no signals.
    this.startChildren = process.platform === 'win32' ? undefined : (group, options) => this.start(group, options)
  }

  list(): readonly ListedProcess[] {
    const { type, logLevel } = this.own
    const main = { id: 0, pid: process.pid, type, level: logLevel.get() }
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

  read(selectors: readonly string[]): Record<string, number> | Promise<Record<string, number>> {
    return this.totals.read(selectors)
  }

  kinds(selectors: readonly string[]): Record<string, StatisticKind> | Promise<Record<string, StatisticKind>> {
    return this.totals.kinds(selectors)
  }

  reset(selectors: readonly string[]): number | Promise<number> {
    return this.totals.reset(selectors)
  }

  lastKnown(selectors: readonly string[]): Record<string, number> {
    return this.totals.lastKnown(selectors)
  }

  samples(): readonly Sample[] {
    return this.totals.samples()
  }

  kill(): void {
    this.own.kill()
  }

  /** Transports close their children; this is for those of a transport that could not. */
  async close(): Promise<void> {
    await Promise.all([...this.groups].map((group) => group.close()))
  }

  private async start(group: string, options: ChildrenOptions): Promise<Children> {
    const { count, descriptors, processType, onDeath } = options
    const { limits } = this.engine
    const configuration = sharedConfiguration(group, options, this.own, this.engine)
    childProgram()
    const ids = this.takeIds(count)
    const children = new ChildGroup({
      count,
      processType,
      group,
      graceMs: Math.min(limits.closeTimeoutMs + CLOSE_SLACK_MS, LARGEST_TIMER_MS),
      onDeath,
      log: this.own.log,
      spawn: (index) =>
        new ChildHandle(
          forkChild(processType, descriptors),
          { id: ids[index] ?? 0, type: processType, startTimeoutMs: limits.childStartTimeoutMs },
          { ...configuration, index, level: this.level },
          this.own.log,
          (child, request) => this.take(child, request),
        ),
      onEnd: ({ samples }) => this.totals.add(samples),
    })
    const close = async (): Promise<void> => {
      await children.close()
      // Once: a later group may have taken the numbers.
      if (this.groups.delete(children)) for (const id of ids) this.takenIds.delete(id)
    }
    this.groups.add(children)
    try {
      await children.start()
    } catch (error) {
      await close()
      throw error
    }
    return { close }
  }

  /** Does what a child asks for. */
  private take(child: ChildHandle, request: ChildRequest): void {
    switch (request.type) {
      case 'ask':
        this.answer(request.question).then(
          (value) => child.reply(request.id, value),
          (error: unknown) => child.refuse(request.id, error),
        )
        break
      case 'log':
        this.own.log[request.level]({ ...revivedFields(request), pid: child.pid }, request.message)
        break
      case 'kill':
        this.kill()
        break
    }
  }

  private async answer(question: Question): Promise<unknown> {
    switch (question.type) {
      case 'list':
        return this.list()
      case 'level':
        return this.setLevel(question.level, question.pid)
      case 'read':
        return this.read(question.selectors)
      case 'kinds':
        return this.kinds(question.selectors)
      case 'reset':
        return this.reset(question.selectors)
    }
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
