import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Peer } from '../src/peer.js'
import { waitingReply } from '../src/peer-queue.js'
import { ReplyOutcomes } from '../src/reply-outcomes.js'
import { RequestCounters } from '../src/request-counters.js'

const handle = { slot: -1, sockaddr: new Uint8Array() }
const peer = new Peer(
  { address: { type: 'unix', path: '/peer' }, credentials: undefined },
  handle,
  true,
  () => undefined,
)

/** What is sent in place of a reply; undefined when it is dropped, which `drops` has the reasons of. */
function replacing(prettyPrinting = false) {
  const drops: string[] = []
  const log = { debug() {}, info() {}, warn() {}, error() {} }
  const outcomes = new ReplyOutcomes(
    { drop: (reason) => void drops.push(reason), log },
    new RequestCounters(),
    prettyPrinting,
  )
  const replace = (reply: string | Uint8Array, limit?: number): string | undefined => {
    const error = outcomes.replacement(peer, waitingReply(reply, true), limit)
    return error && String(error.text)
  }
  return { replace, drops }
}

test('a reply that is too long becomes an error with the limit and the id as it is written', () => {
  const reply = `{"jsonrpc":"2.0","result":"${'z'.repeat(1_000)}","id":7e0}`
  const data = 'Reply exceeds the limit of 1000 bytes'
  const compact = `{"jsonrpc":"2.0","error":{"code":-32000,"message":"Server error","data":"${data}"},"id":7e0}`
  expect(replacing().replace(reply, 1_000)).toBe(compact)
  expect(replacing().replace(Buffer.from(reply), 1_000)).toBe(compact)
  const pretty = replacing(true).replace(reply, 1_000) ?? ''
  expect(pretty).toContain('\n\t"error":\t{\n\t\t"code":\t-32000,\n')
  expect(pretty).toContain('"id":\t7e0\n}')
  expect(JSON.parse(pretty)).toEqual(JSON.parse(compact))
})

test('one that the system refuses becomes an error with its length, and is dropped when the error is no shorter', () => {
  const { replace, drops } = replacing()
  const reply = `{"jsonrpc":"2.0","result":"${'z'.repeat(200)}","id":"a"}`
  expect(JSON.parse(replace(reply) ?? '')).toMatchObject({
    error: { data: `Reply of ${reply.length} bytes is longer than the system sends as one datagram` },
    id: 'a',
  })
  expect(replace('{"jsonrpc":"2.0","result":"","id":1}')).toBeUndefined()
  expect(replace(`{"jsonrpc":"2.0","result":"","id":"${'i'.repeat(600)}"}`, 600)).toBeUndefined()
  expect(drops).toEqual(['reply_too_large', 'reply_too_large'])
})

test.each([
  ['{"jsonrpc":"2.0","result":"x","id":1}', '1'],
  ['{"jsonrpc":"2.0","result":{"id":5},"id":12345678901234567890}', '12345678901234567890'],
  ['{"jsonrpc":"2.0","result":[{"id":5}],"id":1.50e3}', '1.50e3'],
  ['{"jsonrpc":"2.0","result":"\\"id\\":7}","id":"a\\"b\\\\"}', '"a\\"b\\\\"'],
  ['{"jsonrpc":"2.0","result":1,"id":"\\"id\\":3}"}', '"\\"id\\":3}"'],
  ['{\n\t"jsonrpc":\t"2.0",\n\t"result":\t"x",\n\t"id":\t"y"\n}', '"y"'],
  ['{"jsonrpc":"2.0","error":{"code":1,"message":"m","data":{"id":9}},"id":null}', 'null'],
  ['[{"jsonrpc":"2.0","result":"x","id":1}]', 'null'],
  ['{"jsonrpc":"2.0","result":{"id":5}}', 'null'],
  ['400 Parse_error', 'null'],
])('the id of %s is %s', (reply, id) => {
  expect(replacing().replace(reply, 500)?.endsWith(`,"id":${id}}`)).toBe(true)
})

test('the id of any reply that ends with it is found, indented or not', () => {
  const id = fc.oneof(
    fc.integer(),
    fc.string(),
    fc.constant(null),
    fc.string({ unit: fc.constantFrom(...'"id:,{}\\ 1') }),
  )
  fc.assert(
    fc.property(id, fc.jsonValue(), fc.constantFrom(undefined, 1, '\t'), (value, result, indent) => {
      const reply = JSON.stringify({ jsonrpc: '2.0', result, id: value }, null, indent)
      expect(JSON.parse(replacing().replace(reply, 10_000) ?? '').id).toEqual(value)
    }),
    { numRuns: 2_000 },
  )
})
