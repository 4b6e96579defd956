import { BackOff } from './back-off.js'
import type { ChildHandle } from './child-handle.js'
import type { ProcessEnd } from './process-end.js'

/** How a slot gets its children, and whom it tells of their ends. */
export interface SlotHost {
  /** @throws what the system says when it cannot start a process */
  spawn(index: number): ChildHandle
  /** A child has ended, asked or not. */
  ended(child: ChildHandle): void
  /** One has ended unasked; a successor is started after the pause. */
  died(index: number, child: ChildHandle, end: ProcessEnd, pauseMs: number): void
  /** The system could not start a successor; it is tried again after the pause. */
  notStarted(index: number, error: unknown, pauseMs: number): void
  /** One did not end in time after it was asked, and is ended by force. */
  overdue(child: ChildHandle): void
}

/** The place of one child: starts it, replaces it when it dies, ends it. */
export class ChildSlot {
  /** The process that has the place now. */
  current: ChildHandle | undefined
  /** Whether a child of this slot has ever listened: before that, its end is a failure to start. */
  private proven = false
  private closing: Promise<void> | undefined
  private timer: NodeJS.Timeout | undefined
  private readonly backOff = new BackOff()

  constructor(
    private readonly index: number,
    private readonly host: SlotHost,
  ) {}

  /** Starts the first child. Rejects when it does not come to listen. */
  async start(): Promise<void> {
    await this.launch().ready
  }

  /** Ends the child, by force when it has not ended `graceMs` after it was asked; none follows. May be called again. */
  close(graceMs: number): Promise<void> {
    this.closing ??= this.closeOnce(graceMs)
    return this.closing
  }

  private launch(): ChildHandle {
    const child = this.host.spawn(this.index)
    this.current = child
    void child.exited.then((end) => this.ended(child, end))
    return child
  }

  private ended(child: ChildHandle, end: ProcessEnd): void {
    this.current = undefined
    this.proven ||= child.listenedMs > 0
    this.host.ended(child)
    if (this.closing !== undefined || !this.proven) return
    const pauseMs = this.backOff.next(child.listenedMs)
    this.host.died(this.index, child, end, pauseMs)
    // `died` may have closed all.
    if (this.closing === undefined) this.timer = setTimeout(() => this.relaunch(), pauseMs)
  }

  private relaunch(): void {
    try {
      this.launch()
    } catch (error) {
      const pauseMs = this.backOff.next(0)
      this.host.notStarted(this.index, error, pauseMs)
      this.timer = setTimeout(() => this.relaunch(), pauseMs)
    }
  }

  private async closeOnce(graceMs: number): Promise<void> {
    clearTimeout(this.timer)
    const child = this.current
    if (child === undefined) return
    const timer = setTimeout(() => {
      this.host.overdue(child)
      child.kill()
    }, graceMs)
    child.close()
    await child.exited
    clearTimeout(timer)
  }
}
