import fc from 'fast-check'
import { expect, test } from 'vitest'
import { replyId } from '../src/reply-id.js'
import { tooLongReply } from '../src/too-long.js'

test.each([
  ['{"jsonrpc":"2.0","result":"x","id":1}', '1'],
  ['{"jsonrpc":"2.0","result":{"id":5},"id":12345678901234567890}', '12345678901234567890'],
  ['{"jsonrpc":"2.0","result":[{"id":5}],"id":1.50e3}', '1.50e3'],
  ['{"jsonrpc":"2.0","result":"\\"id\\":7}","id":"a\\"b\\\\"}', '"a\\"b\\\\"'],
  ['{"jsonrpc":"2.0","result":1,"id":"\\"id\\":3}"}', '"\\"id\\":3}"'],
  ['{"id":4,"jsonrpc":"2.0","result":{"id":5}}', '4'],
  ['{"id":4,"jsonrpc":"2.0","result":{"id":5},"more":{"id":6}}', '4'],
  ['{\n\t"jsonrpc":\t"2.0",\n\t"result":\t"x",\n\t"id":\t"y"\n}', '"y"'],
  ['{"jsonrpc":"2.0","error":{"code":1,"message":"m","data":{"id":9}},"id":null}', 'null'],
  ['[{"jsonrpc":"2.0","result":"x","id":1}]', 'null'],
  ['{"jsonrpc":"2.0","result":{"id":5}}', 'null'],
  ['400 Parse_error', 'null'],
])('the id of %s is %s', (reply, id) => {
  expect(replyId(reply)).toBe(id)
})

test('of any answer, whatever the order of its members and however it is indented, the id is found', () => {
  const id = fc.oneof(
    fc.integer(),
    fc.string(),
    fc.constant(null),
    fc.string({ unit: fc.constantFrom(...'"id:,{}\\ 1') }),
  )
  fc.assert(
    fc.property(
      id,
      fc.jsonValue(),
      fc.boolean(),
      fc.constantFrom(undefined, 1, '\t'),
      (value, result, first, indent) => {
        const members = first ? { id: value, jsonrpc: '2.0', result } : { jsonrpc: '2.0', result, id: value }
        expect(JSON.parse(replyId(JSON.stringify(members, null, indent)))).toEqual(value)
      },
    ),
    { numRuns: 2_000 },
  )
})

test('what is answered in place of a reply that is too long says how long it may be, indented or not', () => {
  const reply = '{"jsonrpc":"2.0","result":"long","id":7e0}'
  const data = 'Reply of 70000 bytes exceeds the limit of 65457 bytes'
  const compact = tooLongReply(reply, 70_000, 65_457, false)
  expect(compact).toBe(`{"jsonrpc":"2.0","error":{"code":-32000,"message":"Server error","data":"${data}"},"id":7e0}`)
  const pretty = tooLongReply(reply, 70_000, 65_457, true)
  expect(pretty).toContain('"id":\t7e0\n}')
  expect(JSON.parse(pretty)).toEqual(JSON.parse(compact))
  expect(tooLongReply(reply, 70_000, undefined, false)).toContain("exceeds the limit of the system's send buffer")
})
