import { CommandError, ErrorCode } from '@mi/contract'
import { tooLong } from './json-value.js'

/** The text of a reply; null when there is none. */
export type Reply = string | null

/** After this long, others are served before the batch goes on. */
const SLICE_MS = 20

/** What a batch needs to know of its entries. */
export interface BatchEntries {
  readonly count: number
  /** Never throws and never rejects. */
  run(index: number): Reply | Promise<Reply>
  /** The reply to an entry that is refused, or whose reply cannot be sent; null for a notification. */
  refuse(index: number, error: CommandError): Reply
}

/**
 * Runs the entries of one batch, side by side where they answer later. Once the replies are longer than the limit, the
 * remaining entries are not run but answered -32000; so is the one whose reply did not fit.
 */
export class Batch {
  private readonly replies: Reply[]
  private readonly late: Promise<void>[] = []
  private next = 0
  /** Of the replies so far, with brackets and commas. */
  private bytes = 1
  private full = false
  private notRun: CommandError | undefined

  constructor(
    private readonly entries: BatchEntries,
    private readonly maxBytes: number,
  ) {
    this.replies = Array.from({ length: entries.count }, () => null)
  }

  /** @returns null when no entry is answered */
  run(): Reply | Promise<Reply> {
    if (!this.runSlice()) return this.runOn()
    return this.late.length === 0 ? this.joined() : this.joinLater()
  }

  private async runOn(): Promise<Reply> {
    do {
      await new Promise(setImmediate)
    } while (!this.runSlice())
    return this.joinLater()
  }

  private async joinLater(): Promise<Reply> {
    await Promise.all(this.late)
    return this.joined()
  }

  /** @returns whether all entries have run, or begun to */
  private runSlice(): boolean {
    const until = performance.now() + SLICE_MS
    do {
      if (this.next === this.entries.count) return true
      this.runNext()
    } while (performance.now() < until)
    return this.next === this.entries.count
  }

  private runNext(): void {
    const index = this.next++
    if (this.full) {
      this.store(index, this.entries.refuse(index, this.notRunError()))
      return
    }
    const reply = this.entries.run(index)
    if (reply instanceof Promise) this.late.push(reply.then((text) => this.keep(index, text)))
    else this.keep(index, reply)
  }

  /** What no longer fits is not kept, also where it comes late: together such replies may be a thousand times the limit. */
  private keep(index: number, reply: Reply): void {
    if (reply === null) return
    if (this.bytes + Buffer.byteLength(reply) + 1 <= this.maxBytes) {
      this.store(index, reply)
      return
    }
    this.full = true
    this.store(index, this.entries.refuse(index, tooLong(this.maxBytes)))
  }

  private store(index: number, reply: Reply): void {
    this.replies[index] = reply
    this.bytes += reply === null ? 0 : Buffer.byteLength(reply) + 1
  }

  private joined(): Reply {
    if (this.bytes > this.maxBytes) this.makeRoom()
    const answered = this.replies.filter((reply) => reply !== null)
    return answered.length === 0 ? null : `[${answered.join(',')}]`
  }

  /** The errors themselves take room: the longest replies give way until all fits. */
  private makeRoom(): void {
    const sizes = this.replies.map((reply, index) => ({ index, bytes: Buffer.byteLength(reply ?? '') }))
    sizes.sort((one, other) => other.bytes - one.bytes)
    for (const { index, bytes } of sizes) {
      if (this.bytes <= this.maxBytes) return
      const shorter = this.entries.refuse(index, tooLong(this.maxBytes))
      const saved = bytes - Buffer.byteLength(shorter ?? '')
      if (saved <= 0) return
      this.replies[index] = shorter
      this.bytes -= saved
    }
  }

  /** Made when it is needed: an error with its stack costs as much as some commands. */
  private notRunError(): CommandError {
    const data = `Not run: the replies of this batch exceed the limit of ${this.maxBytes} bytes`
    this.notRun ??= new CommandError(ErrorCode.ServerError, undefined, data)
    return this.notRun
  }
}
