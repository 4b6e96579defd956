import { JsonScanner } from '@mi/internal/json-scanner'

const TAB = 0x09
const LINE_FEED = 0x0a
const RETURN = 0x0d
const SPACE = 0x20
const OPEN_ARRAY = 0x5b
const OPEN_OBJECT = 0x7b

/**
 * Takes apart what arrives on a reply FIFO: several JSON texts one behind the other, of which the last is the final
 * answer. Only the end of the file tells which one is the last, so a text is handed over when the next one begins.
 * From the first byte that is no JSON object or array, all that is held is one plain text.
 */
export class AnswerSplitter {
  private readonly scanner = new JsonScanner()
  /** The bytes since the last text that was handed over. */
  private held: Uint8Array[] = []
  private heldBytes = 0
  private hasWhole = false
  private isPlain = false

  /** @param onProvisional takes each text that another one follows */
  constructor(private readonly onProvisional: (text: string) => void) {}

  /** How many bytes are held: a text that is not handed over yet and what has arrived behind it. */
  get size(): number {
    return this.heldBytes
  }

  push(chunk: Uint8Array): void {
    let start = 0
    let at = 0
    while (at < chunk.length && !this.isPlain) {
      if (this.scanner.untouched) {
        const byte = chunk[at]
        if (byte === SPACE || byte === LINE_FEED || byte === TAB || byte === RETURN) {
          at += 1
          continue
        }
        if (byte !== OPEN_OBJECT && byte !== OPEN_ARRAY) {
          this.isPlain = true
          break
        }
        if (this.hasWhole) {
          this.hold(chunk.subarray(start, at))
          start = at
          this.onProvisional(this.take())
        }
      }
      at = this.scanner.scan(chunk, at, chunk.length)
      if (this.scanner.state === 'complete') {
        this.hasWhole = true
        this.scanner.reset()
      } else if (this.scanner.state === 'invalid') {
        this.isPlain = true
      }
    }
    this.hold(chunk.subarray(start))
  }

  /** The final answer, at the end of the file: whatever is left, JSON or not. */
  end(): string {
    return this.take()
  }

  private hold(bytes: Uint8Array): void {
    if (bytes.length === 0) return
    this.held.push(bytes)
    this.heldBytes += bytes.length
  }

  private take(): string {
    // Decoded in one piece, so that a character may lie across two reads.
    const text = Buffer.concat(this.held).toString('utf8')
    this.held = []
    this.heldBytes = 0
    this.hasWhole = false
    return text
  }
}
