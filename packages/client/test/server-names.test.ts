import { defineModule } from '@mi/contract'
import { describe, expect, test } from 'vitest'
import { cache, core } from './support/contracts.js'
import { failureOf } from './support/failure.js'
import { engineText, errorText, resultText } from './support/responder.js'
import { type UdpFixture, udpFixture } from './support/udp-fixture.js'
import { until } from './support/until.js'

const params = { system: 'local', attr: 'k', value: 'v' }
const carrierroute = defineModule('carrierroute', {
  reload_routes: { aliases: ['cr_reload_routes'], recipes: [{}] },
})

/** Has the server end know these names alone, as a server of a release does. */
function knows(at: UdpFixture, ...names: string[]): void {
  const all = ['core:pwd', 'pwd', 'cache:store', 'cache_store', 'carrierroute:reload_routes', 'reload_routes']
  for (const name of [...all, 'cr_reload_routes']) {
    at.server.on(name, ({ id, reply }) =>
      reply(names.includes(name) ? resultText(id, name) : errorText(id, -32601, 'Method not found')),
    )
  }
  at.server.on('which', ({ id, reply }) => reply(resultText(id, names)))
}

function methods(at: UdpFixture): string[] {
  return at.server.received.map(({ method }) => method)
}

describe('a call by contract', () => {
  test('goes out under the canonical name alone to a server that knows it: nothing is looked up', async () => {
    await using at = await udpFixture()
    knows(at, 'cache:store', 'core:pwd')
    expect(await at.client.call(cache.store, params)).toBe('cache:store')
    expect(await at.client.call(core.pwd)).toBe('core:pwd')
    expect(methods(at)).toEqual(['cache:store', 'core:pwd'])
  })

  test('reaches a server of 3.x by its alias, which is found out once', async () => {
    await using at = await udpFixture()
    knows(at, 'cache_store', 'pwd')
    expect(await at.client.call(cache.store, params)).toBe('cache_store')
    expect(await at.client.call(cache.store, params)).toBe('cache_store')
    expect(await at.client.call(core.pwd)).toBe('pwd')
    expect(methods(at)).toEqual(['cache:store', 'which', 'cache_store', 'cache_store', 'pwd'])
    expect(at.server.received.at(-2)?.params).toEqual(params)
  })

  test('shares the look-up with all that are refused at the same time', async () => {
    await using at = await udpFixture()
    knows(at, 'cache_store', 'pwd')
    const calls = Array.from({ length: 50 }, () => at.client.call(cache.store, params))
    expect(await Promise.all(calls)).toEqual(Array(50).fill('cache_store'))
    expect(methods(at).filter((name) => name === 'which')).toEqual(['which'])
  })

  test('never takes the bare name of a command that has an alias: it may be another command', async () => {
    await using at = await udpFixture()
    knows(at, 'reload_routes')
    const error = await failureOf(at.client.call(carrierroute.reload_routes))
    expect(error).toMatchObject({ code: -32601, reason: 'Method not found' })
    expect(methods(at)).toEqual(['carrierroute:reload_routes', 'which'])
  })

  test('to a command that the server lacks is refused, and looked up once a second at most', async () => {
    await using at = await udpFixture()
    knows(at, 'pwd')
    for (let n = 0; n < 3; n++)
      expect(await failureOf(at.client.call(cache.store, params))).toMatchObject({ code: -32601 })
    expect(methods(at)).toEqual(['cache:store', 'which', 'cache:store', 'cache:store'])
  })

  test('finds the names of a server that was replaced by one of another release', async () => {
    await using at = await udpFixture()
    knows(at, 'cache_store', 'pwd')
    await at.client.call(cache.store, params)
    knows(at, 'cache:store', 'core:pwd')
    // The last look-up must be a second old.
    await new Promise((resolve) => setTimeout(resolve, 1010))
    expect(await at.client.call(cache.store, params)).toBe('cache:store')
    expect(await at.client.call(core.pwd)).toBe('core:pwd')
    expect(methods(at).slice(3)).toEqual(['cache_store', 'which', 'cache:store', 'core:pwd'])
  })

  test('begins anew with a server that could not be reached meanwhile', async () => {
    await using at = await udpFixture()
    knows(at, 'cache_store')
    await at.client.call(cache.store, params)
    const { port } = at
    await at.server.close()
    expect(await failureOf(at.client.call(cache.store, params))).toMatchObject({ code: 'MI_CONNECTION' })
    await at.server.listen(port)
    knows(at, 'cache:store')
    expect(await at.client.call(cache.store, params)).toBe('cache:store')
    expect(methods(at).slice(3)).toEqual(['cache:store'])
  })

  test('is refused as the server refused it when the server does not tell what it has', async () => {
    await using at = await udpFixture()
    knows(at, 'cache_store')
    at.server.on('which', ({ id, reply }) => reply(errorText(id, -32601, 'Method not found')))
    expect(await failureOf(at.client.call(cache.store, params))).toMatchObject({ code: -32601 })
    at.server.on('which', ({ id, reply }) => reply(resultText(id, { no: 'list' })))
    expect(await failureOf(at.client.call(cache.store, params))).toMatchObject({ code: -32601 })
  })

  test('has one time limit for all that it takes', async () => {
    await using at = await udpFixture()
    knows(at, 'cache_store')
    at.server.on('which', () => undefined)
    const since = performance.now()
    const error = await failureOf(at.client.call(cache.store, params, { timeoutMs: 300 }))
    expect(error).toMatchObject({ code: 'MI_TIMEOUT', message: expect.stringContaining("the name of 'cache:store'") })
    expect(performance.now() - since).toBeLessThan(1500)
  })

  test('that is given up while its name is looked up leaves the look-up to the others', async () => {
    await using at = await udpFixture()
    knows(at, 'cache_store')
    at.server.on('which', () => undefined)
    const controller = new AbortController()
    const aborted = failureOf(at.client.call(cache.store, params, { signal: controller.signal }))
    const other = at.client.call(cache.store, params)
    await until('the look-up has arrived', () => methods(at).includes('which'))
    controller.abort('stop')
    expect(await aborted).toBe('stop')
    const lookUp = at.server.received.find(({ method }) => method === 'which') ?? expect.unreachable()
    await lookUp.reply(resultText(lookUp.id, ['cache_store']))
    expect(await other).toBe('cache_store')
  })
})

