import { JsonScanner } from '@mi/internal/json-scanner'

const TAB = 0x09
const LINE_FEED = 0x0a
const RETURN = 0x0d
const SPACE = 0x20
const OPEN_OBJECT = 0x7b

/**
 * Takes a TCP stream of JSON objects apart, which event_stream sends one behind the other with nothing between them.
 * From the first byte that is none of an object, or an object that is too long, nothing more can be made of the stream.
 */
export class MessageSplitter {
  private readonly scanner = new JsonScanner()
  private held: Uint8Array[] = []
  private heldBytes = 0
  private broken = false

  /**
   * @param onText takes each object as text
   * @param maxBytes the longest object
   */
  constructor(
    private readonly onText: (text: string) => void,
    private readonly maxBytes: number,
  ) {}

  /** @returns false when the stream is broken, now or since before */
  push(chunk: Uint8Array): boolean {
    let start = 0
    let at = 0
    while (at < chunk.length && !this.broken) {
      if (this.scanner.untouched) {
        const byte = chunk[at]
        if (byte === SPACE || byte === LINE_FEED || byte === TAB || byte === RETURN) {
          at += 1
          start = at
          continue
        }
        if (byte !== OPEN_OBJECT) return this.breakOff()
      }
      at = this.scanner.scan(chunk, at, chunk.length)
      if (this.scanner.state === 'invalid') return this.breakOff()
      if (this.scanner.state === 'complete') {
        this.scanner.reset()
        if (!this.hold(chunk.subarray(start, at))) return false
        this.onText(this.take())
        start = at
      }
    }
    return !this.broken && this.hold(chunk.subarray(start))
  }

  private hold(bytes: Uint8Array): boolean {
    if (bytes.length === 0) return true
    this.held.push(bytes)
    this.heldBytes += bytes.length
    return this.heldBytes <= this.maxBytes || this.breakOff()
  }

  private take(): string {
    // Decoded in one piece, so that a character may lie across two reads.
    const text = Buffer.concat(this.held).toString('utf8')
    this.held = []
    this.heldBytes = 0
    return text
  }

  private breakOff(): false {
    this.broken = true
    this.held = []
    this.heldBytes = 0
    return false
  }
}
