import { CommandError, implement, isCommandError } from '@mi/contract'
import { describe, expect, test } from 'vitest'
import { cache } from './support/contracts.js'
import { engineOver } from './support/engine-over.js'
import { failureOf } from './support/failure.js'
import { transports } from './support/over.js'

/** A module with a store of its own. */
function cacheModule() {
  const stored = new Map<string, string>()
  const module = implement(cache, {
    store({ attr, value }) {
      stored.set(attr, value)
      return 'OK'
    },
    async mode({ mode }) {
      await new Promise((resolve) => setImmediate(resolve))
      return mode
    },
  })
  return { module, stored }
}

describe.each(transports)('with the engine of this project over %s:', (transport) => {
  test('calls, notifications and batches do what they say', async () => {
    const { module, stored } = cacheModule()
    await using at = await engineOver(transport, [module])
    const { client } = at
    const value = 'ü✓\n'.repeat(8_000)
    expect(await client.call(cache.store, { system: 'local', attr: 'k', value })).toBe('OK')
    expect(stored.get('k')).toBe(value)
    const answers = await client.batch([['core:uptime'], ['nosuch'], [cache.mode, { mode: 'off' }]])
    expect(answers).toMatchObject([{ result: {} }, { error: { code: -32601 } }, { result: 'off' }])
    await client.notify(cache.store, { system: 'local', attr: 'n', value: 'v' })
    await client.call('core:uptime')
    expect(stored.get('n')).toBe('v')
  })

  test('the server tells what it has, what that takes, what it does, and its statistics', async () => {
    await using at = await engineOver(transport, [cacheModule().module])
    const { client } = at
    expect(await client.commands()).toEqual(expect.arrayContaining(['core:which', 'statistics:get', 'cache:store']))
    expect(await client.recipes(cache.store)).toEqual([
      ['system', 'attr', 'value'],
      ['system', 'attr', 'value', 'expire'],
    ])
    expect(await client.recipes('cache_store')).toEqual(await client.recipes('cache:store'))
    expect(await client.help('core:uptime')).toMatchObject({ Help: expect.any(String), 'Exported by': 'core' })
    expect(await failureOf(client.help('nosuch'))).toMatchObject({ code: 404 })
    const statistics = await client.statistics(['mi:'])
    expect(statistics['mi:requests']).toBeGreaterThan(4)
    for (const each of Object.values(statistics)) expect(each).toBeTypeOf('number')
  })

  test('errors come with code, message and data, and 500 calls at once are each answered', async () => {
    await using at = await engineOver(transport, [cacheModule().module])
    const error = await failureOf(at.client.call('cache:store', ['local']))
    expect(isCommandError(error, -32602)).toBe(true)
    expect(error).toMatchObject({
      command: 'cache:store',
      reason: 'Invalid params',
      data: 'Too few or too many parameters',
      message: 'cache:store: Invalid params: Too few or too many parameters',
    })
    const mode = (n: number): 'on' | 'off' => (n % 2 === 0 ? 'on' : 'off')
    const calls = Array.from({ length: 500 }, (_, n) => at.client.call(cache.mode, { mode: mode(n) }))
    expect(await Promise.all(calls)).toEqual(Array.from({ length: 500 }, (_, n) => mode(n)))
  })
})

test('an error that a handler got from another server reaches its peer as that server sent it', async () => {
  const module = implement(cache, {
    store() {
      throw new CommandError(404, 'No such attribute', 'k', { command: 'other:fetch' })
    },
    mode: ({ mode }) => mode,
  })
  await using at = await engineOver('udp', [module])
  const error = await failureOf(at.client.call(cache.store, { system: 'local', attr: 'k', value: 'v' }))
  expect(error).toMatchObject({ code: 404, reason: 'No such attribute', data: 'k', command: 'cache:store' })
})
