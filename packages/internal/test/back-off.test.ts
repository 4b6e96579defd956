import { expect, test } from 'vitest'
import { BackOff } from '../src/back-off.js'

test('pauses double up to the longest, and start again after a healthy run', () => {
  const backOff = new BackOff({ firstMs: 50, longestMs: 10_000, healthyMs: 1_000 })
  const pauses = Array.from({ length: 10 }, () => backOff.next(999))
  expect(pauses).toEqual([50, 100, 200, 400, 800, 1_600, 3_200, 6_400, 10_000, 10_000])
  expect([backOff.next(1_000), backOff.next(0), backOff.next(0)]).toEqual([50, 100, 200])
})
