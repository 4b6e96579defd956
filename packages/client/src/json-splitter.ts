import { GrowingBuffer } from '@mi/internal/growing-buffer'
import { JsonScanner } from '@mi/internal/json-scanner'

const TAB = 0x09
const LINE_FEED = 0x0a
const RETURN = 0x0d
const SPACE = 0x20
const OPEN_ARRAY = 0x5b
const OPEN_OBJECT = 0x7b

/** How a stream of JSON texts is taken apart. */
export interface SplitterOptions {
  /** Takes each text. */
  readonly onText: (text: string) => void
  /** The most bytes that are held: one text, and what follows it. */
  readonly maxBytes: number
  /**
   * Holds each text until the next one begins: the last one is what `end` returns. Bytes that are not JSON are then a part of
   * it, since a server may reply with a plain text; else they break the stream.
   */
  readonly holdsLast: boolean
}

/**
 * Takes apart a stream of JSON objects and arrays, sent one behind the other with nothing or white space between them: the
 * replies on a reply FIFO, of which only the end of the file tells which is the last, and the events of event_stream.
 */
export class JsonSplitter {
  private readonly scanner = new JsonScanner()
  private readonly held: GrowingBuffer
  private hasWhole = false
  private isPlain = false

  constructor(private readonly options: SplitterOptions) {
    this.held = new GrowingBuffer(options.maxBytes)
  }

  /** @returns false when more than `maxBytes` are held, or the stream is broken, now or since before */
  push(chunk: Buffer): boolean {
    const { holdsLast } = this.options
    let start = 0
    let at = 0
    while (at < chunk.length && !this.isPlain) {
      if (this.scanner.untouched) {
        const byte = chunk[at]
        if (byte === SPACE || byte === LINE_FEED || byte === TAB || byte === RETURN) {
          at += 1
          if (!holdsLast) start = at
          continue
        }
        if (byte !== OPEN_OBJECT && byte !== OPEN_ARRAY) {
          this.isPlain = true
          break
        }
        if (this.hasWhole) {
          if (!this.handOver(chunk.subarray(start, at))) return false
          start = at
        }
      }
      at = this.scanner.scan(chunk, at, chunk.length)
      if (this.scanner.state === 'complete') {
        this.scanner.reset()
        if (holdsLast) {
          this.hasWhole = true
        } else {
          if (!this.handOver(chunk.subarray(start, at))) return false
          start = at
        }
      } else if (this.scanner.state === 'invalid') {
        this.isPlain = true
      }
    }
    if (this.isPlain && !holdsLast) return this.breakOff()
    return this.held.push(chunk.subarray(start)) || this.breakOff()
  }

  /** What is held at the end of the stream: the last text, JSON or not. */
  end(): string {
    return this.held.take().toString('utf8')
  }

  private handOver(lastBytes: Buffer): boolean {
    this.hasWhole = false
    if (!this.held.push(lastBytes)) return this.breakOff()
    // Decoded in one piece, so that a character may lie across two reads.
    this.options.onText(this.held.take().toString('utf8'))
    return true
  }

  private breakOff(): false {
    this.isPlain = true
    this.held.take()
    return false
  }
}
