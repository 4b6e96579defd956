import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BoundedQueue } from '../src/bounded-queue.js'

test('a queue gives its items in order, and drops the oldest when it holds too many', () => {
  const queue = new BoundedQueue<string>(2)
  expect([queue.push('a'), queue.push('b'), queue.push('c')]).toEqual([0, 0, 1])
  expect([queue.length, queue.dropped]).toEqual([2, 1])
  expect([queue.shift(), queue.shift(), queue.shift()]).toEqual(['b', 'c', undefined])
})

test('a queue drops the oldest when it holds too many bytes, and keeps the newest however large', () => {
  const queue = new BoundedQueue<string>(10, 100)
  expect([queue.push('a', 60), queue.push('b', 40), queue.bytes]).toEqual([0, 0, 100])
  expect([queue.push('c', 1), queue.bytes]).toEqual([1, 41])
  expect([queue.push('large', 500), queue.length, queue.bytes]).toEqual([2, 1, 500])
  queue.clear()
  expect([queue.length, queue.bytes, queue.shift(), queue.dropped]).toEqual([0, 0, undefined, 3])
})

test('a queue does what an array does', () => {
  const step = fc.oneof(fc.record({ bytes: fc.nat(50) }), fc.constant('shift' as const))
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 400 }),
      fc.integer({ min: 1, max: 90 }),
      fc.nat(900),
      (steps, most, room) => {
        const queue = new BoundedQueue<number>(most, room)
        const model: { value: number; bytes: number }[] = []
        const held = () => model.reduce((sum, { bytes }) => sum + bytes, 0)
        steps.forEach((each, value) => {
          if (each === 'shift') expect(queue.shift()).toBe(model.shift()?.value)
          else {
            queue.push(value, each.bytes)
            model.push({ value, bytes: each.bytes })
            while (model.length > 1 && (model.length > most || held() > room)) model.shift()
          }
          expect([queue.length, queue.bytes]).toEqual([model.length, held()])
        })
      },
    ),
  )
})
