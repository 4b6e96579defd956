import type { ResolvedFifoOptions } from './options.js'
import { FULL, faultOf, OpenReplyFifos, PIPE_BUF, type ReplyFault, type WriteFifo, writeNow } from './reply-fifo.js'
import { ReplyQueue, WaitingReply } from './reply-queue.js'

/** What is kept of the options. */
export type ReplyOptions = Pick<
  ResolvedFifoOptions,
  'replyDir' | 'replyRetryMs' | 'replyTimeoutMs' | 'maxPendingReplyBytes' | 'maxPendingReplies' | 'maxOpenReplyFifos'
>

/** What an empty pipe takes at once, unless its reader has made it larger. Source: pipe(7). */
export const PIPE_CAPACITY = 65_536

/** Replies that are held back at most: more leave the readers idle for longer and gain nothing. */
const MAX_HELD = 16

/** At most PIPE_BUF bytes, of which a UTF-16 unit takes at most three: such a text goes in whole or not at all. */
const SMALL_TEXT = Math.floor(PIPE_BUF / 3)

const TOO_MANY_PENDING: ReplyFault = { reason: 'too_many_pending' }

/**
 * Writes replies to reply FIFOs, each whole, in the order in which they are given for one name. Most go out at once.
 * A reader that is late, slow or absent is waited for apart, and holds up nobody else.
 */
export class Replies {
  /** By reply name: the replies that could not go out at once, and those behind them. */
  private readonly queues = new Map<string, ReplyQueue>()
  private pendingReplies = 0
  private pendingBytes = 0
  private readonly fifos: OpenReplyFifos
  private heldNames: string[] = []
  private heldTexts: string[] = []
  private readonly replyDir: string
  private readonly idle: (() => void)[] = []

  /** @param drop takes the number of replies that were given up for one reason, and the bytes of the first */
  constructor(
    private readonly options: ReplyOptions,
    private readonly drop: (fault: ReplyFault, path: string, bytes: number, count: number) => void,
    private readonly writeFifo: WriteFifo,
  ) {
    this.replyDir = options.replyDir
    this.fifos = new OpenReplyFifos(options.maxOpenReplyFifos)
  }

  /**
   * As `send`, with a few replies held back until `flush`, so that they go out close together: a reader that is woken once for
   * several replies costs less than one that is woken for each.
   */
  hold(replyName: string, text: string): void {
    this.heldTexts.push(text)
    if (this.heldNames.push(replyName) === MAX_HELD) this.flush()
  }

  /** Sends what is held back. */
  flush(): void {
    const { heldNames, heldTexts } = this
    if (heldNames.length === 0) return
    // New arrays: the garbage collector has extra work with young texts in an old array.
    this.heldNames = []
    this.heldTexts = []
    for (let index = 0; index < heldNames.length; index++) this.send(heldNames[index] ?? '', heldTexts[index] ?? '')
  }

  /** Writes a whole reply. An empty one only opens and closes the FIFO, so that its reader ends. */
  send(replyName: string, text: string): void {
    if (this.queues.size > 0 || text.length > SMALL_TEXT) this.sendSlowly(replyName, text)
    else this.sendSmall(replyName, text)
  }

  /** Begins a reply that comes in several texts: `add` them, then `end`. Replies to the same name wait behind it. */
  begin(replyName: string): WaitingReply {
    this.flush()
    const reply = new WaitingReply()
    if (this.hasRoom(replyName, 0)) this.enqueue(replyName, reply)
    else {
      reply.giveUp(TOO_MANY_PENDING)
      this.report(TOO_MANY_PENDING, replyName, 0, 1)
    }
    return reply
  }

  /** Takes more of a reply that was begun, within the same bound as all that waits. Ignored when it was given up. */
  add(replyName: string, reply: WaitingReply, text: string): void {
    if (reply.fault !== undefined) return
    const bytes = Buffer.from(text)
    if (this.pendingBytes + bytes.length > this.options.maxPendingReplyBytes) {
      this.report(TOO_MANY_PENDING, replyName, bytes.length)
      return
    }
    this.pendingBytes += bytes.length
    reply.add(bytes)
  }

  /** Waits until all is written or given up; after `limitMs` the rest is given up. */
  async close(limitMs: number): Promise<void> {
    if (this.queues.size === 0) return
    const timer = setTimeout(() => {
      for (const queue of this.queues.values()) queue.giveUp({ reason: 'closed' })
    }, limitMs)
    await new Promise<void>((resolve) => this.idle.push(resolve))
    clearTimeout(timer)
  }

