import { readSync } from 'node:fs'
import { type ConnectOpts, Socket, type SocketConstructorOpts } from 'node:net'
import { FifoFraming, type FramedRequest } from './framing.js'
import type { ResolvedFifoOptions } from './options.js'

/** One buffer for all reads: what is read is taken at once. It holds what a pipe holds. */
const READ_BYTES = 65_536

/** Reads that `close` takes at most: a writer that keeps up with it would otherwise hold it forever. */
const MAX_LAST_READS = 64

/**
 * The open FIFO file: reads it through the event loop's poll (no thread waits in it, and nothing is polled by time), and hands
 * on the requests of each read together.
 */
export class FifoInput {
  private readonly buffer = Buffer.allocUnsafeSlow(READ_BYTES)
  private readonly framing: FifoFraming
  private readonly socket: Socket
  private lastReadWasFull = false
  private closed = false
  private closeTimer: NodeJS.Timeout | undefined
  /** Runs for the request, by its number, that is unfinished. */
  private partialTimer: NodeJS.Timeout | undefined
  private timed = 0

  /**
   * @param fd open for reading and writing, so that it never ends; it is this object's from here on
   * @param serve takes what one read brought, or what was given up
   */
  constructor(
    private readonly fd: number,
    private readonly options: Pick<ResolvedFifoOptions, 'maxRequestBytes' | 'partialTimeoutMs'>,
    private readonly serve: (requests: readonly FramedRequest[]) => void,
    onError: (error: Error) => void,
  ) {
    this.framing = new FifoFraming(options.maxRequestBytes)
    const socketOptions: SocketConstructorOpts & ConnectOpts = {
      fd,
      readable: true,
      writable: false,
      onread: {
        buffer: this.buffer,
        callback: (count) => {
          this.take(count)
          return true
        },
      },
    }
    this.socket = new Socket(socketOptions)
    this.socket.on('error', onError)
  }

  /** Takes what was written, gives up what is unfinished, and closes the file. May be called again. */
  close(): void {
    if (this.closed) return
    this.closed = true
    clearTimeout(this.closeTimer)
    this.socket.pause()
    this.takeRest()
    this.socket.destroy()
    clearTimeout(this.partialTimer)
    this.serve(this.framing.expire())
  }

  closeLater(ms: number): void {
    this.closeTimer = setTimeout(() => this.close(), ms)
  }

  private take(count: number): void {
    const freshWrite = !this.lastReadWasFull
    this.lastReadWasFull = count === READ_BYTES
    this.serve(this.framing.push(this.buffer.subarray(0, count), freshWrite))
    if (this.framing.unfinished !== this.timed) this.timeUnfinished()
  }

  private takeRest(): void {
    for (let reads = 0; reads < MAX_LAST_READS; reads++) {
      let count: number
      try {
        count = readSync(this.fd, this.buffer)
      } catch {
        // EAGAIN: the pipe is empty.
        return
      }
      this.take(count)
    }
  }

  /** Starts the time of what has begun, or stops it: the time runs from its first byte, whatever follows. */
  private timeUnfinished(): void {
    clearTimeout(this.partialTimer)
    this.timed = this.framing.unfinished
    if (this.timed === 0) return
    this.partialTimer = setTimeout(() => {
      this.serve(this.framing.expire())
      this.timeUnfinished()
    }, this.options.partialTimeoutMs)
  }
}
