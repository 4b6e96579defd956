import { describe, expect, test } from 'vitest'
import { createClient, exactJson } from '../src/index.js'
import { failureOf } from './support/failure.js'
import { fixture } from './support/fixture.js'
import { resultText } from './support/responder.js'

test('a reply may have a byte order mark in front and a NUL behind it', async () => {
  await using at = await fixture()
  at.server.on('odd', ({ id, reply }) => reply(`\ufeff${resultText(id, 'x')}\0`))
  expect(await at.client.call('odd')).toBe('x')
  await using exact = createClient(`fifo:${at.fifoName}?reply_dir=${at.replyDir}`, { numbers: 'exact' })
  at.server.on('number', ({ id, reply }) => reply(`\ufeff{"jsonrpc":"2.0","result":[1.0],"id":${id}}\0`))
  expect(exactJson(await exact.call('number'))).toBe('[1.0]')
})

describe('an answer that is none is MI_PROTOCOL', () => {
  test('JSON with a control character, and the message says where it is', async () => {
    await using at = await fixture()
    at.server.on('odd', ({ id, reply }) => reply(resultText(id, 'x').replace('"x"', '"\u001b[31m"')))
    expect(String(await failureOf(at.client.call('odd')))).toMatch(
      /not a JSON-RPC reply to 'odd'.*The control character at position \d+ is not allowed in JSON/,
    )
  })

  test('plain text, with the text in data and message', async () => {
    await using at = await fixture()
    at.server.on('odd', ({ reply }) => reply('400 Parse_error\n'))
    const error = await failureOf(at.client.call('odd'))
    expect(error).toMatchObject({ code: 'MI_PROTOCOL', data: '400 Parse_error\n' })
    expect(String(error)).toMatch(/'odd' over fifo \(.*fifo\): 400 Parse_error\. The server could not/)
  })

  test('a long text, shortened in the message and whole in data', async () => {
    await using at = await fixture()
    const text = 'x'.repeat(5000)
    at.server.on('odd', ({ reply }) => reply(text))
    const error = await failureOf(at.client.call('odd'))
    expect(error).toMatchObject({ code: 'MI_PROTOCOL', data: text })
    expect(String(error).length).toBeLessThan(500)
  })

  test('no text at all', async () => {
    await using at = await fixture()
    at.server.on('odd', ({ reply }) => reply())
    const error = await failureOf(at.client.call('odd'))
    expect(error).toMatchObject({ code: 'MI_PROTOCOL', message: expect.stringContaining('an empty reply') })
  })

  test.each([
    ['another id', resultText(99, 'x'), 'id 99 instead of 1'],
    ['an id of another type', '{"jsonrpc":"2.0","result":1,"id":"1"}', 'id "1" instead of 1'],
    ['no version', '{"result":1,"id":1}', 'not a JSON-RPC reply'],
    ['no id', '{"jsonrpc":"2.0","result":1}', 'not a JSON-RPC reply'],
    ['result and error', '{"jsonrpc":"2.0","result":1,"error":{"code":1,"message":""},"id":1}', 'not a JSON-RPC reply'],
    ['neither', '{"jsonrpc":"2.0","id":1}', 'not a JSON-RPC reply'],
    ['an error that is none', '{"jsonrpc":"2.0","error":"bad","id":1}', 'not a JSON-RPC reply'],
    ['a code that is no integer', '{"jsonrpc":"2.0","error":{"code":1.5,"message":""},"id":1}', 'not a JSON-RPC reply'],
    ['a result without an id', '{"jsonrpc":"2.0","result":1,"id":null}', 'id null instead of 1'],
    ['an array', `[${resultText(1, 'x')}]`, 'not a JSON-RPC reply'],
    ['an answer that ends too soon', '{"jsonrpc":"2.0","result":', 'not a JSON-RPC reply'],
    ['an answer with something behind it', `${resultText(1, 'x')}garbage`, 'not a JSON-RPC reply'],
    ['null', 'null', 'not a JSON-RPC reply'],
  ])('%s', async (_, text, message) => {
    await using at = await fixture()
    at.server.on('odd', ({ reply }) => reply(text))
    const error = await failureOf(at.client.call('odd'))
    expect(error).toMatchObject({ code: 'MI_PROTOCOL', data: text, message: expect.stringContaining(message) })
  })

  test('more than maxReplyBytes', async () => {
    await using at = await fixture()
    const client = at.makeClient({ maxReplyBytes: 1000 })
    at.server.on('fits', ({ id, reply }) => reply(resultText(id, 'x'.repeat(900)), resultText(id, 'y'.repeat(900))))
    expect(await client.call('fits')).toBe('y'.repeat(900))
    at.server.on('large', ({ id, reply }) => reply(resultText(id, 'x'.repeat(1_000_000))))
    const error = await failureOf(client.call('large'))
    expect(error).toMatchObject({ code: 'MI_PROTOCOL', message: expect.stringContaining('more than 1000 bytes') })
  })
})
