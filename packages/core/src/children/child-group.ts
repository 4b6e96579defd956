import { type Children, MiError, type MiLogger } from '@mi/contract'
import { messageOf } from '../message-of.js'
import type { ChildHandle } from './child-handle.js'
import { ChildSlot, type SlotHost } from './child-slot.js'
import type { ProcessEnd } from './process-end.js'

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
  /** Starts the child of a place. */
  spawn(index: number): ChildHandle
  /** Told of each child that has ended. */
  ended(child: ChildHandle): void
  /** Told once, when all have ended for good. */
  closed(group: ChildGroup): void
}

/** The children of one transport. */
export class ChildGroup implements Children, SlotHost {
  private readonly slots: readonly ChildSlot[]
  private closing: Promise<void> | undefined

  constructor(private readonly options: GroupOptions) {
    this.slots = Array.from({ length: options.count }, (_none, index) => new ChildSlot(index, this))
  }

  /** All that have a process now, whether it listens already or not. */
  get children(): ChildHandle[] {
    return this.slots.flatMap(({ current }) => current ?? [])
  }

  /** Starts them all. @throws MiError `MI_LISTEN` when one does not come to listen; all have ended again then */
  async start(): Promise<void> {
    try {
      await Promise.all(this.slots.map((slot, index) => this.startSlot(slot, index)))
    } catch (error) {
      await this.close()
      throw error
    }
  }

  close(): Promise<void> {
    this.closing ??= this.closeAll()
    return this.closing
  }

  spawn(index: number): ChildHandle {
    return this.options.spawn(index)
  }

  ended(child: ChildHandle): void {
    this.options.ended(child)
  }

  died(index: number, child: ChildHandle, { code, signal }: ProcessEnd, pauseMs: number): void {
    const { group, log, onDeath } = this.options
    const reason = child.failure === undefined ? {} : { err: child.failure }
    const fields = { transport: group, id: child.id, pid: child.pid, code, signal, pauseMs, ...reason }
    log.error(fields, 'a child process ended; another follows')
    try {
      onDeath?.(index)
    } catch (error) {
      log.error({ transport: group, err: error }, 'onDeath of a transport failed')
    }
  }

  notStarted(index: number, error: unknown, pauseMs: number): void {
    const { group, log } = this.options
    log.error({ transport: group, index, pauseMs, err: error }, 'a child process could not be started; tried again')
  }

  overdue({ id, pid }: ChildHandle): void {
    const { group, graceMs, log } = this.options
    log.error({ transport: group, id, pid, graceMs }, 'a child process did not end in time; killed')
  }

  private async startSlot(slot: ChildSlot, index: number): Promise<void> {
    try {
      await slot.start()
    } catch (cause) {
      const { count, processType } = this.options
      const which = `child process ${index + 1} of ${count} (${processType})`
      throw new MiError('MI_LISTEN', `${which} could not start: ${messageOf(cause)}`, { cause })
    }
  }

  private async closeAll(): Promise<void> {
    await Promise.all(this.slots.map((slot) => slot.close(this.options.graceMs)))
    this.options.closed(this)
  }
}
