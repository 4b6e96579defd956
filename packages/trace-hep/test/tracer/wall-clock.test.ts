import { describe, expect, test } from 'vitest'
import { WallClock } from '../../src/tracer/trace-context.js'

describe('the clock of traces', () => {
  test('has the microseconds that the system clock lacks', () => {
    let uptimeMs = 100
    const clock = new WallClock({ uptimeMs: () => uptimeMs, wallMs: () => 1_700_000_000_100 })
    clock.read()
    expect([clock.sec, clock.usec]).toEqual([1_700_000_000, 100_000])
    uptimeMs = 100.25
    clock.read()
    expect([clock.sec, clock.usec, clock.uptimeMs]).toEqual([1_700_000_000, 100_250, 100.25])
  })

  test('follows the system clock when that is set, and not each of its whole milliseconds', () => {
    let uptimeMs = 0
    let set = 0
    const clock = new WallClock({
      uptimeMs: () => uptimeMs,
      wallMs: () => 1_700_000_000_000 + Math.floor(uptimeMs) + set,
    })
    clock.read()
    uptimeMs = 5_000.5
    clock.read()
    expect([clock.sec, clock.usec]).toEqual([1_700_000_005, 500])
    set = 3_600_000
    uptimeMs = 6_500
    clock.read()
    expect(clock.sec).toBe(1_700_003_606)
  })

  test('is never beyond a second in its microseconds', () => {
    let uptimeMs = 0
    const clock = new WallClock({ uptimeMs: () => uptimeMs, wallMs: () => 1_700_000_000_000 })
    for (; uptimeMs < 3_000; uptimeMs += 0.333) {
      clock.read()
      expect(clock.usec).toBeGreaterThanOrEqual(0)
      expect(clock.usec).toBeLessThan(1_000_000)
    }
  })
})
