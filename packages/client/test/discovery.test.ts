import { describe, expect, test, vi } from 'vitest'
import { cache } from './support/contracts.js'
import { failureOf } from './support/failure.js'
import { errorText, resultText } from './support/responder.js'
import { type UdpFixture, udpFixture } from './support/udp-fixture.js'

const recipes = [
  ['system', 'attr', 'value'],
  ['system', 'attr', 'value', 'expire'],
]
const help = { Help: 'stores in a cache system a string value', 'Exported by': 'cache' }

async function server(): Promise<UdpFixture> {
  const at = await udpFixture()
  at.server.on('which', ({ id, params, reply }) => {
    if (params === undefined) return reply(resultText(id, ['core:which', 'cache:store']))
    const [name] = Array.isArray(params) ? params : []
    if (name === 'cache:') return reply(resultText(id, ['cache:store']))
    const isKnown = name === 'cache:store' || name === 'cache_store'
    return reply(isKnown ? resultText(id, recipes) : errorText(id, 404, 'unknown MI command'))
  })
  at.server.on('help', ({ id, reply }) => reply(resultText(id, help)))
  return at
}

describe('commands()', () => {
  test('lists what the server has, and asks once', async () => {
    await using at = await server()
    const lists = await Promise.all([at.client.commands(), at.client.commands()])
    expect(lists).toEqual(Array(2).fill(['core:which', 'cache:store']))
    expect(await at.client.commands()).toEqual(['core:which', 'cache:store'])
    expect(at.server.received.length).toBe(1)
  })

  test('asks again when it is told to, and then forgets recipes and help, too', async () => {
    await using at = await server()
    await at.client.commands()
    await at.client.recipes('cache_store')
    await at.client.help('cache_store')
    at.server.on('which', ({ id, params, reply }) => reply(resultText(id, params === undefined ? ['pwd'] : [[]])))
    expect(await at.client.commands({ fresh: true })).toEqual(['pwd'])
    expect(await at.client.recipes('cache_store')).toEqual([[]])
    expect(await at.client.help('cache_store')).toEqual(help)
    expect(at.server.received.length).toBe(6)
  })

  test('asks again when the server could not be reached meanwhile', async () => {
    await using at = await server()
    await at.client.commands()
    const { port } = at
    await at.server.close()
    expect(await failureOf(at.client.call('pwd'))).toMatchObject({ code: 'MI_CONNECTION' })
    await at.server.listen(port)
    await at.client.commands()
    expect(at.server.received.length).toBe(2)
  })

  test('keeps no failure', async () => {
    await using at = await server()
    at.server.on('which', ({ id, reply }) => reply(errorText(id, 500, 'No')))
    expect(await failureOf(at.client.commands())).toMatchObject({ code: 500 })
    at.server.on('which', ({ id, reply }) => reply(resultText(id, ['pwd'])))
    expect(await at.client.commands()).toEqual(['pwd'])
  })

  test('gives up alone: the others still get the list', async () => {
    await using at = await server()
    at.server.on('which', () => undefined)
    const patient = at.client.commands()
    const error = await failureOf(at.client.commands({ timeoutMs: 30 }))
    expect(error).toMatchObject({ code: 'MI_TIMEOUT', message: 'the list of commands took longer than 30 ms' })
    expect(await failureOf(at.client.commands({ signal: AbortSignal.abort('stop') }))).toBe('stop')
    const [request] = at.server.received
    await request?.reply(resultText(request.id, ['pwd']))
    expect(await patient).toEqual(['pwd'])
    expect(at.server.received.length).toBe(1)
  })

  test('ends even where the client waits for ever', async () => {
    await using at = await server()
    at.server.on('which', () => undefined)
    const client = at.makeClient({}, 0)
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    try {
      const list = failureOf(client.commands())
      await vi.advanceTimersByTimeAsync(5000)
      expect(await list).toMatchObject({ code: 'MI_TIMEOUT' })
    } finally {
      vi.useRealTimers()
    }
  })

  test('asks for core:which where several modules have a `which`', async () => {
    await using at = await server()
    at.server.on('which', ({ id, reply }) => reply(errorText(id, -32001, 'Method ambiguous')))
    at.server.on('core:which', ({ id, reply }) => reply(resultText(id, ['core:which', 'x:which'])))
    expect(await at.client.commands()).toEqual(['core:which', 'x:which'])
  })

  test('is MI_PROTOCOL for what is no list of names', async () => {
    await using at = await server()
    at.server.on('which', ({ id, reply }) => reply(resultText(id, ['pwd', 5])))
    expect(await failureOf(at.client.commands())).toMatchObject({ code: 'MI_PROTOCOL', data: '["pwd",5]' })
  })

  test('is MI_CLOSED after close, and when the client is closed meanwhile', async () => {
    await using at = await server()
    at.server.on('which', () => undefined)
    const cut = failureOf(at.client.commands())
    await new Promise((resolve) => setImmediate(resolve))
    await at.client.close()
    expect(await cut).toMatchObject({ code: 'MI_CLOSED' })
    expect(await failureOf(at.client.commands())).toMatchObject({ code: 'MI_CLOSED' })
    expect(await failureOf(at.client.recipes('pwd'))).toMatchObject({ code: 'MI_CLOSED' })
  })
})

