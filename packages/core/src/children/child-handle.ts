import type { ChildProcess } from 'node:child_process'
import type { Sample } from '../statistics.js'
import type { Configuration, FromChild, Question, ToChild } from './messages.js'
import { Outbox } from './outbox.js'
import type { Parsed } from './parse.js'
import { portableError, revivedError } from './portable-error.js'
import { type ProcessEnd, processEnd } from './process-end.js'
import { Replies } from './replies.js'
import { resetSamples } from './sums.js'

/** How long a child is waited for before its last known numbers are taken. */
const NUMBERS_TIMEOUT_MS = 1_000

/** Questions that a child has not answered, at most: one that hangs is not asked again and again. */
const MOST_UNANSWERED = 8

/** What a child tells that is not for its handle to deal with. */
export interface ChildEvents {
  parse(message: unknown): Parsed<FromChild>
  ask(child: ChildHandle, id: number, question: Question): void
  log(child: ChildHandle, line: Extract<FromChild, { type: 'log' }>): void
  malformed(child: ChildHandle, problem: string): void
  kill(): void
}

/** What a child is called, and how long it may take. */
export interface ChildIdentity {
  /** Its number in `ps`. */
  readonly id: number
  /** Its type in `ps`. */
  readonly type: string
  /** How long it may take to listen, in milliseconds; 0 is for ever. */
  readonly startTimeoutMs: number
}

/** A child process, as the main process has it: from its start to its end. */
export class ChildHandle {
  readonly id: number
  readonly pid: number
  readonly type: string
  level: number
  /** The numbers that it told last. */
  numbers: readonly Sample[] = []
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
  private readonly outbox: Outbox<ToChild>
  private readonly replies = new Replies()
  /** What the channel did not take when it was backed up. */
  private owedLevel = false
  private owedResets = new Set<string>()

  constructor(
    private readonly process: ChildProcess,
    { id, type, startTimeoutMs }: ChildIdentity,
    configuration: Configuration,
    private readonly events: ChildEvents,
  ) {
    this.id = id
    this.type = type
    this.pid = process.pid ?? 0
    this.level = configuration.level
    this.outbox = new Outbox({ send: (message, sent) => process.send(message, sent) }, () => this.drained())
    this.ready = new Promise((resolve, reject) => {
      this.resolveReady = resolve
      this.rejectReady = reject
    })
    // Whoever starts a child for the first time looks at it; a successor's failure shows when it ends.
    this.ready.catch(() => {})
    if (startTimeoutMs > 0) this.startTimer = setTimeout(() => this.tooSlow(startTimeoutMs), startTimeoutMs)
    this.exited = processEnd(process).then((end) => this.ended(end))
    process.on('message', (message) => this.receive(message))
    // Without a pid the system could not start it: `exited` says why.
    if (process.pid !== undefined) this.outbox.insist({ type: 'configure', configuration })
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
    this.owedLevel = !this.outbox.offer({ type: 'level', level })
  }

  /** Asks for the numbers as they are now. Never rejects: `numbers` stays as it was when the child does not answer in time. */
  refresh(): Promise<void> {
    const { replies } = this
    if (!this.serves) return Promise.resolve()
    // One that hangs: an answer to an earlier question will have to do.
    if (replies.unanswered >= MOST_UNANSWERED) return replies.wait(replies.last, NUMBERS_TIMEOUT_MS)
    const id = replies.next()
    return this.outbox.offer({ type: 'read', id }) ? replies.wait(id, NUMBERS_TIMEOUT_MS) : Promise.resolve()
  }

  /** Resets statistics in the child. @param names as `group:name` */
  reset(names: readonly string[]): Promise<void> {
    // One that does not listen yet has nothing to reset.
    if (!this.serves) return Promise.resolve()
    // In case that it does not answer.
    this.numbers = resetSamples(this.numbers, names)
    const id = this.replies.next()
    if (this.outbox.offer({ type: 'reset', id, names: [...names] })) return this.replies.wait(id, NUMBERS_TIMEOUT_MS)
    for (const name of names) this.owedResets.add(name)
    return Promise.resolve()
  }

  answer(id: number, value: unknown): void {
    // Not sent: the command in the child is answered an error when its time is up.
    this.outbox.offer({ type: 'answer', id, value })
  }

  refuse(id: number, error: unknown): void {
    this.outbox.offer({ type: 'failed', id, error: portableError(error) })
  }

  /** Asks it to end gracefully. */
  close(): void {
    if (this.process.pid !== undefined) this.outbox.insist({ type: 'close' })
  }

  /** Ends it at once. */
  kill(): void {
    this.process.kill('SIGKILL')
  }

  private receive(received: unknown): void {
    const parsed = this.events.parse(received)
    if ('problem' in parsed) this.events.malformed(this, parsed.problem)
    else this.take(parsed.value)
  }

  private take(message: FromChild): void {
    switch (message.type) {
      case 'numbers':
        this.numbers = message.samples
        this.replies.answered(message.id)
        break
      case 'ready':
        this.numbers = message.samples
        this.listeningSince = performance.now()
        clearTimeout(this.startTimer)
        this.resolveReady()
        break
      case 'failed':
        this.fail(revivedError(message.error))
        break
      case 'ask':
        this.events.ask(this, message.id, message.question)
        break
      case 'log':
        this.events.log(this, message)
        break
      case 'kill':
        this.events.kill()
        break
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
    this.replies.end()
    if (end.error !== undefined) this.fail(end.error)
    this.rejectReady(new Error(`it ended before it listened (${end.signal ?? `exit code ${end.code}`})`))
    return end
  }

  /** The channel takes messages again: what could not be sent is sent now. */
  private drained(): void {
    const { owedLevel, owedResets } = this
    this.owedLevel = false
    this.owedResets = new Set()
    if (owedLevel) this.setLevel(this.level)
    if (owedResets.size > 0) void this.reset([...owedResets])
  }
}
