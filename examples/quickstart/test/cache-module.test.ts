import { readFile } from 'node:fs/promises'
import { createMi, type Mi } from '@mi/core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { cacheModule } from '../src/cache-module.js'

let mi: Mi
beforeEach(() => {
  mi = createMi({ modules: [cacheModule()] })
})
afterEach(() => mi.close())

async function ask(method: string, params: unknown): Promise<unknown> {
  const answer = await mi.dispatch(JSON.stringify({ jsonrpc: '2.0', method, params, id: 1 }))
  const { result, error } = JSON.parse(answer ?? 'null')
  return error ?? result
}

const invalid = (data: string): object => ({ code: -32602, message: 'Invalid params', data })

describe('the cache module', () => {
  test('fetches what was stored, by its names of OpenSIPS 3 and 4', async () => {
    expect(await ask('cache_store', ['local', 'k', 'v'])).toBe('OK')
    expect(await ask('cache:fetch', { system: 'local', attr: 'k' })).toEqual({ key: 'k', value: 'v' })
    expect(await ask('cache:store', ['local', 'k', 'w', '60'])).toBe('OK')
    expect(await ask('cache_fetch', ['local', 'k'])).toEqual({ key: 'k', value: 'w' })
  })

  test('forgets what was removed, and takes a second removal', async () => {
    await ask('cache_store', ['local', 'k', 'v'])
    expect(await ask('cache_remove', ['local', 'k'])).toBe('OK')
    expect(await ask('cache_remove', ['local', 'k'])).toBe('OK')
    expect(await ask('cache_fetch', ['local', 'k'])).toEqual({ code: 400, message: 'Value not found' })
  })

  test.each([
    ['cache_store', ['redis', 'k', 'v'], { code: 500, message: 'Cache store command failed' }],
    ['cache_fetch', ['redis', 'k'], { code: 500, message: 'Cache fetch command failed' }],
    ['cache_remove', ['redis', 'k'], { code: 500, message: 'Cache remove command failed' }],
    ['cache_store', ['', 'k', 'v'], invalid('Empty memory cache id')],
    ['cache_fetch', ['', 'k'], invalid('Empty memory cache id')],
    ['cache_store', ['local', '', 'v'], invalid('Empty attribute name')],
    ['cache_remove', ['local', ''], invalid('Empty attribute name')],
    ['cache_store', ['local', 'k', ''], invalid('Empty value')],
    ['cache_store', ['local', 'k', 'v', -5], invalid('Negative expire value')],
  ])('%s %j fails as it does in OpenSIPS', async (method, params, error) => {
    expect(await ask(method, params)).toEqual(error)
  })

  test('takes an expire of 0 for never', async () => {
    expect(await ask('cache_store', ['local', 'k', 'v', 0])).toBe('OK')
    expect(await ask('cache_fetch', ['local', 'k'])).toEqual({ key: 'k', value: 'v' })
  })

  test('counts its entries among the statistics and loses them at close', async () => {
    await mi.listen()
    await ask('cache_store', ['local', 'k', 'v'])
    expect(mi.statistics('cache:entries')).toEqual({ 'cache:entries': 1 })
    await mi.close()
    expect(mi.statistics('cache:entries')).toEqual({ 'cache:entries': 0 })
  })

  test('keeps two engines apart', async () => {
    await ask('cache_store', ['local', 'k', 'v'])
    await using other = createMi({ modules: [cacheModule()] })
    const answer = await other.dispatch('{"jsonrpc":"2.0","method":"cache_fetch","params":["local","k"],"id":1}')
    expect(answer).toContain('Value not found')
  })

  test.each(['cache-module', 'cache-contract', 'expiring-map'])(
    '%s imports no package but @mi/contract',
    async (name) => {
      const source = await readFile(new URL(`../src/${name}.ts`, import.meta.url), 'utf8')
      const packages = [...source.matchAll(/from '([^'.][^']*)'/g)].map(([, from]) => from)
      expect(packages.filter((from) => from !== '@mi/contract')).toEqual([])
    },
  )
})
