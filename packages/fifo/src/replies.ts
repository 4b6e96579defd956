import { closeSync } from 'node:fs'
import { PendingReply } from './pending-reply.js'
import { FULL, faultOf, openReplyFifo, PIPE_BUF, type ReplyFault, type WriteFifo, writeNow } from './reply-fifo.js'

/** Why a reply was given up. */
export type DropReason = ReplyFault | 'reader_stalled' | 'too_many_pending' | 'closed'

export interface ReplyOptions {
  /** Ends with a slash. */
  readonly replyDir: string
  readonly replyRetryMs: number
  readonly replyTimeoutMs: number
  readonly maxPendingReplyBytes: number
}

/** What an empty pipe takes at once, unless its reader has made it larger. Source: pipe(7). */
const PIPE_CAPACITY = 65_536

/** Replies that are held back at most: more leave the readers idle for longer and gain nothing. */
const MAX_HELD = 16

/** No more than PIPE_BUF octets, of which a UTF-16 unit takes at most three: such a text goes in whole or not at all. */
const SMALL_TEXT = Math.floor(PIPE_BUF / 3)

/**
 * Writes replies to reply FIFOs, each whole, in the order in which they are given for one name. Most go out at once.
 * A reader that is late, slow or absent is waited for apart, and holds up nobody else.
 */
export class Replies {
  /** By reply name: the replies that could not go out at once, and those behind them. */
  private readonly queues = new Map<string, PendingReply[]>()
  private pendingBytes = 0
  private corked = false
  private heldNames: string[] = []
  private heldTexts: string[] = []
  private readonly replyDir: string
  private readonly idle: (() => void)[] = []

  constructor(
    private readonly options: ReplyOptions,
    private readonly drop: (reason: DropReason, replyName: string, octets: number) => void,
    private readonly writeFifo: WriteFifo,
  ) {
    this.replyDir = options.replyDir
  }

  /**
   * Holds a few replies back, until `uncork` at the latest, so that they go out close together: a reader that is woken
   * once for several replies costs less than one that is woken for each. A command that holds the thread meanwhile delays
   * them as it delays everything else.
   */
  cork(): void {
    this.corked = true
  }

  uncork(): void {
    this.corked = false
    this.flush()
  }

  /** Writes a reply that is all there is. */
  send(replyName: string, text: string): void {
    if (!this.corked) {
      this.sendNow(replyName, text)
      return
    }
    this.heldTexts.push(text)
    if (this.heldNames.push(replyName) === MAX_HELD) this.flush()
  }

  /** Begins a reply that comes in several texts: `add` them, then `end`. Replies to the same name wait behind it. */
  begin(replyName: string): PendingReply {
    this.flush()
    const reply = new PendingReply(this.replyDir + replyName)
    this.enqueue(replyName, reply)
    return reply
  }

  /** Takes more of a reply that was begun, within the same bound as all that waits. */
  add(replyName: string, reply: PendingReply, text: string): void {
    const bytes = Buffer.from(text)
    if (!this.reserve(bytes.length)) this.drop('too_many_pending', replyName, bytes.length)
    else reply.add(bytes)
  }

  /** Waits until all is written or given up; after `limitMs` the rest is given up. */
  async close(limitMs: number): Promise<void> {
    if (this.queues.size === 0) return
    const timer = setTimeout(() => {
      for (const replies of this.queues.values()) for (const reply of replies) reply.giveUp('closed')
    }, limitMs)
    await new Promise<void>((resolve) => this.idle.push(resolve))
    clearTimeout(timer)
  }

  private flush(): void {
    const { heldNames, heldTexts } = this
    if (heldNames.length === 0) return
    // New ones, since the collector has to be told of each young text in an old array.
    this.heldNames = []
    this.heldTexts = []
    for (let index = 0; index < heldNames.length; index++) this.sendNow(heldNames[index] ?? '', heldTexts[index] ?? '')
  }

  private sendNow(replyName: string, text: string): void {
    if (this.queues.size > 0 || text.length > SMALL_TEXT) {
      this.sendSlowly(replyName, text)
      return
    }
    this.sendSmall(replyName, text)
  }

  private sendSmall(replyName: string, text: string): void {
    const written = this.writeFifo(this.replyDir + replyName, text)
    if (written < 0) this.unsent(replyName, -1, Buffer.from(text), written)
  }

  // Apart from the above, which runs for every reply: the compiler inlines no more than fits a certain size.

  /** While others wait, behind which this one may belong; and replies that may not go in at once. */
  private sendSlowly(replyName: string, text: string): void {
    if (this.queues.has(replyName)) {
      this.enqueue(replyName, this.pending(replyName, text))
      return
    }
    if (text.length <= PIPE_BUF && Buffer.byteLength(text) <= PIPE_BUF) {
      this.sendSmall(replyName, text)
      return
    }
    const bytes = Buffer.from(text)
    // No pipe takes it at once: without room for its rest it would be cut.
    if (bytes.length > PIPE_CAPACITY && !this.hasRoom(bytes.length)) {
      this.drop('too_many_pending', replyName, bytes.length)
      return
    }
    const fd = openReplyFifo(this.replyDir + replyName)
    const written = fd < 0 ? fd : writeNow(fd, bytes)
    if (written === bytes.length) closeSync(fd)
    else this.unsent(replyName, fd, bytes, written)
  }

  /**
   * @param fd below zero when the reply FIFO is not open
   * @param written how many octets of the reply are in the pipe, or below zero the error number
   */
  private unsent(replyName: string, fd: number, bytes: Buffer, written: number): void {
    const fault = written < 0 && written !== FULL ? faultOf(written) : undefined
    const waits = fault === undefined || fault === 'no_reader'
    const rest = bytes.subarray(Math.max(written, 0))
    // What has begun is ended, whatever else waits: at most a pipe's worth for each reply FIFO that is open.
    if (waits && (written > 0 || this.hasRoom(rest.length))) {
      this.pendingBytes += rest.length
      this.enqueue(replyName, new PendingReply(this.replyDir + replyName, fd < 0 ? undefined : fd, rest))
      return
    }
    if (fd >= 0) closeSync(fd)
    this.drop(waits ? 'too_many_pending' : fault, replyName, bytes.length)
  }

  private pending(replyName: string, text: string): PendingReply | undefined {
    const bytes = Buffer.from(text)
    if (this.reserve(bytes.length)) return new PendingReply(this.replyDir + replyName, undefined, bytes)
    this.drop('too_many_pending', replyName, bytes.length)
    return undefined
  }

  private reserve(octets: number): boolean {
    if (!this.hasRoom(octets)) return false
    this.pendingBytes += octets
    return true
  }

  private hasRoom(octets: number): boolean {
    return this.pendingBytes + octets <= this.options.maxPendingReplyBytes
  }

  private enqueue(replyName: string, reply: PendingReply | undefined): void {
    if (reply === undefined) return
    const queue = this.queues.get(replyName)
    if (queue !== undefined) {
      queue.push(reply)
      return
    }
    const fresh = [reply]
    this.queues.set(replyName, fresh)
    void this.work(replyName, fresh)
  }

  private async work(replyName: string, queue: PendingReply[]): Promise<void> {
    for (let reply = queue[0]; reply !== undefined; reply = queue[0]) {
      const fault = await reply.deliver(this.options)
      this.pendingBytes -= reply.octets
      if (fault !== undefined) this.drop(fault, replyName, reply.octets)
      queue.shift()
    }
    this.queues.delete(replyName)
    if (this.queues.size === 0) for (const resolve of this.idle.splice(0)) resolve()
  }
}
