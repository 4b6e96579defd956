import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { Retries } from '../../src/destination/link.js'

const options = { hepMaxRetries: 3, retryMs: 100, hepRetryCooldownMs: 60_000 }

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** How long it takes to the next try. */
function pauseAfter(retries: Retries, heldMs = 0): readonly [string, number] {
  const state = retries.failed(heldMs)
  const before = Date.now()
  vi.advanceTimersToNextTimer()
  return [state, Date.now() - before]
}

describe('tries to connect again', () => {
  test('come after pauses that double, then after the cool-down, and so on', () => {
    let tries = 0
    const retries = new Retries(options, () => {
      tries++
    })
    const round = [
      ['retrying', 100],
      ['retrying', 200],
      ['retrying', 400],
      ['cooldown', 60_000],
    ]
    expect(Array.from({ length: 8 }, () => pauseAfter(retries))).toEqual([...round, ...round])
    expect(tries).toBe(8)
  })

  test('are counted anew after a connection that held, and only then', () => {
    const retries = new Retries(options, () => {})
    expect(pauseAfter(retries, 4_999)).toEqual(['retrying', 100])
    expect(pauseAfter(retries, 4_999)).toEqual(['retrying', 200])
    expect(pauseAfter(retries, 5_000)).toEqual(['retrying', 100])
  })

  test('are never without a pause, nor more than a minute apart before the cool-down', () => {
    const hasty = new Retries({ hepMaxRetries: 0, retryMs: 10, hepRetryCooldownMs: 0 }, () => {})
    expect(pauseAfter(hasty)).toEqual(['cooldown', 10])
    const stubborn = new Retries({ ...options, hepMaxRetries: 1_000_000 }, () => {})
    const pauses = Array.from({ length: 2_000 }, () => pauseAfter(stubborn)[1])
    expect(Math.max(...pauses)).toBe(60_000)
  })

  test('do not come any more once cancelled', () => {
    const again = vi.fn()
    const retries = new Retries(options, again)
    retries.failed(0)
    retries.cancel()
    vi.advanceTimersByTime(100_000)
    expect(again).not.toHaveBeenCalled()
  })
})
