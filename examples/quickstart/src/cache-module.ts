import { CommandError, implement, invalidParams, type MiModule } from '@mi/contract'
import { cache } from './cache-contract.js'
import { ExpiringMap, type ExpiringMapOptions } from './expiring-map.js'

/**
 * An in-memory cache as a module for any MI server. It has one cache system, `local`. Each call makes a new cache, which lives
 * until the engine closes.
 */
export function cacheModule(options: ExpiringMapOptions = {}): MiModule {
  const local = new ExpiringMap(options)
  return implement(
    cache,
    {
      store({ system, attr, value, expire = 0 }) {
        assertKey(system, attr)
        if (value === '') throw invalidParams('Empty value')
        if (expire < 0) throw invalidParams('Negative expire value')
        assertLocal(system, 'store')
        local.set(attr, value, expire * 1000)
        return 'OK'
      },
      fetch({ system, attr }) {
        assertKey(system, attr)
        assertLocal(system, 'fetch')
        const value = local.get(attr)
        if (value === undefined) throw new CommandError(400, 'Value not found')
        return { key: attr, value }
      },
      remove({ system, attr }) {
        assertKey(system, attr)
        assertLocal(system, 'remove')
        local.delete(attr)
        return 'OK'
      },
    },
    {
      close: () => local.clear(),
      statistics: { entries: () => local.size, evicted: () => local.evicted },
    },
  )
}

function assertKey(system: string, attr: string): void {
  if (system === '') throw invalidParams('Empty memory cache id')
  if (attr === '') throw invalidParams('Empty attribute name')
}

function assertLocal(system: string, operation: 'store' | 'fetch' | 'remove'): void {
  if (system !== 'local') throw new CommandError(500, `Cache ${operation} command failed`)
}
