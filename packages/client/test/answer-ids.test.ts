import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { idAtEnd, idsOf } from '../src/datagram/answer-ids.js'

/** What the id of an answer, or of the last answer of a batch, is by way of JSON.parse. */
function parsedId(text: string): unknown {
  const value: unknown = JSON.parse(text)
  const answer: unknown = Array.isArray(value) ? value.at(-1) : value
  return typeof answer === 'object' && answer !== null && 'id' in answer ? answer.id : undefined
}

const names = fc.constantFrom('id', 'id', 'id', 'x"id', 'x\\"id', '"id"', ',"id":1}', 'result', 'i\u0064', '')
const indents = fc.constantFrom(undefined, '\t', ' ')
const ends = fc.constantFrom('', '\n', ' \r\n\t')
const ids = fc.oneof(
  fc.nat(),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.maxSafeInteger(),
  fc.constantFrom('7', '"id":7}', null, true, 1e21, 0, -0, 1e15, 123456789012345),
)
const values = fc.oneof(
  fc.nat(),
  ids,
  fc.jsonValue({ maxDepth: 3 }),
  fc.array(fc.record({ id: ids }), { maxLength: 2 }),
)
const space = fc.constantFrom('', ' ', '\r\n\t')
// Written by hand: only so may a name come twice, of which the last one counts.
const objects = fc.tuple(fc.array(fc.tuple(names, values), { maxLength: 4 }), space).map(([members, gap]) => {
  const texts = members.map(([name, value]) => `${JSON.stringify(name)}${gap}:${gap}${JSON.stringify(value)}`)
  return `{${gap}${texts.join(`${gap},${gap}`)}${gap}}`
})
const answers = fc.oneof(
  objects,
  fc.tuple(fc.array(objects, { maxLength: 3 }), space).map(([all, gap]) => `[${all.join(',')}${gap}]${gap}`),
  objects.map((text) => `{"result":${text}}`),
)

describe('the id at the end of an answer', () => {
  test('is what JSON.parse says it is, whenever it is told', () => {
    let told = 0
    fc.assert(
      fc.property(answers, (text) => {
        const id = idAtEnd(text)
        if (id === undefined) return
        told += 1
        expect(id).toBe(parsedId(text))
      }),
      { numRuns: 5000 },
    )
    expect(told).toBeGreaterThan(200)
  })

  test('is told of every answer that ends with it', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.nat(), indents, ends, (result, id, indent, end) => {
        const answer = { jsonrpc: '2.0', result, id }
        expect(idAtEnd(JSON.stringify(answer, null, indent) + end)).toBe(id)
        expect(idAtEnd(JSON.stringify([1, answer], null, indent) + end)).toBe(id)
      }),
    )
  })

  test.each([
    ['{"result":{"id":5}}', undefined],
    ['{"id":5,"result":1}', undefined],
    ['{"x\\"id":5}', undefined],
    ['{"\\\\":1,"id":5}', 5],
    ['{"id":"5"}', undefined],
    ['{"id":-5}', undefined],
    ['{"id":1.5}', undefined],
    ['{"id":1e5}', undefined],
    ['{"id":05}', undefined],
    ['{"id":0}', 0],
    ['{"id" : 12 }\n', 12],
    ['{"id":3,"id":4}', 4],
    ['{"id":1234567890123456}', undefined],
    ['[{"id":1},{"id":2}]', 2],
    ['{"a":[{"id":2}]}', undefined],
    ['"id":5}', undefined],
    ['400 Parse_error', undefined],
    ['5', undefined],
    ['}', undefined],
    [']', undefined],
    ['', undefined],
  ])('of %s is %s', (text, id) => {
    expect(idAtEnd(text)).toBe(id)
  })

  test('never throws, whatever the text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('"id"', ':', '}', ']', '{', '1', '0', ' ', '\\', ',') }),
        (text) => {
          idAtEnd(text)
        },
      ),
    )
  })
})

describe('the ids of an answer that is parsed', () => {
  test.each([
    ['{"id":"a-1","result":1}', ['a-1']],
    ['{ "id":7e0 ,"result":1}', [7]],
    ['[{"id":1},{"id":null},{"id":"b"},5,null]', [1, 'b']],
    ['{"id":null,"error":{}}', []],
    ['{"id":{}}', []],
    ['{}', []],
    ['null', []],
    ['500 Internal error', []],
    ['', []],
  ])('of %s are %j', (text, ids) => {
    expect(idsOf(text)).toEqual(ids)
  })
})
