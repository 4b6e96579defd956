import { CommandError, ErrorCode } from '@mi/contract'
import type { ListedProcess, OwnProcess, Processes } from '../processes.js'
import type { Sample } from '../statistics.js'
import { Validation } from '../validation.js'
import { answers, type ErrorChain, type FromChild, type Question } from './messages.js'
import type { Outbox } from './outbox.js'
import { type Parsed, parserOf } from './parse.js'
import { revivedError } from './portable-error.js'
import { SampleTaker } from './sample-taker.js'

/** How long a command waits for the main process, which itself may wait for other children: three seconds at most. */
const ANSWER_TIMEOUT_MS = 5_000

/** How often a child tells its numbers unasked, when they have changed. */
const REPORT_EVERY_MS = 1_000

const unanswered = new CommandError(ErrorCode.ServerError, undefined, 'The main process does not answer')

interface Waiter {
  resolve(value: unknown): void
  reject(reason: unknown): void
}

/**
 * All processes, seen from a child: it asks the main one. There are no more questions under way than commands, which the
 * engine bounds.
 */
export class MainLink implements Processes {
  readonly startChildren = undefined
  private readonly samples: SampleTaker
  private readonly parse = answerParsers(new Validation())
  private readonly waiters = new Map<number, Waiter>()
  private lastAsked = 0
  private lastReport = ''
  private timer: NodeJS.Timeout | undefined

  constructor(
    private readonly outbox: Outbox<FromChild>,
    private readonly own: OwnProcess,
  ) {
    this.samples = new SampleTaker(own.numbers, own.log)
  }

  list(): Promise<readonly ListedProcess[]> {
    return this.ask({ type: 'processes' }, this.parse.processes)
  }

  setLevel(level: number, pid: number | undefined): Promise<boolean> {
    return this.ask({ type: 'level', level, pid }, this.parse.level)
  }

  read(selectors: readonly string[]): Promise<Record<string, number>> {
    return this.ask({ type: 'read', selectors: [...selectors] }, this.parse.read)
  }

  kinds(selectors: readonly string[]): Promise<Record<string, 'incremental' | 'non-incremental'>> {
    return this.ask({ type: 'kinds', selectors: [...selectors] }, this.parse.kinds)
  }

  reset(selectors: readonly string[]): Promise<number> {
    return this.ask({ type: 'reset', selectors: [...selectors] }, this.parse.reset)
  }

  lastKnown(selectors: readonly string[]): Record<string, number> {
    return this.own.numbers.read(selectors)
  }

  kill(): void {
    this.outbox.insist({ type: 'kill' })
  }

  async close(): Promise<void> {
    clearInterval(this.timer)
  }

  /** Tells the main process that this one listens, and from then on its numbers. */
  begin(): void {
    this.outbox.insist({ type: 'ready', samples: this.samples.take() })
    this.timer = setInterval(() => this.report(), REPORT_EVERY_MS)
    // What serves keeps the process alive, not this.
    this.timer.unref()
  }

  /** Tells the numbers for the last time. @param sent called when they are on their way, or cannot be sent any more */
  end(sent: () => void): void {
    this.outbox.insist({ type: 'numbers', id: 0, samples: this.samples.take() }, sent)
  }

  setOwnLevel(level: number): void {
    this.own.logLevel.set(level)
  }

  tellNumbers(id: number): void {
    this.outbox.offer({ type: 'numbers', id, samples: this.samples.take() })
  }

  resetOwn(id: number, names: readonly string[]): void {
    this.own.numbers.reset(names)
    this.tellNumbers(id)
  }

  answered(id: number, value: unknown): void {
    this.waiters.get(id)?.resolve(value)
  }

  failed(id: number, error: ErrorChain): void {
    this.waiters.get(id)?.reject(revivedError(error))
  }

  private report(): void {
    const samples: Sample[] = this.samples.take()
    const report = JSON.stringify(samples)
    if (report !== this.lastReport && this.outbox.offer({ type: 'numbers', id: 0, samples })) this.lastReport = report
  }

  /** @throws CommandError when the main process does not answer */
  private async ask<T>(question: Question, parse: (received: unknown) => Parsed<T>): Promise<T> {
    const parsed = parse(await this.answerTo(question))
    if ('value' in parsed) return parsed.value
    throw new TypeError(`the main process answered '${question.type}' wrongly: ${parsed.problem}`)
  }

  private async answerTo(question: Question): Promise<unknown> {
    const id = ++this.lastAsked
    if (!this.outbox.offer({ type: 'ask', id, question })) throw unanswered
    let timer: NodeJS.Timeout | undefined
    try {
      return await new Promise<unknown>((resolve, reject) => {
        this.waiters.set(id, { resolve, reject })
        timer = setTimeout(() => reject(unanswered), ANSWER_TIMEOUT_MS)
      })
    } finally {
      clearTimeout(timer)
      this.waiters.delete(id)
    }
  }
}

function answerParsers(validation: Validation) {
  return {
    processes: parserOf(validation, "answer to 'processes'", answers.processes),
    level: parserOf(validation, "answer to 'level'", answers.level),
    read: parserOf(validation, "answer to 'read'", answers.read),
    kinds: parserOf(validation, "answer to 'kinds'", answers.kinds),
    reset: parserOf(validation, "answer to 'reset'", answers.reset),
  }
}
