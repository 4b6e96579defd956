/**
 * Finds where a JSON value ends in a stream of bytes, whatever pieces the stream comes in. It checks the structure
 * (what may follow what) as it goes, so that broken text is noticed at its first wrong byte; it does not check the
 * spelling of numbers, literals and escapes, which `JSON.parse` does on the text that was found.
 */

/** Where the scanner stands: in the middle of a value, just past one, or at a byte that no JSON value can have there. */
export type ScanState = 'partial' | 'complete' | 'invalid'

// What the next byte may be.
const EXPECT_VALUE = 0
const EXPECT_VALUE_OR_CLOSE = 1
const EXPECT_KEY_OR_CLOSE = 2
const EXPECT_KEY = 3
const EXPECT_COLON = 4
const EXPECT_COMMA_OR_CLOSE = 5
const IN_STRING = 6
const IN_ESCAPE = 7
const IN_SCALAR = 8
const AT_END = 9
const BROKEN = 10

const TAB = 0x09
const LINE_FEED = 0x0a
const RETURN = 0x0d
const SPACE = 0x20
const QUOTE = 0x22
const PLUS = 0x2b
const COMMA = 0x2c
const MINUS = 0x2d
const POINT = 0x2e
const ZERO = 0x30
const NINE = 0x39
const COLON = 0x3a
const UPPER_E = 0x45
const OPEN_ARRAY = 0x5b
const BACKSLASH = 0x5c
const CLOSE_ARRAY = 0x5d
const LOWER_A = 0x61
const LOWER_F = 0x66
const LOWER_N = 0x6e
const LOWER_T = 0x74
const LOWER_Z = 0x7a
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d

export class JsonScanner {
  /** True once the value held a byte above 0x7f: without one, its text is ASCII. */
  nonAscii = false
  private expect: number = EXPECT_VALUE
  private inKey = false
  private depth = 0
  private inObject = false
  /** For each open container below the current one: 1 for an object. Grows with the text, which its owner bounds. */
  private outer = new Uint8Array(32)

  get state(): ScanState {
    if (this.expect === AT_END) return 'complete'
    return this.expect === BROKEN ? 'invalid' : 'partial'
  }

  /** True before the first byte of the value. */
  get untouched(): boolean {
    return this.expect === EXPECT_VALUE && this.depth === 0
  }

  /** True in a number or literal at the top: only what follows, or the end of the stream, tells that it is whole. */
  get inTopScalar(): boolean {
    return this.expect === IN_SCALAR && this.depth === 0
  }

  reset(): void {
    this.expect = EXPECT_VALUE
    this.depth = 0
    this.inObject = false
    this.nonAscii = false
    if (this.outer.length > 4096) this.outer = new Uint8Array(32)
  }

  /**
   * Reads on, and stops behind the value's last byte or at the first byte that cannot belong to one.
   * @returns the offset it stopped at; `end` when all was read, see `state`
   */
  scan(bytes: Uint8Array, start: number, end: number): number {
    let at = start
    while (at < end) {
      const byte = byteAt(bytes, at)
      switch (this.expect) {
        case IN_STRING:
          at = this.skipString(bytes, at, end)
          continue
        case IN_ESCAPE:
          if (byte === LINE_FEED) return this.broken(at)
          this.expect = IN_STRING
          at++
          continue
        case IN_SCALAR:
          if (isScalarByte(byte)) {
            at++
            continue
          }
          this.closeValue()
          continue
        case AT_END:
        case BROKEN:
          return at
      }
      if (byte === SPACE || byte === LINE_FEED || byte === TAB || byte === RETURN) {
        at++
        continue
      }
      if (!this.structural(byte)) return this.broken(at)
      at++
    }
    return at
  }

  /** One byte outside of strings, scalars and white space. False: it cannot stand here. */
  private structural(byte: number): boolean {
    switch (this.expect) {
      case EXPECT_VALUE_OR_CLOSE:
        if (byte === CLOSE_ARRAY) return this.close()
        return this.beginValue(byte)
      case EXPECT_VALUE:
        return this.beginValue(byte)
      case EXPECT_KEY_OR_CLOSE:
        if (byte === CLOSE_OBJECT) return this.close()
        return this.beginKey(byte)
      case EXPECT_KEY:
        return this.beginKey(byte)
      case EXPECT_COLON:
        this.expect = EXPECT_VALUE
        return byte === COLON
      default:
        if (byte === COMMA) {
          this.expect = this.inObject ? EXPECT_KEY : EXPECT_VALUE
          return true
        }
        return byte === (this.inObject ? CLOSE_OBJECT : CLOSE_ARRAY) && this.close()
    }
  }

  private beginKey(byte: number): boolean {
    this.inKey = true
    this.expect = IN_STRING
    return byte === QUOTE
  }

  private beginValue(byte: number): boolean {
    switch (byte) {
      case OPEN_OBJECT:
        this.open(true)
        return true
      case OPEN_ARRAY:
        this.open(false)
        return true
      case QUOTE:
        this.inKey = false
        this.expect = IN_STRING
        return true
      default:
        this.expect = IN_SCALAR
        return (
          (byte >= ZERO && byte <= NINE) || byte === MINUS || byte === LOWER_T || byte === LOWER_F || byte === LOWER_N
        )
    }
  }

  private open(object: boolean): void {
    if (this.depth === this.outer.length) {
      const wider = new Uint8Array(this.depth * 2)
      wider.set(this.outer)
      this.outer = wider
    }
    this.outer[this.depth++] = this.inObject ? 1 : 0
    this.inObject = object
    this.expect = object ? EXPECT_KEY_OR_CLOSE : EXPECT_VALUE_OR_CLOSE
  }

  private close(): boolean {
    this.inObject = this.outer[--this.depth] === 1
    this.closeValue()
    return true
  }

  private closeValue(): void {
    this.expect = this.depth === 0 ? AT_END : EXPECT_COMMA_OR_CLOSE
  }

  private skipString(bytes: Uint8Array, start: number, end: number): number {
    let at = start
    for (; at < end; at++) {
      const byte = byteAt(bytes, at)
      if (byte === QUOTE) {
        if (this.inKey) this.expect = EXPECT_COLON
        else this.closeValue()
        return at + 1
      }
      if (byte === BACKSLASH) {
        this.expect = IN_ESCAPE
        return at + 1
      }
      // Of the control characters only this one is told apart here: lines are what a reader resumes at after an error.
      if (byte === LINE_FEED) return this.broken(at)
      if (byte > 0x7f) this.nonAscii = true
    }
    return at
  }

  private broken(at: number): number {
    this.expect = BROKEN
    return at
  }
}

function isScalarByte(byte: number): boolean {
  return (
    (byte >= ZERO && byte <= NINE) ||
    (byte >= LOWER_A && byte <= LOWER_Z) ||
    byte === PLUS ||
    byte === MINUS ||
    byte === POINT ||
    byte === UPPER_E
  )
}

/** The callers stay below `bytes.length`. */
function byteAt(bytes: Uint8Array, at: number): number {
  return bytes[at] as number
}
