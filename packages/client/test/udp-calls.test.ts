import { createSocket } from 'node:dgram'
import { isCommandError } from '@mi/contract'
import { describe, expect, test } from 'vitest'
import { createClient } from '../src/index.js'
import { udp } from '../src/udp/udp.js'
import { cache } from './support/contracts.js'
import { failureOf } from './support/failure.js'
import { engineText, errorText, resultText } from './support/responder.js'
import { udpFixture } from './support/udp-fixture.js'
import { until } from './support/until.js'

describe('over udp', () => {
  test('a call is one datagram, and its answer another', async () => {
    await using at = await udpFixture()
    at.server.on('cache:store', ({ id, reply }) => reply(resultText(id, 'OK')))
    const params = { system: 'local', attr: 'k', value: 'two\nlines, ünïcode ✓' }
    expect(await at.client.call(cache.store, params)).toBe('OK')
    expect(at.server.texts.map((text) => JSON.parse(text))).toEqual([
      { jsonrpc: '2.0', method: 'cache:store', params, id: 1 },
    ])
  })

  test('an error answer rejects with its code, message and data', async () => {
    await using at = await udpFixture()
    at.server.on('nosuch', ({ id, reply }) => reply(errorText(id, -32601, 'Method not found', 'hint')))
    const error = await failureOf(at.client.call('nosuch'))
    expect(isCommandError(error, -32601)).toBe(true)
    expect(error).toMatchObject({ reason: 'Method not found', data: 'hint' })
  })

  test('a notification resolves when it is sent', async () => {
    await using at = await udpFixture()
    expect(await at.client.notify('reload', [1])).toBeUndefined()
    await until('it has arrived', () => at.server.texts.length === 1)
    expect(at.server.texts).toEqual(['{"jsonrpc":"2.0","method":"reload","params":[1]}'])
  })

  test('a batch is matched by any of its ids', async () => {
    await using at = await udpFixture()
    at.server.on('batch', ({ params, reply }) => {
      const [first] = Array.isArray(params) ? params : []
      return reply(`[${resultText(first.id, 'a')},${errorText(null, -32600, 'Invalid Request')}]`)
    })
    at.server.on('version', ({ id, reply }) => reply(engineText(id)))
    at.server.on('pwd', () => undefined)
    const other = at.client.call('pwd')
    const error = await failureOf(at.client.batch([['x'], ['y']]))
    expect(error).toMatchObject({ code: 'MI_PROTOCOL', message: expect.stringContaining('no reply with id 4') })
    await until('the other has arrived', () => at.server.received.length === 3)
    const request = at.server.received.find(({ method }) => method === 'pwd') ?? expect.unreachable()
    await request.reply(resultText(request.id, '/'))
    expect(await other).toBe('/')
  })

  test('an IPv6 address may stand in brackets, and a host name is resolved', async () => {
    await using at = await udpFixture()
    expect(udp({ host: '[::1]', port: 5 })).toMatchObject({ address: '[::1]:5' })
    at.server.on('pwd', ({ id, reply }) => reply(resultText(id, '/')))
    const client = at.makeClient({ host: 'ip4-localhost.invalid' })
    expect(String(await failureOf(client.call('pwd')))).toMatch(
      /the host name of ip4-localhost\.invalid:\d+ cannot be resolved \(E\w+\); check it, or give an IP address/,
    )
  })

  test('what another sender than the server sends is not taken for an answer', async () => {
    await using at = await udpFixture()
    const call = at.client.call('pwd')
    await until('the request has arrived', () => at.server.received.length === 1)
    const stranger = createSocket('udp4')
    await new Promise((resolve) => stranger.send(resultText(1, 'forged'), at.server.lastPeerPort, '127.0.0.1', resolve))
    await new Promise<void>((resolve) => stranger.close(() => resolve()))
    await at.server.received[0]?.reply(resultText(1, 'true'))
    expect(await call).toBe('true')
  })
})