describe('recipes() and help()', () => {
  test('tell what a command takes and does, by its name, and ask once for each', async () => {
    await using at = await server()
    for (let n = 0; n < 2; n++) {
      expect(await at.client.recipes('cache_store')).toEqual(recipes)
      expect(await at.client.help('cache_store')).toEqual(help)
    }
    expect(at.server.received.map(({ method, params }) => [method, params])).toEqual([
      ['which', ['cache_store']],
      ['help', ['cache_store']],
    ])
    await at.client.recipes('cache_store', { fresh: true })
    expect(at.server.received.length).toBe(3)
  })

  test('find the name of a contract that the server knows', async () => {
    await using at = await server()
    expect(await at.client.recipes(cache.store)).toEqual(recipes)
    expect(at.server.received.map(({ params }) => params)).toEqual([undefined, ['cache:store']])
  })

  test('reject with what the server says of a command that it lacks, and keep no failure', async () => {
    await using at = await server()
    for (let n = 0; n < 2; n++) {
      expect(await failureOf(at.client.recipes('nosuch'))).toMatchObject({ code: 404, reason: 'unknown MI command' })
    }
    expect(at.server.received.length).toBe(2)
  })

  test('are MI_PROTOCOL for what are none, such as the commands of a module', async () => {
    await using at = await server()
    expect(await failureOf(at.client.recipes('cache:'))).toMatchObject({ code: 'MI_PROTOCOL', data: '["cache:store"]' })
    at.server.on('help', ({ id, reply }) => reply(resultText(id, 'usage: ...')))
    expect(await failureOf(at.client.help('x'))).toMatchObject({ code: 'MI_PROTOCOL', data: '"usage: ..."' })
  })

  test('keep what they know of 1024 commands', async () => {
    await using at = await udpFixture()
    at.server.on('which', ({ id, reply }) => reply(resultText(id, [[]])))
    for (let n = 0; n <= 1024; n++) await at.client.recipes(`c${n}`)
    await at.client.recipes('c1')
    expect(at.server.received.length).toBe(1025)
    await at.client.recipes('c0')
    expect(at.server.received.length).toBe(1026)
  })
})

describe('statistics()', () => {
  test('gives numbers, whether they come as numbers or as text', async () => {
    await using at = await udpFixture()
    const sent = {
      'core:rcv_requests': 5,
      'shmem:total_size': '67108864',
      'load:load': '0.5',
      'x:y': ' -3 ',
      __proto__: 1,
    }
    at.server.on('statistics:get', ({ id, reply }) => reply(resultText(id, sent)))
    expect(await at.client.statistics(['core:', 'tm:'])).toEqual({
      'core:rcv_requests': 5,
      'shmem:total_size': 67_108_864,
      'load:load': 0.5,
      'x:y': -3,
    })
    expect(at.server.received[0]?.params).toEqual({ statistics: ['core:', 'tm:'] })
  })

  test('asks a server of 3.x under the name that it knows', async () => {
    await using at = await udpFixture()
    at.server.on('statistics:get', ({ id, reply }) => reply(errorText(id, -32601, 'Method not found')))
    at.server.on('which', ({ id, reply }) => reply(resultText(id, ['get_statistics'])))
    at.server.on('get_statistics', ({ id, reply }) => reply(resultText(id, { 'core:drop_requests': 0 })))
    expect(await at.client.statistics(['core:drop_requests'])).toEqual({ 'core:drop_requests': 0 })
  })

  test.each([['many'], [null], [[]], [''], [{ nested: {} }]])('is MI_PROTOCOL for the value %j', async (value) => {
    await using at = await udpFixture()
    at.server.on('statistics:get', ({ id, reply }) => reply(resultText(id, { 'x:y': value })))
    expect(await failureOf(at.client.statistics(['x:y']))).toMatchObject({
      code: 'MI_PROTOCOL',
      message: expect.stringContaining("statistic 'x:y'"),
    })
  })

  test('is MI_PROTOCOL for what is no object, and a TypeError without names', async () => {
    await using at = await udpFixture()
    at.server.on('statistics:get', ({ id, reply }) => reply(resultText(id, [1])))
    expect(await failureOf(at.client.statistics(['x:y']))).toMatchObject({ code: 'MI_PROTOCOL' })
    expect(await failureOf(at.client.statistics([]))).toBeInstanceOf(TypeError)
    expect(await failureOf(at.client.statistics(['']))).toBeInstanceOf(TypeError)
    // @ts-expect-error -- a list is wanted
    expect(await failureOf(at.client.statistics('core:'))).toBeInstanceOf(TypeError)
  })
})
