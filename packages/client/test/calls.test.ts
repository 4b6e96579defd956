import { CommandError, isCommandError } from '@mi/contract'
import { describe, expect, test } from 'vitest'
import { cache, core } from './support/contracts.js'
import { failureOf } from './support/failure.js'
import { fixture } from './support/fixture.js'
import { errorText, resultText } from './support/responder.js'
import { until } from './support/until.js'

describe('a call', () => {
  test('by contract sends the canonical name and named parameters on one line, and resolves with the result', async () => {
    await using at = await fixture()
    at.server.on('cache:store', (request) => request.reply(resultText(request.id, 'OK')))
    const params = { system: 'local', attr: 'k', value: 'two\nlines, ünïcode ✓' }
    expect(await at.client.call(cache.store, params)).toBe('OK')
    const [line = ''] = at.server.lines
    expect(line).toMatch(/^:[A-Za-z0-9_-]+:\{/)
    expect(JSON.parse(line.replace(/^:[^:]*:/, ''))).toEqual({ jsonrpc: '2.0', method: 'cache:store', params, id: 1 })
  })

  test('by name sends the name and the parameters as they are given', async () => {
    await using at = await fixture()
    at.server.on('cache_store', ({ id, params, reply }) => reply(resultText(id, params)))
    expect(await at.client.call('cache_store', ['local', 'k', 5])).toEqual(['local', 'k', 5])
    expect(await at.client.call('cache_store', { attr: 'k' })).toEqual({ attr: 'k' })
  })

  test.each([[undefined], [{}], [[]]])('leaves parameters that are none out of the request: %j', async (params) => {
    await using at = await fixture()
    at.server.on('core:pwd', ({ id, line, reply }) => reply(resultText(id, line.includes('params'))))
    expect(await at.client.call('core:pwd', params)).toBe(false)
    expect(await at.client.call(core.pwd)).toBe(false)
  })

  test('counts its ids from 1, one counter per client', async () => {
    await using at = await fixture()
    at.server.on('pwd', ({ id, reply }) => reply(resultText(id, id)))
    expect([await at.client.call('pwd'), await at.client.call('pwd')]).toEqual([1, 2])
    expect(await at.makeClient().call('pwd')).toBe(1)
  })

  test.each([[null], [false], [0], [''], [[]], [{ deep: [{}] }]])(
    'passes the result %j on as it is',
    async (result) => {
      await using at = await fixture()
      at.server.on('any', ({ id, reply }) => reply(resultText(id, result)))
      expect(await at.client.call('any')).toEqual(result)
    },
  )

  test('rejects with the error that the server answers, with code, message and data', async () => {
    await using at = await fixture()
    at.server.on('nosuch', ({ id, reply }) => reply(errorText(id, -32601, 'Method not found', { hint: 1 })))
    const error = await failureOf(at.client.call('nosuch'))
    expect(error).toBeInstanceOf(CommandError)
    expect(error).toMatchObject({
      code: -32601,
      reason: 'Method not found',
      data: { hint: 1 },
      message: 'nosuch: Method not found: {"hint":1}',
    })
  })

  test('takes an error without an id as its own: the server could not make out the request', async () => {
    await using at = await fixture()
    at.server.on('odd', ({ reply }) => reply(errorText(null, -32600, 'Invalid Request')))
    expect(isCommandError(await failureOf(at.client.call('odd')), -32600)).toBe(true)
  })

  test('reads an answer of 5 MB, and one that comes byte by byte', async () => {
    await using at = await fixture()
    const large = 'ü'.repeat(2_500_000)
    at.server.on('large', ({ id, reply }) => reply(resultText(id, large)))
    expect(await at.client.call('large')).toBe(large)
    at.server.on('bytes', async ({ id, open }) => {
      const writer = open()
      for (const byte of Buffer.from(resultText(id, 'ü✓𝄞'))) await writer.write(Uint8Array.of(byte))
      await writer.close()
    })
    expect(await at.client.call('bytes')).toBe('ü✓𝄞')
  })

  test('by a module client is typed and sent as any other', async () => {
    await using at = await fixture()
    at.server.on('cache:store', ({ id, reply }) => reply(resultText(id, 'OK')))
    const local = at.client.module(cache)
    expect(Object.keys(local)).toEqual(['store', 'mode'])
    expect(await local.store({ system: 'local', attr: 'k', value: 'v', expire: 3 }, { timeoutMs: 9000 })).toBe('OK')
    expect(at.server.received[0]?.params).toEqual({ system: 'local', attr: 'k', value: 'v', expire: 3 })
  })
})

describe('calls at the same time', () => {
  test('are each matched to their own answer, whatever the order of the answers', async () => {
    await using at = await fixture()
    at.server.on('echo', () => undefined)
    const calls = Array.from({ length: 100 }, (_, n) => at.client.call('echo', { n }))
    await until('all requests have arrived', () => at.server.received.length === 100)
    await Promise.all(at.server.received.toReversed().map(({ id, params, reply }) => reply(resultText(id, params))))
    expect(await Promise.all(calls)).toEqual(Array.from({ length: 100 }, (_, n) => ({ n })))
    expect(new Set(at.server.received.map(({ replyName }) => replyName)).size).toBe(100)
  })

  test('are bounded by maxConcurrent: the others wait in order', async () => {
    await using at = await fixture()
    const client = at.makeClient({ maxConcurrent: 2 })
    const order: unknown[] = []
    at.server.on('echo', ({ params }) => order.push(params))
    const calls = [1, 2, 3, 4, 5].map((n) => client.call('echo', [n]))
    for (const seen of [2, 3, 4, 5]) {
      await until(`${seen} requests have arrived`, () => order.length === seen)
      expect(at.replies().length).toBe(2)
      const { id, reply } = at.server.received[seen - 2] ?? expect.unreachable()
      await reply(resultText(id, 'done'))
    }
    const { id, reply } = at.server.received[4] ?? expect.unreachable()
    await reply(resultText(id, 'done'))
    expect(await Promise.all(calls)).toEqual(Array(5).fill('done'))
    expect(order.flat().slice(2)).toEqual([3, 4, 5])
  })

  test('are refused beyond maxQueued', async () => {
    await using at = await fixture()
    at.server.on('echo', ({ id, reply }) => reply(resultText(id, 1)))
    const client = at.makeClient({ maxConcurrent: 1, maxQueued: 1 })
    const [first, second, third] = ['echo', 'echo', 'echo'].map((name) => client.call(name))
    expect(await failureOf(third ?? expect.unreachable())).toMatchObject({ code: 'MI_CONNECTION' })
    expect(await Promise.all([first, second])).toEqual([1, 1])
  })

  test('a thousand of them with one signal cause no warning', async () => {
    await using at = await fixture()
    const warnings: Error[] = []
    const onWarning = (warning: Error): number => warnings.push(warning)
    process.on('warning', onWarning)
    at.server.on('echo', ({ id, reply }) => reply(resultText(id, id)))
    const { signal } = new AbortController()
    const calls = Array.from({ length: 1000 }, () => at.client.call('echo', [], { signal }))
    const results = await Promise.all(calls)
    await new Promise((resolve) => setImmediate(resolve))
    process.off('warning', onWarning)
    expect(new Set(results).size).toBe(1000)
    expect(warnings).toEqual([])
  })

  test('with requests of 100 kB never mix their requests', async () => {
    await using at = await fixture()
    at.server.on('large', ({ id, params, reply }) => reply(resultText(id, JSON.stringify(params).length)))
    const calls = Array.from({ length: 30 }, (_, n) =>
      at.client.call('large', [String(n).repeat(100_000).slice(0, 100_000)]),
    )
    expect(await Promise.all(calls)).toEqual(Array(30).fill(100_004))
    expect(at.server.lines.length).toBe(30)
  })
})
