import fc from 'fast-check'
import { expect, test } from 'vitest'
import { editDistance, nearest } from '../src/nearest.js'

const NAMES = ['fifoName', 'fifoMode', 'replyDir', 'log']

test.each([
  ['fifo_name', ['fifoName', 'fifoMode']],
  ['FIFOMODE', ['fifoMode']],
  ['fifName', ['fifoName']],
  ['repylDir', ['replyDir']],
  ['lgo', ['log']],
  ['lo', ['log']],
  ['port', []],
  ['', []],
])('the names nearest to %s are %j', (typed, names) => {
  expect(nearest(typed, NAMES)).toEqual(names)
})

test('at most three names are given', () => {
  expect(nearest('name', ['name1', 'name2', 'name3', 'name4'])).toEqual(['name1', 'name2', 'name3'])
})

test('a long text is not compared', () => {
  expect(nearest('a'.repeat(101), ['a'.repeat(101)])).toEqual([])
})

test('the distance of two texts is the same both ways, and at most their length', () => {
  const text = fc.string({ maxLength: 8 })
  fc.assert(
    fc.property(text, text, (a, b) => {
      expect(editDistance(a, b)).toBe(editDistance(b, a))
      expect(editDistance(a, b) === 0).toBe(a === b)
      expect(editDistance(a, b)).toBeLessThanOrEqual(Math.max(a.length, b.length))
      expect(editDistance(a, '')).toBe(a.length)
    }),
  )
  expect([editDistance('kitten', 'sitting'), editDistance('ab', 'ba')]).toEqual([3, 1])
})
