import { readSync } from 'node:fs'
import { type ConnectOpts, Socket, type SocketConstructorOpts } from 'node:net'

/** One buffer for all reads: what is read is taken at once. It holds what a pipe holds. */
const READ_BYTES = 65_536

/** Takes bytes that are good until it returns. `freshWrite`: the pipe was empty before them. */
export type TakeBytes = (bytes: Buffer, freshWrite: boolean) => void

/** Reads a FIFO through the event loop's poll: no thread waits in it, and nothing is polled by time. */
export class FifoReader {
  private readonly buffer = Buffer.allocUnsafeSlow(READ_BYTES)
  private readonly socket: Socket
  private lastReadWasFull = false
  private closed = false

  /** @param fd open for reading and writing, so that it never ends; owned by the reader from here on */
  constructor(
    private readonly fd: number,
    private readonly take: TakeBytes,
    onError: (error: Error) => void,
  ) {
    const options: SocketConstructorOpts & ConnectOpts = {
      fd,
      readable: true,
      writable: false,
      onread: {
        buffer: this.buffer,
        callback: (count) => {
          this.pass(count)
          return true
        },
      },
    }
    this.socket = new Socket(options)
    this.socket.on('error', onError)
  }

  /** Takes what is in the pipe now, then closes it. */
  close(): void {
    if (this.closed) return
    this.closed = true
    this.socket.pause()
    this.drain()
    this.socket.destroy()
  }

  private drain(): void {
    // Bounded: a writer that keeps up with this loop would hold it for ever.
    for (let reads = 0; reads < 64; reads++) {
      let count: number
      try {
        count = readSync(this.fd, this.buffer)
      } catch {
        // EAGAIN: the pipe is empty.
        return
      }
      this.pass(count)
    }
  }

  private pass(count: number): void {
    const freshWrite = !this.lastReadWasFull
    this.lastReadWasFull = count === this.buffer.length
    this.take(this.buffer.subarray(0, count), freshWrite)
  }
}