describe('calls at the same time', () => {
  test('share one socket, and are each matched to their own answer, whatever the order of the answers', async () => {
    await using at = await udpFixture()
    const ports = new Set<number>()
    at.server.on('echo', () => ports.add(at.server.lastPeerPort))
    const calls = Array.from({ length: 100 }, (_, n) => at.client.call('echo', { n }))
    await until('all requests have arrived', () => at.server.received.length === 100)
    await Promise.all(at.server.received.toReversed().map(({ id, params, reply }) => reply(resultText(id, params))))
    expect(await Promise.all(calls)).toEqual(Array.from({ length: 100 }, (_, n) => ({ n })))
    expect(ports.size).toBe(1)
  })

  test('are bounded by maxConcurrent: the others wait in order', async () => {
    await using at = await udpFixture()
    const client = at.makeClient({ maxConcurrent: 2 })
    const calls = [1, 2, 3, 4, 5].map((n) => client.call('echo', [n]))
    for (const [turn, count] of [2, 3, 4, 5, 5].entries()) {
      await until(`${count} requests have arrived`, () => at.server.received.length === count)
      const { id, reply } = at.server.received[turn] ?? expect.unreachable()
      await reply(resultText(id, 'done'))
      await calls[turn]
    }
    expect(at.server.received.map(({ params }) => params)).toEqual([[1], [2], [3], [4], [5]])
    expect(await Promise.all(calls)).toEqual(Array(5).fill('done'))
  })

  test('are refused beyond maxQueued', async () => {
    await using at = await udpFixture()
    at.server.on('echo', ({ id, reply }) => reply(resultText(id, 1)))
    const client = at.makeClient({ maxConcurrent: 1, maxQueued: 1 })
    const [first, second, third] = ['echo', 'echo', 'echo'].map((name) => client.call(name))
    expect(await failureOf(third ?? expect.unreachable())).toMatchObject({
      code: 'MI_CONNECTION',
      message: '1 calls over udp wait already; send fewer at once',
    })
    expect(await Promise.all([first, second])).toEqual([1, 1])
  })

  test('of two clients need two transports: a second client is refused', async () => {
    const transport = udp({ port: 5 })
    const client = createClient(transport)
    expect(() => createClient(transport)).toThrow(
      new TypeError('this transport over udp (127.0.0.1:5) has a client; make one for each client'),
    )
    await client.close()
  })

  test('with the same id are refused', async () => {
    await using at = await udpFixture()
    const transport = udp({ port: at.port })
    const { signal } = new AbortController()
    const message = { text: '{"id":7,"method":"pwd"}', ids: [7], signal, abortSignal: signal }
    const first = transport.request(message)
    const second = await failureOf(transport.request(message))
    expect(second).toEqual(
      new TypeError(`a request with the id 7 is under way over udp (127.0.0.1:${at.port}) already`),
    )
    await until('the first has arrived', () => at.server.received.length === 1)
    await at.server.received[0]?.reply('{"id":7}')
    expect(await first).toEqual({ text: '{"id":7}', json: { id: 7 } })
    expect(at.server.received.length).toBe(1)
    await transport.close()
  })
})

describe('a request that no datagram can hold', () => {
  test('is refused with the limit before anything is sent', async () => {
    await using at = await udpFixture()
    const error = await failureOf(at.client.call('long', ['ü'.repeat(40_000)]))
    expect(error).toBeInstanceOf(RangeError)
    expect(String(error)).toMatch(
      /a request of 80\d\d\d bytes over udp \(127.*\) is longer than a datagram may be: 65457 bytes \(maxRequestBytes\)/,
    )
    expect(await failureOf(at.client.notify('long', ['x'.repeat(65_457)]))).toBeInstanceOf(RangeError)
    expect(at.server.texts).toEqual([])
  })

  test('is told by the octet', async () => {
    await using at = await udpFixture()
    at.server.on('fits', ({ id, reply }) => reply(resultText(id, 'yes')))
    const text = (filling: string): string =>
      JSON.stringify({ jsonrpc: '2.0', method: 'fits', params: [filling], id: 1 })
    const filling = 'x'.repeat(65_507 - text('').length)
    expect(await at.makeClient({ maxRequestBytes: 65_507 }).call('fits', [filling])).toBe('yes')
    expect(await failureOf(at.makeClient({ maxRequestBytes: 65_507 }).call('fits', [`${filling}x`]))).toBeInstanceOf(
      RangeError,
    )
  })
})
