import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { ExpiringMap, type ExpiringMapOptions } from '../src/expiring-map.js'

/** A map on a clock that stands still until it is set. */
function mapOnClock(options: ExpiringMapOptions = {}): { map: ExpiringMap; clock: { nowMs: number } } {
  const clock = { nowMs: 1000 }
  const map = new ExpiringMap({ ...options, now: () => clock.nowMs })
  onTestFinished(() => map.clear())
  return { map, clock }
}

describe('ExpiringMap', () => {
  test('returns a value until its lifetime is over', () => {
    const { map, clock } = mapOnClock()
    map.set('a', 'x', 500)
    clock.nowMs = 1499
    expect(map.get('a')).toBe('x')
    clock.nowMs = 1500
    expect(map.get('a')).toBeUndefined()
  })

  test('keeps a value without a lifetime for ever', () => {
    const { map, clock } = mapOnClock()
    map.set('a', 'x', 0)
    clock.nowMs = Number.MAX_SAFE_INTEGER
    expect(map.get('a')).toBe('x')
  })

  test('gives a value that is set anew its new lifetime', () => {
    const { map, clock } = mapOnClock()
    map.set('a', 'x', 500)
    map.set('a', 'y', 0)
    clock.nowMs = 5000
    expect(map.get('a')).toBe('y')
  })

  test('removes expired entries that nobody asks for', async () => {
    const { map, clock } = mapOnClock({ sweepMs: 1 })
    for (let i = 0; i < 100; i++) map.set(`k${i}`, 'x', 500)
    map.set('stays', 'x', 0)
    clock.nowMs = 1500
    for (let tries = 0; map.size > 1 && tries < 2000; tries++) await wait(5)
    expect(map.size).toBe(1)
  })

  test('makes room by an expired entry first', () => {
    const { map, clock } = mapOnClock({ maxEntries: 2 })
    map.set('stays', 'x', 0)
    map.set('goes', 'x', 500)
    clock.nowMs = 1500
    map.set('new', 'x', 0)
    expect([map.get('stays'), map.get('goes'), map.get('new'), map.evicted]).toEqual(['x', undefined, 'x', 0])
  })

  test('makes room by the entry that was set first when none has expired', () => {
    const { map } = mapOnClock({ maxEntries: 2 })
    map.set('a', 'x', 0)
    map.set('b', 'x', 0)
    map.set('a', 'y', 0)
    map.set('c', 'x', 0)
    expect([map.get('a'), map.get('b'), map.get('c'), map.size, map.evicted]).toEqual(['y', undefined, 'x', 2, 1])
  })

  test.each([0, -1, 1.5, Number.NaN])('refuses %s as the number of entries', (maxEntries) => {
    expect(() => new ExpiringMap({ maxEntries })).toThrow(RangeError)
  })
})
