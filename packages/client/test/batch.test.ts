import { CommandError } from '@mi/contract'
import { describe, expect, test } from 'vitest'
import { cache, core } from './support/contracts.js'
import { failureOf } from './support/failure.js'
import { fixture } from './support/fixture.js'
import { errorText, resultText } from './support/responder.js'

describe('a batch', () => {
  test('is one request, and resolves with the answers in the order of its calls', async () => {
    await using at = await fixture()
    at.server.on('batch', ({ reply }) =>
      reply(`[${resultText(3, ['a'])},${errorText(2, -32601, 'Method not found')},${resultText(1, 'OK')}]`),
    )
    const answers = await at.client.batch([
      [cache.store, { system: 'local', attr: 'k', value: 'v' }],
      ['nosuch', [1]],
      [core.which],
    ])
    expect(at.server.received[0]?.params).toEqual([
      { jsonrpc: '2.0', method: 'cache:store', params: { system: 'local', attr: 'k', value: 'v' }, id: 1 },
      { jsonrpc: '2.0', method: 'nosuch', params: [1], id: 2 },
      { jsonrpc: '2.0', method: 'core:which', id: 3 },
    ])
    expect(answers).toEqual([{ result: 'OK' }, { error: expect.any(CommandError) }, { result: ['a'] }])
    expect(answers[1].error).toMatchObject({ code: -32601, message: 'Method not found' })
    expect(at.server.lines.length).toBe(1)
  })

  test('that the server refuses as a whole rejects with its error', async () => {
    await using at = await fixture()
    at.server.on('batch', ({ reply }) => reply(errorText(null, -32600, 'Invalid Request')))
    const error = await failureOf(at.client.batch([['pwd'], ['ps']]))
    expect(error).toBeInstanceOf(CommandError)
    expect(error).toMatchObject({ code: -32600, message: 'Invalid Request' })
  })

  test.each([
    ['answers are missing', () => `[${resultText(2, 'x')}]`, 'no answer with id 1, 3'],
    ['an answer comes twice', () => `[${resultText(2, 'x')},${resultText(2, 'x')}]`, 'two answers with id 2'],
    ['an answer is to nothing', () => `[${resultText(9, 'x')}]`, 'unknown id 9'],
    ['a call was not understood', () => `[${resultText(2, 1)},${errorText(null, 1, '')},${resultText(1, 1)}]`, 'id 3'],
    ['an answer is none', () => '[5]', 'no JSON-RPC answer'],
    ['there is plain text', () => '400 Parse_error', '400 Parse_error'],
  ])('rejects with MI_PROTOCOL when %s', async (_, text, message) => {
    await using at = await fixture()
    at.server.on('batch', ({ reply }) => reply(text()))
    const error = await failureOf(at.client.batch([['a'], ['b'], ['c']]))
    expect(error).toMatchObject({ code: 'MI_PROTOCOL', message: expect.stringContaining(message) })
  })

  test('is named in messages by its size and its first methods', async () => {
    await using at = await fixture()
    const calls = Array.from({ length: 200 }, (_, n) => [`name${n}`] as const)
    const error = await failureOf(at.client.batch(calls, { timeout: 20 }))
    expect(String(error)).toContain(
      'a batch of 200 (name0, name1, name2, name3, name4, ...) was not answered within 20 ms',
    )
  })

  test('without calls, or with what is no call, is a TypeError', async () => {
    await using at = await fixture()
    expect(await failureOf(at.client.batch([]))).toBeInstanceOf(TypeError)
    // @ts-expect-error -- a call is an array
    expect(await failureOf(at.client.batch(['pwd']))).toBeInstanceOf(TypeError)
    // @ts-expect-error -- no list at all
    expect(await failureOf(at.client.batch('pwd'))).toBeInstanceOf(TypeError)
    expect(at.server.lines).toEqual([])
  })
})
