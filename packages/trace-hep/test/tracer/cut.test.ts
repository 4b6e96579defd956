import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cutUtf8 } from '../../src/tracer/trace-payload.js'

const anyText = fc.string({ unit: fc.constantFrom('a', '"', 'é', '€', '😀', '\ud83d', '\n'), maxLength: 40 })

describe('a text that is cut', () => {
  test.each([
    ['abc', 2, 'ab'],
    ['aé', 2, 'a'],
    ['aé', 3, 'aé'],
    ['a€b', 3, 'a'],
    ['a😀b', 4, 'a'],
    ['a😀b', 5, 'a😀'],
    ['€', 0, ''],
  ])('%j to %i octets is %j', (text, octets, cut) => {
    expect(cutUtf8(text, octets)).toBe(cut)
  })

  test('is the longest beginning of whole characters that fits', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 0, max: 60 }), (text, octets) => {
        const cut = cutUtf8(text, octets)
        expect(text.startsWith(cut)).toBe(true)
        expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(octets)
        const [next = ''] = text.slice(cut.length)
        if (next !== '') expect(Buffer.byteLength(cut + next)).toBeGreaterThan(octets)
        // No half of a pair is left behind.
        if (/[\ud800-\udbff]$/.test(cut)) expect(text.slice(cut.length)).not.toMatch(/^[\udc00-\udfff]/)
      }),
    )
  })
})