test('a call by name goes out as it is, whatever the server refused', async () => {
  await using at = await udpFixture()
  knows(at, 'cache_store')
  expect(await failureOf(at.client.call('cache:store', params))).toMatchObject({ code: -32601 })
  expect(methods(at)).toEqual(['cache:store'])
})

describe('a notification by contract', () => {
  test('asks for the names first: nobody would refuse a wrong one', async () => {
    await using at = await udpFixture()
    knows(at, 'cache_store')
    await at.client.notify(cache.store, params)
    await until('both have arrived', () => at.server.received.length === 2)
    expect(methods(at)).toEqual(['which', 'cache_store'])
  })

  test('asks nothing of a server that has answered to a canonical name', async () => {
    await using at = await udpFixture()
    knows(at, 'core:pwd', 'cache:store')
    await at.client.call(core.pwd)
    await at.client.notify(cache.store, params)
    await until('both have arrived', () => at.server.received.length === 2)
    expect(methods(at)).toEqual(['core:pwd', 'cache:store'])
  })

  test('asks nothing of a server that has refused a call for another reason than its name', async () => {
    await using at = await udpFixture()
    knows(at, 'core:pwd', 'cache:store')
    at.server.on('core:pwd', ({ id, reply }) => reply(errorText(id, 500, 'No')))
    await failureOf(at.client.call(core.pwd))
    await at.client.notify(cache.store, params)
    await until('both have arrived', () => at.server.received.length === 2)
    expect(methods(at)).toEqual(['core:pwd', 'cache:store'])
  })

  test('goes to a server that cannot tell under the canonical name', async () => {
    await using at = await udpFixture()
    at.server.on('which', ({ id, reply }) => reply(errorText(id, -32601, 'Method not found')))
    await at.client.notify(cache.store, params)
    await until('both have arrived', () => at.server.received.length === 2)
    expect(methods(at)).toEqual(['which', 'cache:store'])
  })
})

test('a batch takes the names that are known', async () => {
  await using at = await udpFixture()
  knows(at, 'cache_store')
  await at.client.call(cache.store, params)
  at.server.on('version', ({ id, reply }) => reply(engineText(id)))
  at.server.on('batch', ({ params: sent, reply }) => {
    const requests: { id: number; method: string }[] = Array.isArray(sent) ? sent : []
    return reply(`[${requests.map(({ id, method }) => resultText(id, method)).join()}]`)
  })
  expect(await at.client.batch([[cache.store, params]])).toEqual([{ result: 'cache_store' }])
})
