/**
 * Finds where a JSON value ends in a stream of bytes, in whatever pieces it arrives. It checks the structure as it goes, so that
 * broken text is noticed at its first wrong byte. It does not check the spelling of numbers, literals and escapes: `JSON.parse` does
 * that with the text that was found.
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

  /** True in a number or literal at the top: only what follows, or the end of the stream, shows that it is whole. */
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
    // One loop over local variables: this runs for every byte that a server reads.
    let { expect, inKey, inObject } = this
    let at = start
    scanning: while (at < end) {
      const byte = byteAt(bytes, at)
      switch (expect) {
        case IN_STRING:
          for (; at < end; at++) {
            const char = byteAt(bytes, at)
            if (char === QUOTE) {
              expect = inKey ? EXPECT_COLON : this.afterValue
              break
            }
            if (char === BACKSLASH) {
              expect = IN_ESCAPE
              break
            }
            // The only control character that is refused here: a reader resumes at the next line after an error.
            if (char === LINE_FEED) {
              expect = BROKEN
              break scanning
            }
            if (char > 0x7f) this.nonAscii = true
          }
          at++
          continue
        case IN_ESCAPE:
          expect = byte === LINE_FEED ? BROKEN : IN_STRING
          if (expect === BROKEN) break scanning
          at++
          continue
        case IN_SCALAR:
          if (isScalarByte(byte)) at++
          else expect = this.afterValue
          continue
        case AT_END:
        case BROKEN:
          break scanning
      }
      if (byte <= SPACE) {
        if (!isBlank(byte)) {
          expect = BROKEN
          break
        }
        at++
        continue
      }
      switch (expect) {
        case EXPECT_KEY_OR_CLOSE:
        case EXPECT_KEY:
          if (byte === QUOTE) {
            inKey = true
            expect = IN_STRING
          } else if (byte === CLOSE_OBJECT && expect === EXPECT_KEY_OR_CLOSE) {
            inObject = this.close()
            expect = this.afterValue
          } else {
            expect = BROKEN
          }
          break
        case EXPECT_COLON:
          expect = byte === COLON ? EXPECT_VALUE : BROKEN
          break
        case EXPECT_COMMA_OR_CLOSE:
          if (byte === COMMA) {
            expect = inObject ? EXPECT_KEY : EXPECT_VALUE
          } else if (byte === (inObject ? CLOSE_OBJECT : CLOSE_ARRAY)) {
            inObject = this.close()
            expect = this.afterValue
          } else {
            expect = BROKEN
          }
          break
        default:
          if (byte === QUOTE) {
            inKey = false
            expect = IN_STRING
          } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
            this.open(inObject)
            inObject = byte === OPEN_OBJECT
            expect = inObject ? EXPECT_KEY_OR_CLOSE : EXPECT_VALUE_OR_CLOSE
          } else if (byte === CLOSE_ARRAY && expect === EXPECT_VALUE_OR_CLOSE) {
            inObject = this.close()
            expect = this.afterValue
          } else {
            expect = beginsScalar(byte) ? IN_SCALAR : BROKEN
          }
      }
      if (expect === BROKEN) break
      at++
    }
    this.expect = expect
    this.inKey = inKey
    this.inObject = inObject
    return Math.min(at, end)
  }

  /** What follows a value: nothing at the top, else more of what is around it. */
  private get afterValue(): number {
    return this.depth === 0 ? AT_END : EXPECT_COMMA_OR_CLOSE
  }

  private open(aroundIsObject: boolean): void {
    if (this.depth === this.outer.length) {
      const wider = new Uint8Array(this.depth * 2)
      wider.set(this.outer)
      this.outer = wider
    }
    this.outer[this.depth++] = aroundIsObject ? 1 : 0
  }

  /** @returns whether what is around the closed container is an object */
  private close(): boolean {
    return this.outer[--this.depth] === 1
  }
}

function isBlank(byte: number): boolean {
  return byte === SPACE || byte === LINE_FEED || byte === TAB || byte === RETURN
}

function beginsScalar(byte: number): boolean {
  return (byte >= ZERO && byte <= NINE) || byte === MINUS || byte === LOWER_T || byte === LOWER_F || byte === LOWER_N
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
