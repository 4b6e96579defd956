import { Socket } from 'node:net'
import { BoundedQueue } from '@mi/internal/bounded-queue'
import type { ResolvedFifoOptions } from './options.js'
import { FULL, faultOf, type OpenReplyFifos, PIPE_BUF, type ReplyFault, type WriteFifo } from './reply-fifo.js'

/** A FIFO that nobody reads yet is tried for as long as four pauses of `replyRetryMs` take. Source: mi_fifo, fifo_fnc.c. */
const OPEN_RETRIES = 4

/**
 * The first pause; each further one is twice as long, up to `replyRetryMs`. Clients such as opensips-cli open the reply FIFO
 * after they have written the request: the server is often a tenth of a millisecond too early, and should not be 80 ms late.
 */
const FIRST_PAUSE_MS = 1

/** A pipe makes room by pages: a reader that takes this much in `replyTimeoutMs` is slow, not stalled. */
const WRITE_BYTES = 4_096

/** A reply that could not go out at once: to a reader that is late or slow, or in several texts. */
export class WaitingReply {
  /** All that was added so far. */
  bytes = 0
  /** Why it was given up. */
  fault: ReplyFault | undefined
  private readonly texts: Buffer[] = []
  private ended = false
  private wake: (() => void) | undefined

  /** @param fd open for writing, if it is */
  constructor(readonly fd?: number) {}

  add(text: Buffer): this {
    this.bytes += text.length
    this.texts.push(text)
    this.wake?.()
    return this
  }

  /** There is no more to add. */
  end(): this {
    this.ended = true
    this.wake?.()
    return this
  }

  /** All of it, if no more comes and a pipe takes it in one piece. */
  get whole(): Buffer | undefined {
    return this.ended && this.texts.length === 1 && this.bytes <= PIPE_BUF ? this.texts[0] : undefined
  }

  giveUp(fault: ReplyFault): void {
    this.fault ??= fault
    this.wake?.()
  }

  /** Waits for the next text. @returns undefined after the last one, or when the reply is given up */
  async next(): Promise<Buffer | undefined> {
    while (this.fault === undefined) {
      const text = this.texts.shift()
      if (text !== undefined || this.ended) return text
      await new Promise<void>((resolve) => {
        this.wake = resolve
      })
    }
    return undefined
  }
}

/**
 * The replies that wait for one reply FIFO. They are written one after the other, each between an open and a close. When one
 * is given up because of the FIFO or its reader, so are those behind it: they would only wait as long again.
 */
export class ReplyQueue {
  private readonly replies = new BoundedQueue<WaitingReply>(Number.POSITIVE_INFINITY)
  private current: WaitingReply | undefined
  private socket: Socket | undefined
  private cancelPause: (() => void) | undefined

  /** @param settle takes replies that are over: written, or all given up for the same fault */
  constructor(
    private readonly path: string,
    private readonly options: Pick<ResolvedFifoOptions, 'replyRetryMs' | 'replyTimeoutMs'>,
    private readonly fifos: OpenReplyFifos,
    private readonly writeFifo: WriteFifo,
    private readonly settle: (replies: readonly WaitingReply[], fault: ReplyFault | undefined) => void,
  ) {}

  push(reply: WaitingReply): void {
    this.replies.push(reply)
  }

  /** Writes all there is, and what comes meanwhile. */
  async run(): Promise<void> {
    for (let reply = this.replies.shift(); reply !== undefined; reply = this.replies.shift()) {
      this.current = reply
      await this.deliver(reply)
      this.current = undefined
      const { fault } = reply
      const over = [reply]
      if (fault !== undefined && fault.reason !== 'reader_gone') over.push(...this.takeAll(fault))
      this.settle(over, fault)
    }
  }

  /** Gives up everything at once. */
  giveUp(fault: ReplyFault): void {
    const others = this.takeAll(fault)
    if (others.length > 0) this.settle(others, fault)
    this.giveUpCurrent(fault)
  }

  private giveUpCurrent(fault: ReplyFault): void {
    this.current?.giveUp(fault)
    this.socket?.destroy()
    this.cancelPause?.()
  }

  private takeAll(fault: ReplyFault): WaitingReply[] {
    const all: WaitingReply[] = []
    for (let reply = this.replies.shift(); reply !== undefined; reply = this.replies.shift()) {
      reply.giveUp(fault)
      all.push(reply)
    }
    return all
  }

  private async deliver(reply: WaitingReply): Promise<void> {
    const fd = reply.fd ?? (await this.open(reply))
    if (fd === undefined) return
    const socket = new Socket({ fd, readable: false, writable: true })
    this.socket = socket
    // The callback of each write reports errors too; without a listener they would also be thrown.
    socket.on('error', () => {})
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
    try {
      for (let text = await reply.next(); text !== undefined; text = await reply.next()) {
        await this.write(socket, text, reply)
      }
    } finally {
      socket.destroy()
      await closed
      this.socket = undefined
      this.fifos.forget()
    }
  }

  /**
   * Opens the reply FIFO, waiting a while for its reader or for a free descriptor.
   * @returns undefined when the reply is written already, or given up
   */
  private async open(reply: WaitingReply): Promise<number | undefined> {
    const { replyRetryMs } = this.options
    let waitedMs = 0
    let pauseMs = FIRST_PAUSE_MS
    while (reply.fault === undefined) {
      const written = this.writeWhole(reply)
      if (written !== undefined && written >= 0) return undefined
      const opened = written ?? this.fifos.open(this.path)
      if (opened >= 0) return opened
      const fault = faultOf(opened)
      const ms = Math.min(pauseMs, replyRetryMs, this.patienceMs(fault) - waitedMs)
      if (ms <= 0) {
        reply.giveUp(fault)
      } else {
        await this.pause(ms)
        waitedMs += ms
        pauseMs *= 2
      }
    }
    return undefined
  }

  /**
   * A small reply needs no descriptor that stays open: one call costs less than half, which counts with thousands of FIFOs that nobody reads.
   * @returns as `WriteFifo`; undefined when the reply is not small, or the pipe is full
   */
  private writeWhole({ whole }: WaitingReply): number | undefined {
    const written = whole && this.writeFifo(this.path, whole)
    return written === FULL ? undefined : written
  }

  /** How long to wait for what keeps the reply FIFO from being opened. */
  private patienceMs({ reason }: ReplyFault): number {
    if (reason === 'no_reader') return OPEN_RETRIES * this.options.replyRetryMs
    return reason === 'too_many_open' ? this.options.replyTimeoutMs : 0
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms)
      this.cancelPause = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  private async write(socket: Socket, text: Buffer, reply: WaitingReply): Promise<void> {
    for (let at = 0; at < text.length && reply.fault === undefined; at += WRITE_BYTES) {
      const timer = setTimeout(() => this.giveUpCurrent({ reason: 'reader_stalled' }), this.options.replyTimeoutMs)
      const error = await new Promise<NodeJS.ErrnoException | null | undefined>((resolve) => {
        socket.write(text.subarray(at, at + WRITE_BYTES), resolve)
      })
      clearTimeout(timer)
      if (error) reply.giveUp({ reason: 'reader_gone', error: error.code ?? error.message })
    }
  }
}
