import { Socket } from 'node:net'
import type { DropReason, ReplyOptions } from './replies.js'
import { faultOf, openReplyFifo } from './reply-fifo.js'

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
export class PendingReply {
  /** Octets taken so far. */
  octets = 0
  private readonly texts: Buffer[] = []
  private ended: boolean
  private fault: DropReason | undefined
  private socket: Socket | undefined
  /** Ends a pause before its time. */
  private cancelPause: (() => void) | undefined
  /** Tells that there is more to write, or that there will be no more. */
  private wake: (() => void) | undefined

  /**
   * @param fd open for writing, if it is
   * @param whole all there is to write; left out, the reply comes by `add` until `end`
   */
  constructor(
    private readonly path: string,
    private fd?: number,
    whole?: Buffer,
  ) {
    this.ended = whole !== undefined
    if (whole !== undefined) this.take(whole)
  }

  add(text: Buffer): void {
    this.take(text)
    this.wake?.()
  }

  end(): void {
    this.ended = true
    this.wake?.()
  }

  /** Ends the waiting at once. */
  giveUp(reason: DropReason): void {
    this.fault ??= reason
    this.socket?.destroy()
    this.cancelPause?.()
    this.wake?.()
  }

  /** @returns why the reply, or a part of it, was given up; undefined when all of it was written */
  async deliver(options: ReplyOptions): Promise<DropReason | undefined> {
    await this.open(options.replyRetryMs)
    if (this.fd === undefined) return this.fault
    const socket = new Socket({ fd: this.fd, readable: false, writable: true })
    this.socket = socket
    // The callback of each write tells of an error too; without a listener it would be thrown besides.
    socket.on('error', () => {})
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
    try {
      for await (const text of this.incoming()) await this.write(socket, text, options.replyTimeoutMs)
    } finally {
      socket.destroy()
      await closed
    }
    return this.fault
  }

  private take(text: Buffer): void {
    this.octets += text.length
    this.texts.push(text)
  }

  private async open(retryMs: number): Promise<void> {
    let left = OPEN_RETRIES * retryMs
    let pauseMs = FIRST_PAUSE_MS
    while (this.fd === undefined && this.fault === undefined) {
      const opened = openReplyFifo(this.path)
      if (opened >= 0) this.fd = opened
      else if (faultOf(opened) !== 'no_reader' || left <= 0) this.fault = faultOf(opened)
      else {
        const ms = Math.min(pauseMs, retryMs, left)
        await this.pause(ms)
        left -= ms
        pauseMs *= 2
      }
    }
  }

  private async *incoming(): AsyncGenerator<Buffer> {
    while (this.fault === undefined) {
      const text = this.texts.shift()
      if (text !== undefined) yield text
      else if (this.ended) return
      else await this.more()
    }
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

  private more(): Promise<void> {
    return new Promise((resolve) => {
      this.wake = resolve
    })
  }

  private async write(socket: Socket, text: Buffer, timeoutMs: number): Promise<void> {
    for (let at = 0; at < text.length && this.fault === undefined; at += WRITE_BYTES) {
      const timer = setTimeout(() => this.giveUp('reader_stalled'), timeoutMs)
      const error = await new Promise<Error | null | undefined>((resolve) => {
        socket.write(text.subarray(at, at + WRITE_BYTES), resolve)
      })
      clearTimeout(timer)
      if (error) this.fault ??= 'reader_gone'
    }
  }
}
