import { describe, expect, test } from 'vitest'
import { flattenParams } from '../../src/tracer/trace-payload.js'

describe('flattened parameters', () => {
  test.each([
    [[4, 'x'], '4,x'],
    [{ level: 3, pid: 1 }, '3,1'],
    [[1, [2], 3], '1,3'],
    // OpenSIPS begins these three with a comma.
    [[[1], 5], '5'],
    [['', 'a'], 'a'],
    [[null, 'a', true, { b: 1 }, 'c'], 'a,c'],
    [['a', '', 'b'], 'a,,b'],
    [[['core:']], ''],
    [[], ''],
    [{}, ''],
    [undefined, ''],
    [[1.9, -1.9, -0.5], '1,-1,0'],
    [[1e20, -1e20, 2_147_483_648], '2147483647,-2147483648,2147483647'],
    [[',a', 'b:c'], ',a,b:c'],
  ])('of %j are %j', (params, text) => {
    expect(flattenParams(params, 127)).toBe(text)
  })

  test('go on behind long texts, where OpenSIPS stops', () => {
    expect(flattenParams(['x'.repeat(64), 'a', 'b'], 127)).toBe(`${'x'.repeat(64)},a,b`)
    expect(flattenParams(['x'.repeat(50), 'y'.repeat(50), 1], 127)).toHaveLength(103)
  })

  test('are no longer than it takes to fill the octets that are kept', () => {
    const member = 'x'.repeat(10)
    expect(
      flattenParams(
        Array.from({ length: 100_000 }, () => member),
        127,
      ).length,
    ).toBeLessThan(127 + 12)
  })
})
