import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MessageSplitter } from '../src/events/message-splitter.js'

function split(pieces: readonly Uint8Array[], maxBytes = 1000): { texts: string[]; isWhole: boolean } {
  const texts: string[] = []
  const splitter = new MessageSplitter((text) => texts.push(text), maxBytes)
  let isWhole = true
  for (const piece of pieces) isWhole = splitter.push(piece)
  return { texts, isWhole }
}

/** The bytes in pieces that end at these places. */
function cut(bytes: Buffer, places: readonly number[]): Uint8Array[] {
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
        expect(split(cut(bytes, places), 1_000_000)).toEqual({ texts, isWhole: true })
      }),
    )
  })

  test('may hold characters of several bytes that are cut apart', () => {
    const text = '{"ü":"✓𝄞"}'
    const pieces = [...Buffer.from(text)].map((byte) => Uint8Array.of(byte))
    expect(split(pieces)).toEqual({ texts: [text], isWhole: true })
  })

  test.each(['x', '5', '"text"', '[]', '{]', '{"a":1}x', '{"a" 1}'])('is broken by %j, and stays so', (text) => {
    const whole = text.startsWith('{"a":1}') ? ['{"a":1}'] : []
    expect(split([Buffer.from(text), Buffer.from('{"b":2}')])).toEqual({ texts: whole, isWhole: false })
  })

  test('is broken by an object that is too long, whole or not', () => {
    const text = JSON.stringify({ long: 'x'.repeat(50) })
    expect(split([Buffer.from(text)], text.length)).toEqual({ texts: [text], isWhole: true })
    expect(split([Buffer.from(text)], text.length - 1)).toEqual({ texts: [], isWhole: false })
    expect(split([Buffer.from(text.slice(0, 40))], 39)).toEqual({ texts: [], isWhole: false })
    expect(split([Buffer.from(text.slice(0, 30)), Buffer.from(text.slice(30))], 40).isWhole).toBe(false)
  })

  test('never throws, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 5 }), (pieces) => {
        split(pieces)
      }),
    )
  })
})
