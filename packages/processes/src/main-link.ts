import { CommandError, ErrorCode } from '@mi/contract'
import type { ListedProcess, OwnProcess, Processes, Sample, StatisticKind } from '@mi/core'
import { type FromChild, type PortableError, type Question, revivedError, type Sender } from './channel.js'

/** How long a command waits for the main process, which itself may wait for other children: three seconds at most. */
const REPLY_TIMEOUT_MS = 5_000

/** How often a child sends its numbers without being asked, when they have changed. */
const REPORT_EVERY_MS = 1_000

const NO_REPLY = new CommandError(ErrorCode.ServerError, undefined, 'The main process does not answer')

interface Waiter {
  resolve(value: unknown): void
  reject(reason: unknown): void
}

/** What the main process replies to each question. */
interface Replies {
  readonly list: readonly ListedProcess[]
  readonly level: boolean
  readonly read: Record<string, number>
  readonly kinds: Record<string, StatisticKind>
  readonly reset: number
}

/**
 * All processes, seen from a child: it asks the main process. There are no more questions under way than commands, which the
 * engine bounds.
 */
export class MainLink implements Processes {
  readonly startChildren = undefined
  private readonly waiters = new Map<number, Waiter>()
  private lastAsked = 0
  private lastReport = ''
  private timer: NodeJS.Timeout | undefined

  constructor(
    private readonly sender: Sender<FromChild>,
    private readonly own: OwnProcess,
  ) {}

  list(): Promise<readonly ListedProcess[]> {
    return this.ask({ type: 'list' })
  }

  setLevel(level: number, pid: number | undefined): Promise<boolean> {
    return this.ask({ type: 'level', level, pid })
  }

  read(selectors: readonly string[]): Promise<Record<string, number>> {
    return this.ask({ type: 'read', selectors })
  }

  kinds(selectors: readonly string[]): Promise<Record<string, StatisticKind>> {
    return this.ask({ type: 'kinds', selectors })
  }

  reset(selectors: readonly string[]): Promise<number> {
    return this.ask({ type: 'reset', selectors })
  }

  lastKnown(selectors: readonly string[]): Record<string, number> {
    return this.own.statistics.of(this.samples()).read(selectors)
  }

  /** Those of this process alone. */
  samples(): Sample[] {
    return this.own.statistics.samples(this.own.log)
  }

  kill(): void {
    this.sender.insist({ type: 'kill' })
  }

  async close(): Promise<void> {
    clearInterval(this.timer)
  }

  /** Reports that this process listens, and from then on its numbers. */
  begin(): void {
    this.sender.insist({ type: 'ready', samples: this.samples() })
    this.timer = setInterval(() => this.report(), REPORT_EVERY_MS)
    // The transport keeps the process alive, not this.
    this.timer.unref()
  }

  /** Sends the numbers for the last time. @param sent called when they are on their way, or cannot be sent any more */
  end(sent: () => void): void {
    this.sender.insist({ type: 'numbers', id: 0, samples: this.samples() }, sent)
  }

  setOwnLevel(level: number): void {
    this.own.logLevel.set(level)
  }

  sendNumbers(id: number): void {
    this.sender.offer({ type: 'numbers', id, samples: this.samples() })
  }

  resetOwn(id: number, names: readonly string[]): void {
    this.own.statistics.reset(names)
    this.sendNumbers(id)
  }

  replied(id: number, value: unknown): void {
    this.waiters.get(id)?.resolve(value)
  }

  refused(id: number, error: PortableError): void {
    this.waiters.get(id)?.reject(revivedError(error))
  }

  private report(): void {
    const samples = this.samples()
    const report = JSON.stringify(samples)
    if (report !== this.lastReport && this.sender.offer({ type: 'numbers', id: 0, samples })) this.lastReport = report
  }

  /** @throws CommandError when the main process does not answer */
  private async ask<Type extends Question['type']>(
    question: Question & { readonly type: Type },
  ): Promise<Replies[Type]> {
    const id = ++this.lastAsked
    if (!this.sender.offer({ type: 'ask', id, question })) throw NO_REPLY
    let timer: NodeJS.Timeout | undefined
    try {
      const reply = await new Promise<unknown>((resolve, reject) => {
        this.waiters.set(id, { resolve, reject })
        timer = setTimeout(() => reject(NO_REPLY), REPLY_TIMEOUT_MS)
      })
      return replyTo<Type>(reply)
    } finally {
      clearTimeout(timer)
      this.waiters.delete(id)
    }
  }
}

/** Holds because the main process runs this version of this package: `answer` in cluster.ts. */
function replyTo<Type extends Question['type']>(reply: unknown): Replies[Type] {
  return reply as Replies[Type]
}
