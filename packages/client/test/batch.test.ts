import { CommandError } from '@mi/contract'
import { describe, expect, test } from 'vitest'
import { cache, core } from './support/contracts.js'
import { failureOf } from './support/failure.js'
import { fixture } from './support/fixture.js'
import { engineText, errorText, resultText } from './support/responder.js'

describe('a batch to an engine of this project', () => {
  test('is one request, and resolves with the answers in the order of its calls', async () => {
    await using at = await fixture()
    at.server.on('version', ({ id, reply }) => reply(engineText(id)))
    at.server.on('batch', ({ reply }) =>
      reply(`[${resultText(4, ['a'])},${errorText(3, -32601, 'Method not found')},${resultText(2, 'OK')}]`),
    )
    const answers = await at.client.batch([
      [cache.store, { system: 'local', attr: 'k', value: 'v' }],
      ['nosuch', [1]],
      [core.which],
    ])
    expect(at.server.received[1]?.params).toEqual([
      { jsonrpc: '2.0', method: 'cache:store', params: { system: 'local', attr: 'k', value: 'v' }, id: 2 },
      { jsonrpc: '2.0', method: 'nosuch', params: [1], id: 3 },
      { jsonrpc: '2.0', method: 'core:which', id: 4 },
    ])
    expect(answers).toEqual([{ result: 'OK' }, { error: expect.any(CommandError) }, { result: ['a'] }])
    expect(answers[1].error).toMatchObject({ command: 'nosuch', code: -32601, reason: 'Method not found' })
    expect(at.server.lines.length).toBe(2)
  })

  test('that the server refuses as a whole rejects with its error', async () => {
    await using at = await fixture()
    at.server.on('version', ({ id, reply }) => reply(engineText(id)))
    at.server.on('batch', ({ reply }) => reply(errorText(null, -32000, 'Server busy')))
    const error = await failureOf(at.client.batch([['pwd'], ['ps']]))
    expect(error).toBeInstanceOf(CommandError)
    expect(error).toMatchObject({ code: -32000, reason: 'Server busy' })
  })

  test('that the server takes for no request has not run, and goes on as single requests', async () => {
    await using at = await fixture()
    at.server.on('version', ({ id, reply }) => reply(engineText(id)))
    at.server.on('batch', ({ reply }) => reply(errorText(null, -32600, 'Invalid Request')))
    at.server.on('pwd', ({ id, reply }) => reply(resultText(id, '/')))
    at.server.on('ps', ({ id, reply }) => reply(errorText(id, -32600, 'Invalid Request')))
    const replies = await at.client.batch([['pwd'], ['ps']])
    expect(replies).toMatchObject([{ result: '/' }, { error: { command: 'ps', code: -32600 } }])
  })

  test.each([
    ['replies are missing', () => `[${resultText(3, 'x')}]`, 'no reply with id 2, 4'],
    ['a reply comes twice', () => `[${resultText(3, 'x')},${resultText(3, 'x')}]`, 'two replies with id 3'],
    ['a reply is to nothing', () => `[${resultText(9, 'x')}]`, 'unknown id 9'],
    ['a call was not understood', () => `[${resultText(3, 1)},${errorText(null, 1, '')},${resultText(2, 1)}]`, 'id 4'],
    ['a reply is not one', () => '[5]', 'not a JSON-RPC reply'],
    ['there is plain text', () => '400 Parse_error', '400 Parse_error'],
  ])('rejects with MI_PROTOCOL when %s', async (_, text, message) => {
    await using at = await fixture()
    at.server.on('version', ({ id, reply }) => reply(engineText(id)))
    at.server.on('batch', ({ reply }) => reply(text()))
    const error = await failureOf(at.client.batch([['a'], ['b'], ['c']]))
    expect(error).toMatchObject({ code: 'MI_PROTOCOL', message: expect.stringContaining(message) })
  })

  test('is named in messages by its size and its first methods', async () => {
    await using at = await fixture()
    at.server.on('version', ({ id, reply }) => reply(engineText(id)))
    await at.client.notify('x')
    const calls = Array.from({ length: 200 }, (_, n) => [`name${n}`] as const)
    const error = await failureOf(at.client.batch(calls, { timeoutMs: 20 }))
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

const opensips = { Server: 'OpenSIPS (3.6.8 (x86_64/linux))' }

describe('a batch to any other server', () => {
  test('goes as single requests side by side, with the names that the server knows', async () => {
    await using at = await fixture()
    at.server.on('version', ({ id, reply }) => reply(resultText(id, opensips)))
    at.server.on('cache:store', ({ id, reply }) => reply(errorText(id, -32601, 'Method not found')))
    at.server.on('which', ({ id, reply }) => reply(resultText(id, ['cache_store', 'pwd'])))
    at.server.on('cache_store', ({ id, reply }) => reply(resultText(id, 'OK')))
    at.server.on('slow', ({ id, reply }) => setTimeout(() => reply(resultText(id, 'late')), 30))
    at.server.on('nosuch', ({ id, reply }) => reply(errorText(id, -32601, 'Method not found')))
    const replies = await at.client.batch([
      ['slow'],
      [cache.store, { system: 'local', attr: 'k', value: 'v' }],
      ['nosuch', [1]],
    ])
    expect(replies).toEqual([{ result: 'late' }, { result: 'OK' }, { error: expect.any(CommandError) }])
    expect(at.server.lines.filter((line) => line.includes(':[{'))).toEqual([])
    await at.client.batch([['slow']])
    const asked = at.server.received.filter(({ method }) => method === 'version')
    expect(asked.length).toBe(1)
  })

  test('is single requests too where the server is not sure to be an engine', async () => {
    await using at = await fixture()
    at.server.on('version', ({ id, reply }) => reply(errorText(id, -32601, 'Method not found')))
    at.server.on('pwd', ({ id, reply }) => reply(resultText(id, '/')))
    expect(await at.client.batch([['pwd']])).toEqual([{ result: '/' }])
  })

  test('is one request again where the caller may not ask for the version: only the engine refuses so', async () => {
    await using at = await fixture()
    at.server.on('version', ({ id, reply }) => reply(errorText(id, -32003, 'Forbidden')))
    at.server.on('batch', ({ reply }) => reply(`[${resultText(2, '/')}]`))
    expect(await at.client.batch([['pwd']])).toEqual([{ result: '/' }])
  })

  test('asks for the version again once the server was away', async () => {
    await using at = await fixture()
    let server = 'MI for Node.js (1.0.0)'
    at.server.on('version', ({ id, reply }) => reply(resultText(id, { Server: server })))
    at.server.on('batch', ({ params, reply }) => {
      const [{ id }] = Array.isArray(params) ? params : []
      return reply(`[${resultText(id, 'in a batch')}]`)
    })
    at.server.on('pwd', ({ id, reply }) => reply(resultText(id, 'alone')))
    expect(await at.client.batch([['pwd']])).toEqual([{ result: 'in a batch' }])
    at.server.deafen()
    expect(await failureOf(at.client.call('pwd'))).toMatchObject({ code: 'MI_CONNECTION' })
    server = opensips.Server
    at.server.read()
    expect(await at.client.batch([['pwd']])).toEqual([{ result: 'alone' }])
  })

  test('rejects where a call of it has no reply, with nothing left under way', async () => {
    await using at = await fixture()
    at.server.on('version', ({ id, reply }) => reply(resultText(id, opensips)))
    at.server.on('pwd', ({ id, reply }) => reply(resultText(id, '/')))
    const error = await failureOf(at.client.batch([['never'], ['pwd']], { timeoutMs: 100 }))
    expect(error).toMatchObject({ code: 'MI_TIMEOUT', message: expect.stringContaining("'never' was not answered") })
  })
})
