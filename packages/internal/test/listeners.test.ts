import { expect, onTestFinished, test } from 'vitest'
import { expectListeners } from '../src/listeners.js'

test.each([
  [10, 11],
  [0, 0],
])('a limit of %i listeners becomes %i while one more is there, and is itself again afterwards', (limit, raised) => {
  const before = process.getMaxListeners()
  onTestFinished(() => void process.setMaxListeners(before))
  process.setMaxListeners(limit)
  expectListeners(1)
  expect(process.getMaxListeners()).toBe(raised)
  expectListeners(-1)
  expect(process.getMaxListeners()).toBe(limit)
})

test('the limit never falls to 0, which would mean no limit', () => {
  const before = process.getMaxListeners()
  onTestFinished(() => void process.setMaxListeners(before))
  process.setMaxListeners(1)
  expectListeners(-1)
  expect(process.getMaxListeners()).toBe(1)
})
