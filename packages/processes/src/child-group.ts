import { MiError, type MiLogger } from '@mi/contract'
import { BackOff } from '@mi/internal/back-off'
import { errorText } from '@mi/internal/error-text'
import type { ChildHandle } from './child-handle.js'
import type { ProcessEnd } from './fork.js'

/** Pauses before a child that has ended is replaced. One that has listened for `healthyMs` did not end for a lasting reason. */
const RESTART = { firstMs: 50, longestMs: 5_000, healthyMs: 200 }

/** What a group of children is made of. */
export interface GroupOptions {
  readonly count: number
  readonly processType: string
  /** Statistics group of the transport. */
  readonly group: string
  /** How long a child may take to end once it is asked, in milliseconds. */
  readonly graceMs: number
  readonly onDeath: ((index: number) => void) | undefined
  readonly log: MiLogger
  /** Starts the child of a slot. @throws what the system says when it cannot start a process */
  readonly spawn: (index: number) => ChildHandle
  /** Called for each child that has ended. */
  readonly onEnd: (child: ChildHandle) => void
}

/** The children of one transport. */
export class ChildGroup {
  private readonly slots: readonly ChildSlot[]
  private closing: Promise<void> | undefined

  constructor(options: GroupOptions) {
    this.slots = Array.from({ length: options.count }, (_none, index) => new ChildSlot(index, options))
  }

  /** All that have a process now, whether it listens already or not. */
  get children(): ChildHandle[] {
    return this.slots.flatMap(({ current }) => current ?? [])
  }

  /** Starts them all. @throws MiError `MI_LISTEN` when one cannot listen; all have ended again then */
  async start(): Promise<void> {
    try {
      await Promise.all(this.slots.map((slot) => slot.start()))
    } catch (error) {
      await this.close()
      throw error
    }
  }

  close(): Promise<void> {
    this.closing ??= Promise.all(this.slots.map((slot) => slot.close())).then(() => {})
    return this.closing
  }
}

/** The place of one child: starts it, replaces it when it dies, ends it. */
class ChildSlot {
  /** The process that has the place now. */
  current: ChildHandle | undefined
  /** Whether a child of this slot has ever listened: before that, its end is a failure to start. */
  private proven = false
  private closing: Promise<void> | undefined
  private timer: NodeJS.Timeout | undefined
  private readonly backOff = new BackOff(RESTART)

  constructor(
    private readonly index: number,
    private readonly options: GroupOptions,
  ) {}

  /** Starts the first child. @throws MiError `MI_LISTEN` when it cannot listen */
  async start(): Promise<void> {
    try {
      await this.launch().ready
    } catch (cause) {
      const { count, processType } = this.options
      const which = `child process ${this.index + 1} of ${count} (${processType})`
      throw new MiError('MI_LISTEN', `${which} could not start: ${errorText(cause)}`, { cause })
    }
  }

  /** Ends the child, by force when it has not ended in time; it is not replaced. May be called again. */
  close(): Promise<void> {
    this.closing ??= this.closeOnce()
    return this.closing
  }

  private launch(): ChildHandle {
    const child = this.options.spawn(this.index)
    this.current = child
    void child.exited.then((end) => this.ended(child, end))
    return child
  }

  private ended(child: ChildHandle, end: ProcessEnd): void {
    this.current = undefined
    this.proven ||= child.listenedMs > 0
    this.options.onEnd(child)
    if (this.closing !== undefined || !this.proven) return
    const pauseMs = this.backOff.next(child.listenedMs)
    this.reportDeath(child, end, pauseMs)
    // `onDeath` may have closed all.
    if (this.closing === undefined) this.timer = setTimeout(() => this.relaunch(), pauseMs)
  }

  private reportDeath({ id, pid, failure }: ChildHandle, { code, signal }: ProcessEnd, pauseMs: number): void {
    const { group, log, onDeath } = this.options
    const reason = failure === undefined ? {} : { err: failure }
    const fields = { transport: group, id, pid, code, signal, pauseMs, ...reason }
    log.error(fields, 'a child process ended; it is replaced after the pause')
    try {
      onDeath?.(this.index)
    } catch (error) {
      log.error({ transport: group, err: error }, 'onDeath of a transport failed')
    }
  }

  private relaunch(): void {
    try {
      this.launch()
    } catch (error) {
      const { group, log } = this.options
      const pauseMs = this.backOff.next(0)
      const fields = { transport: group, index: this.index, pauseMs, err: error }
      log.error(fields, 'a child process could not be started; tried again after the pause')
      this.timer = setTimeout(() => this.relaunch(), pauseMs)
    }
  }

  private async closeOnce(): Promise<void> {
    clearTimeout(this.timer)
    const child = this.current
    if (child === undefined) return
    const { group, graceMs, log } = this.options
    const timer = setTimeout(() => {
      const { id, pid } = child
      log.error({ transport: group, id, pid, graceMs }, 'a child process did not end in time; killed')
      child.kill()
    }, graceMs)
    child.close()
    await child.exited
    clearTimeout(timer)
  }
}
