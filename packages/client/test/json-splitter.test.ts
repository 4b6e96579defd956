import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { JsonSplitter } from '../src/json-splitter.js'

/** What a splitter that holds the last text makes of bytes that come in pieces of the given lengths (over and over). */
function split(bytes: Buffer, lengths: readonly number[]): { provisional: string[]; final: string } {
  const provisional: string[] = []
  const onText = (text: string): unknown => provisional.push(text)
  const splitter = new JsonSplitter({ onText, maxBytes: 1_000_000, holdsLast: true })
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const length = lengths[turn % lengths.length] ?? 1
    splitter.push(bytes.subarray(at, at + length))
    at += length
  }
  return { provisional, final: splitter.end() }
}

const pieces = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 })
const space = fc.string({ unit: fc.constantFrom(' ', '\n', '\t', '\r'), maxLength: 3 })
const replies = fc.oneof(
  fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()),
  fc.array(fc.jsonValue(), { maxLength: 4 }),
)

describe('replies one behind the other', () => {
  test('come apart again, in order, whatever the pieces they arrive in', () => {
    const texts = fc.array(
      fc
        .tuple(replies, space, fc.constantFrom(undefined, '\t'))
        .map(([value, gap, indent]) => JSON.stringify(value, null, indent) + gap),
      { minLength: 1, maxLength: 5 },
    )
    fc.assert(
      fc.property(texts, pieces, (all, lengths) => {
        const { provisional, final } = split(Buffer.from(all.join('')), lengths)
        expect([...provisional, final]).toEqual(all)
      }),
    )
  })

  test('are one plain text when the first is no JSON', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }).filter((text) => !/^\s*[[{]/.test(text)),
        pieces,
        (text, lengths) => {
          expect(split(Buffer.from(text), lengths)).toEqual({ provisional: [], final: Buffer.from(text).toString() })
        },
      ),
    )
  })

  test('lose no byte, whatever arrives', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('{', '}', '[', ']', '"', ',', ':', '1', 'x', ' ', 'ü') }),
        pieces,
        (text, lengths) => {
          const { provisional, final } = split(Buffer.from(text), lengths)
          expect(provisional.join('') + final).toBe(text)
          for (const early of provisional) expect(() => structure(early)).not.toThrow()
        },
      ),
    )
  })

  test('are one plain text from the first byte that is no answer', () => {
    expect(split(Buffer.from('{"a":1}garbage{"b":2}'), [4])).toEqual({
      provisional: [],
      final: '{"a":1}garbage{"b":2}',
    })
    expect(split(Buffer.from('{"a":1} {"b":2}garbage'), [1])).toEqual({
      provisional: ['{"a":1} '],
      final: '{"b":2}garbage',
    })
    expect(split(Buffer.from('400 Parse_error'), [100])).toEqual({ provisional: [], final: '400 Parse_error' })
  })

  test('may be held up to the bound, whatever was handed over before', () => {
    const onText = (): void => undefined
    const splitter = new JsonSplitter({ onText, maxBytes: 8, holdsLast: true })
    expect(splitter.push(Buffer.from('{"a":1}\n'))).toBe(true)
    expect(splitter.push(Buffer.from('{"b":22}'))).toBe(true)
    expect(splitter.push(Buffer.from('\n'))).toBe(false)
  })
})

/** What a splitter that hands over each text at once makes of pieces. */
function splitAtOnce(pieces: readonly Buffer[], maxBytes = 1000): { texts: string[]; isWhole: boolean } {
  const texts: string[] = []
  const splitter = new JsonSplitter({ onText: (text) => texts.push(text), maxBytes, holdsLast: false })
  let isWhole = true
  for (const piece of pieces) isWhole = splitter.push(piece)
  return { texts, isWhole }
}

/** The bytes in pieces that end at these places. */
function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const ends = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b)
  return [0, ...ends].map((start, index) => bytes.subarray(start, ends[index] ?? bytes.length))
}

const objects = fc.array(fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 3 }), { maxLength: 6 })

describe('a stream of JSON objects', () => {
  test('is taken apart the same way, whatever pieces it comes in', () => {
    const blanks = fc.constantFrom('', ' ', '\n', '\r\n\t')
    fc.assert(
      fc.property(objects, blanks, fc.array(fc.nat(), { maxLength: 20 }), (values, blank, places) => {
        const texts = values.map((value) => JSON.stringify(value))
        const bytes = Buffer.from(texts.join(blank) + blank)
        expect(splitAtOnce(cut(bytes, places), 1_000_000)).toEqual({ texts, isWhole: true })
      }),
    )
  })

  test('may hold characters of several bytes that are cut apart', () => {
    const text = '{"ü":"✓𝄞"}'
    const pieces = [...Buffer.from(text)].map((byte) => Buffer.of(byte))
    expect(splitAtOnce(pieces)).toEqual({ texts: [text], isWhole: true })
  })

  test.each(['x', '5', '"text"', '{]', '{"a":1}x', '{"a" 1}'])('is broken by %j, and stays so', (text) => {
    const whole = text.startsWith('{"a":1}') ? ['{"a":1}'] : []
    expect(splitAtOnce([Buffer.from(text), Buffer.from('{"b":2}')])).toEqual({ texts: whole, isWhole: false })
  })

  test('is broken by an object that is too long, whole or not', () => {
    const text = JSON.stringify({ long: 'x'.repeat(50) })
    expect(splitAtOnce([Buffer.from(text)], text.length)).toEqual({ texts: [text], isWhole: true })
    expect(splitAtOnce([Buffer.from(text)], text.length - 1)).toEqual({ texts: [], isWhole: false })
    expect(splitAtOnce([Buffer.from(text.slice(0, 40))], 39)).toEqual({ texts: [], isWhole: false })
    expect(splitAtOnce([Buffer.from(text.slice(0, 30)), Buffer.from(text.slice(30))], 40).isWhole).toBe(false)
  })

  test('never throws, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 5 }), (pieces) => {
        splitAtOnce(pieces.map((piece) => Buffer.from(piece)))
      }),
    )
  })

  test('in pieces of one byte costs about what it holds', () => {
    const maxBytes = 1_000_000
    const splitter = new JsonSplitter({ onText: () => undefined, maxBytes, holdsLast: true })
    const used = (): number => process.memoryUsage().external + process.memoryUsage().heapUsed
    const before = used()
    splitter.push(Buffer.from('["'))
    const piece = Buffer.from('x')
    for (let count = 2; count < maxBytes; count += 1) splitter.push(piece)
    // A list of the pieces takes hundreds of bytes for each.
    expect(used() - before).toBeLessThan(50 * maxBytes)
    expect(splitter.end().length).toBe(maxBytes)
  })
})

/** Throws unless brackets are in balance, which is what the splitter promises of a text it hands over. */
function structure(text: string): void {
  let depth = 0
  for (const character of text.replaceAll(/"[^"]*"/g, '')) {
    if (character === '{' || character === '[') depth += 1
    if (character === '}' || character === ']') depth -= 1
  }
  if (depth !== 0) throw new Error(`no whole value: ${text}`)
}