  private sendSmall(replyName: string, text: string): void {
    const written = this.writeFifo(this.replyDir + replyName, text)
    if (written < 0) this.unsent(replyName, undefined, Buffer.from(text), written)
  }

  // Not part of the functions above, which run for every reply: the compiler inlines functions up to a certain size only.

  /** While others wait, behind which this one may belong; and replies that may not go in at once. */
  private sendSlowly(replyName: string, text: string): void {
    if (!this.queues.has(replyName) && text.length <= PIPE_BUF && Buffer.byteLength(text) <= PIPE_BUF) {
      this.sendSmall(replyName, text)
      return
    }
    const bytes = Buffer.from(text)
    if (this.queues.has(replyName)) {
      this.wait(replyName, undefined, bytes)
      return
    }
    // No pipe takes it at once: without room for its rest it would be cut.
    if (bytes.length > PIPE_CAPACITY && !this.hasRoom(replyName, bytes.length)) {
      this.report(TOO_MANY_PENDING, replyName, bytes.length)
      return
    }
    const fd = this.fifos.open(this.replyDir + replyName)
    if (fd < 0) {
      this.unsent(replyName, undefined, bytes, fd)
      return
    }
    const written = writeNow(fd, bytes)
    if (written === bytes.length) this.fifos.close(fd)
    else this.unsent(replyName, fd, bytes, written)
  }

  /**
   * @param fd the reply FIFO, if it is open
   * @param written how many bytes of the reply are in the pipe, or below zero the error number
   */
  private unsent(replyName: string, fd: number | undefined, bytes: Buffer, written: number): void {
    const fault = written < 0 && written !== FULL ? faultOf(written) : undefined
    if (fault === undefined || fault.reason === 'no_reader' || fault.reason === 'too_many_open') {
      // What has begun is ended, whatever else waits: at most a pipe's worth for each reply FIFO that is open.
      this.wait(replyName, fd, bytes.subarray(Math.max(written, 0)), written > 0)
      return
    }
    if (fd !== undefined) this.fifos.close(fd)
    this.report(fault, replyName, bytes.length)
  }

  private wait(replyName: string, fd: number | undefined, rest: Buffer, begun = false): void {
    if (begun || this.hasRoom(replyName, rest.length)) {
      this.pendingBytes += rest.length
      this.enqueue(replyName, new WaitingReply(fd).add(rest).end())
      return
    }
    if (fd !== undefined) this.fifos.close(fd)
    this.report(TOO_MANY_PENDING, replyName, rest.length)
  }

  /** Half of the room is for names that nothing waits for: readers who never come, however much they asked for, leave it to others. */
  private hasRoom(replyName: string, bytes: number): boolean {
    const { maxPendingReplies, maxPendingReplyBytes } = this.options
    const share = this.queues.has(replyName) ? 2 : 1
    return this.pendingReplies < maxPendingReplies / share && this.pendingBytes + bytes <= maxPendingReplyBytes / share
  }

  private enqueue(replyName: string, reply: WaitingReply): void {
    this.pendingReplies++
    const queue = this.queues.get(replyName)
    if (queue === undefined) void this.work(replyName, reply)
    else queue.push(reply)
  }

  private async work(replyName: string, first: WaitingReply): Promise<void> {
    const { replyDir, options, fifos, writeFifo } = this
    const queue = new ReplyQueue(replyDir + replyName, options, fifos, writeFifo, (replies, fault) => {
      this.pendingReplies -= replies.length
      for (const { bytes } of replies) this.pendingBytes -= bytes
      if (fault === undefined) return
      const lost = replies.filter(({ bytes }) => bytes > 0)
      this.report(fault, replyName, lost[0]?.bytes ?? 0, lost.length)
    })
    this.queues.set(replyName, queue)
    queue.push(first)
    await queue.run()
    this.queues.delete(replyName)
    if (this.queues.size === 0) for (const resolve of this.idle.splice(0)) resolve()
  }

  /** Nothing is lost with an empty reply. */
  private report(fault: ReplyFault, replyName: string, bytes: number, count = bytes > 0 ? 1 : 0): void {
    if (count > 0) this.drop(fault, this.replyDir + replyName, bytes, count)
  }
}
