import type { ChildProcess } from 'node:child_process'
import type { MiLogger } from '@mi/contract'
import {
  type Configuration,
  type FromChild,
  opened,
  portableError,
  revivedError,
  Sender,
  type ToChild,
} from './channel.js'
import { type ProcessEnd, processEnd } from './fork.js'
import { ChildSamples } from './samples.js'

/** What a child sends that is for the main process, not for the handle of the child. */
export type ChildRequest = Extract<FromChild, { readonly type: 'ask' | 'log' | 'kill' }>

/** What a child is called, and how long it may take. */
export interface ChildIdentity {
  /** Its number in `ps`. */
  readonly id: number
  /** Its type in `ps`. */
  readonly type: string
  /** How long it may take to listen, in milliseconds; 0 is without limit. */
  readonly startTimeoutMs: number
}

/** A child process, as the main process has it: from its start to its end. */
export class ChildHandle {
  readonly id: number
  readonly pid: number
  readonly type: string
  level: number
  readonly samples: ChildSamples
  /** Resolves when the child listens; rejects when it cannot, or ends before. */
  readonly ready: Promise<void>
  readonly exited: Promise<ProcessEnd>
  /** Why it could not listen. */
  failure: Error | undefined
  private resolveReady = (): void => {}
  private rejectReady: (reason: Error) => void = () => {}
  private listeningSince: number | undefined
  private endedAt: number | undefined
  private readonly startTimer: NodeJS.Timeout | undefined
  private readonly sender: Sender<ToChild>
  /** Whether the channel did not take the level because it was backed up. */
  private owesLevel = false

  /** @param onRequest called with what the child asks of the main process */
  constructor(
    private readonly process: ChildProcess,
    { id, type, startTimeoutMs }: ChildIdentity,
    configuration: Configuration,
    private readonly log: MiLogger,
    private readonly onRequest: (child: ChildHandle, request: ChildRequest) => void,
  ) {
    this.id = id
    this.type = type
    this.pid = process.pid ?? 0
    this.level = configuration.level
    this.sender = new Sender({ send: (message, sent) => process.send(message, sent) }, () => this.drained())
    this.samples = new ChildSamples(this.sender)
    this.ready = new Promise((resolve, reject) => {
      this.resolveReady = resolve
      this.rejectReady = reject
    })
    // Looked at when a child is started for the first time; a successor's failure shows when it ends.
    this.ready.catch(() => {})
    if (startTimeoutMs > 0) this.startTimer = setTimeout(() => this.tooSlow(startTimeoutMs), startTimeoutMs)
    this.exited = processEnd(process).then((end) => this.ended(end))
    process.on('message', (received) => this.receive(received))
    // Without a pid the system could not start it: `exited` says why.
    if (process.pid !== undefined) this.sender.insist({ type: 'configure', configuration })
  }

  /** Whether it has listened, and has not ended. */
  get serves(): boolean {
    return this.listeningSince !== undefined && this.endedAt === undefined
  }

  /** How long it has listened, in milliseconds; 0 when it never did. */
  get listenedMs(): number {
    return this.listeningSince === undefined ? 0 : (this.endedAt ?? performance.now()) - this.listeningSince
  }

  setLevel(level: number): void {
    this.level = level
    this.owesLevel = !this.sender.offer({ type: 'level', level })
  }

  /** Answers a question. Where the channel is backed up, the command in the child fails when its time is up. */
  reply(id: number, value: unknown): void {
    this.sender.offer({ type: 'reply', id, value })
  }

  refuse(id: number, error: unknown): void {
    this.sender.offer({ type: 'refused', id, error: portableError(error) })
  }

  /** Asks it to end gracefully. */
  close(): void {
    if (this.process.pid !== undefined) this.sender.insist({ type: 'close' })
  }

  /** Ends it at once. */
  kill(): void {
    this.process.kill('SIGKILL')
  }

  private receive(received: unknown): void {
    const message = opened<FromChild>(received)
    if (message === undefined) {
      this.log.warn({ id: this.id, pid: this.pid }, 'ignored a message of a child process that is not one of MI')
      return
    }
    switch (message.type) {
      case 'numbers':
        this.samples.report(message.id, message.samples)
        break
      case 'ready':
        this.samples.begin(message.samples)
        this.listeningSince = performance.now()
        clearTimeout(this.startTimer)
        this.resolveReady()
        break
      case 'failed':
        this.fail(revivedError(message.error))
        break
      default:
        this.onRequest(this, message)
    }
  }

  private tooSlow(limitMs: number): void {
    this.fail(new Error(`it did not listen within ${limitMs} ms (limits.childStartTimeoutMs)`))
    this.kill()
  }

  private fail(reason: Error): void {
    this.failure ??= reason
    this.rejectReady(reason)
  }

  private ended(end: ProcessEnd): ProcessEnd {
    this.endedAt = performance.now()
    clearTimeout(this.startTimer)
    this.samples.end()
    if (end.error !== undefined) this.fail(end.error)
    this.rejectReady(new Error(`it ended before it listened (${end.signal ?? `exit code ${end.code}`})`))
    return end
  }

  /** The channel takes messages again: what could not be sent is sent now. */
  private drained(): void {
    if (this.owesLevel) this.setLevel(this.level)
    this.samples.drained()
  }
}
