import { describe, expect, test } from 'vitest'
import { HangWatch } from '../src/worker-thread.js'

/** A watch on a clock that stands still until it is set. */
function watchOnClock(limitMs: number) {
  const clock = { nowMs: 1_000 }
  return { clock, watch: new HangWatch(limitMs, () => clock.nowMs) }
}

describe('the hang watch', () => {
  test('tells a hang by calls that are not taken for the limit', () => {
    const { clock, watch } = watchOnClock(100)
    watch.posted(0, 1)
    clock.nowMs += 99
    expect(watch.isHung(0)).toBe(false)
    watch.posted(0, 2)
    clock.nowMs += 1
    expect(watch.isHung(0)).toBe(true)
  })

  test('takes no call that was taken, however slow, for a hang', () => {
    const { clock, watch } = watchOnClock(100)
    watch.posted(0, 1)
    clock.nowMs += 1_000
    expect(watch.isHung(1)).toBe(false)
  })

  test('begins anew with each call that is taken', () => {
    const { clock, watch } = watchOnClock(100)
    watch.posted(0, 1)
    clock.nowMs += 90
    watch.posted(0, 2)
    clock.nowMs += 90
    expect(watch.isHung(1)).toBe(false)
    clock.nowMs += 99
    expect(watch.isHung(1)).toBe(false)
    clock.nowMs += 1
    expect(watch.isHung(1)).toBe(true)
  })

  test('does not count the time in which nobody called', () => {
    const { clock, watch } = watchOnClock(100)
    watch.posted(0, 1)
    clock.nowMs += 1_000
    watch.posted(1, 2)
    expect(watch.isHung(1)).toBe(false)
  })

  test('tells none with a limit of 0', () => {
    const { clock, watch } = watchOnClock(0)
    watch.posted(0, 1)
    clock.nowMs += 1e9
    expect(watch.isHung(0)).toBe(false)
  })
})
