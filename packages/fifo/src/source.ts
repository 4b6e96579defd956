import { FifoFraming } from './framing.js'
import type { ResolvedFifoOptions } from './options.js'
import { FifoReader } from './reader.js'

/** What comes out of one FIFO file. */
export interface SourceEvents {
  request(replyName: string, text: string): void
  /** Text that is no JSON and is to be answered so. */
  broken(replyName: string, text: string): void
  /** A request that is refused with a plain text. */
  refuse(replyName: string, text: string): void
  drop(reason: string): void
  /** Around all that comes out of one read. */
  begin(): void
  end(): void
  error(error: Error): void
}

/** Stands for text that was not kept: no JSON, and answered as such. */
const NO_JSON = ''

/** One open FIFO file: its bytes, cut into requests, with the limits on size and time. */
export class Source {
  private readonly reader: FifoReader
  private readonly framing: FifoFraming
  private timer: NodeJS.Timeout | undefined
  private timed = 0
  private closeTimer: NodeJS.Timeout | undefined

  constructor(
    fd: number,
    private readonly options: Pick<ResolvedFifoOptions, 'maxRequestBytes' | 'partialTimeoutMs'>,
    events: SourceEvents,
  ) {
    const tooLarge =
      `413 Request too large: the limit is ${options.maxRequestBytes} octets (maxRequestBytes); ` +
      'send less, or raise the limit'
    this.framing = new FifoFraming(options.maxRequestBytes, {
      request: events.request,
      broken: (replyName, reason) => {
        if (reason === 'unfinished') events.drop('unfinished_request')
        events.broken(replyName, NO_JSON)
      },
      tooLarge: (replyName) => {
        events.drop('request_too_large')
        events.refuse(replyName, tooLarge)
      },
      garbage: (reason) => events.drop(reason),
    })
    const take = (bytes: Buffer, freshWrite: boolean): void => {
      events.begin()
      this.framing.push(bytes, freshWrite)
      events.end()
      if (this.framing.unfinished !== this.timed) this.watch()
    }
    this.reader = new FifoReader(fd, take, events.error)
  }

  /** Takes what was written, gives up what is unfinished, and closes the file. */
  close(): void {
    clearTimeout(this.closeTimer)
    this.reader.close()
    clearTimeout(this.timer)
    if (this.framing.unfinished !== 0) this.framing.expire()
  }

  closeLater(ms: number): void {
    this.closeTimer = setTimeout(() => this.close(), ms)
  }

  /** Starts the time of what has begun, or stops it: the time runs from its first byte, whatever follows. */
  private watch(): void {
    clearTimeout(this.timer)
    this.timed = this.framing.unfinished
    if (this.timed === 0) return
    this.timer = setTimeout(() => {
      this.framing.expire()
      this.watch()
    }, this.options.partialTimeoutMs)
  }
}
