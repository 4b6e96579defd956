import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { PacketQueue } from '../../src/destination/packets.js'

const packet = (value: number): Uint8Array => Uint8Array.of(value)
const values = (queue: PacketQueue): number[] => queue.first(1_000).map(([value = -1]) => value)

describe('a queue of packets', () => {
  test('gives up the oldest where there is no room, counting those under way', () => {
    const queue = new PacketQueue(3)
    expect([1, 2, 3].map((value) => queue.add(packet(value), 0))).toEqual([0, 0, 0])
    expect(queue.add(packet(4), 0)).toBe(1)
    expect(values(queue)).toEqual([2, 3, 4])
    expect(queue.add(packet(5), 2)).toBe(3)
    expect(values(queue)).toEqual([5])
    expect(queue.add(packet(6), 3)).toBe(1)
    expect(values(queue)).toEqual([5])
  })

  test('is what an array that is cut at its front would be', () => {
    const step = fc.oneof(
      fc.record({ add: fc.integer({ min: 0, max: 255 }), underway: fc.integer({ min: 0, max: 4 }) }),
      fc.record({ remove: fc.integer({ min: 0, max: 6 }) }),
    )
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.array(step, { maxLength: 60 }), (limit, steps) => {
        const queue = new PacketQueue(limit)
        let model: number[] = []
        for (const each of steps) {
          if ('remove' in each) {
            queue.remove(each.remove)
            model = model.slice(each.remove)
          } else {
            const room = limit - each.underway
            const dropped = queue.add(packet(each.add), each.underway)
            const before = model.length + 1
            if (room > 0) model = [...model, each.add].slice(-room)
            expect(dropped).toBe(before - model.length)
          }
          expect(queue.length).toBe(model.length)
          expect(values(queue)).toEqual(model)
        }
      }),
    )
  })
})
