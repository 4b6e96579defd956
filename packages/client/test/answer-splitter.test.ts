import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { AnswerSplitter } from '../src/fifo/answer-splitter.js'

/** What the splitter makes of bytes that come in pieces of the given lengths (over and over). */
function split(bytes: Uint8Array, lengths: readonly number[]): { provisional: string[]; final: string } {
  const provisional: string[] = []
  const splitter = new AnswerSplitter((text) => provisional.push(text))
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const length = lengths[turn % lengths.length] ?? 1
    splitter.push(bytes.subarray(at, at + length))
    at += length
  }
  return { provisional, final: splitter.end() }
}

const pieces = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 })
const space = fc.string({ unit: fc.constantFrom(' ', '\n', '\t', '\r'), maxLength: 3 })
const answers = fc.oneof(
  fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()),
  fc.array(fc.jsonValue(), { maxLength: 4 }),
)

describe('answers one behind the other', () => {
  test('come apart again, in order, whatever the pieces they arrive in', () => {
    const texts = fc.array(
      fc
        .tuple(answers, space, fc.constantFrom(undefined, '\t'))
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

  test('are counted while they are held, and no longer', () => {
    const splitter = new AnswerSplitter(() => undefined)
    splitter.push(Buffer.from('{"a":1}\n'))
    expect(splitter.size).toBe(8)
    splitter.push(Buffer.from('{'))
    expect(splitter.size).toBe(1)
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
