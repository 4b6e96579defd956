import { describe, expect, test } from 'vitest'
import { linesOf } from '../src/output/lines.js'
import { screen } from '../src/output/live-screen.js'
import { HISTORY_LENGTH, rateText, sparkline, Trends } from '../src/output/trends.js'
import { styleFor } from '../src/terminal.js'

function trendsOf(...results: readonly unknown[]): ReturnType<Trends['next']> {
  const trends = new Trends()
  let last: ReturnType<Trends['next']> = []
  for (const [second, result] of results.entries()) last = trends.next(linesOf(result), second * 1000)
  return last
}

describe('a trend', () => {
  test('of a number that only grows has its rates; of another its values', () => {
    const [counter, gauge] = trendsOf(
      { counter: '10', gauge: 5 },
      { counter: '14', gauge: 3 },
      { counter: '15', gauge: 4 },
    )
    expect(counter).toEqual({ rate: 1, history: [4, 1] })
    expect(gauge).toEqual({ rate: 1, history: [5, 3, 4] })
  })

  test('is for numbers that have changed within the results that it shows', () => {
    expect(trendsOf({ same: 1, text: 'x' }, { same: 1, text: 'y' })).toEqual([undefined, undefined])
    expect(trendsOf({ n: 1 }, { n: 2 }, { n: 2 })).toEqual([{ rate: 0, history: [1, 0] }])
    expect(trendsOf({ n: 1 })).toEqual([undefined])
    const still = Array.from({ length: HISTORY_LENGTH }, () => ({ n: 2 }))
    expect(trendsOf({ n: 1 }, ...still)).toEqual([undefined])
  })

  test('keeps the last results, and forgets what a result lacks', () => {
    const many = Array.from({ length: 100 }, (_, n) => ({ n }))
    expect(trendsOf(...many)[0]?.history).toHaveLength(HISTORY_LENGTH)
    expect(trendsOf({ n: 1 }, { n: 2 }, {}, { n: 9 })).toEqual([undefined])
  })
})

test('bars go from the least to the largest number', () => {
  expect(sparkline([0, 1, 2, 7], true)).toBe('▁▂▃█')
  expect(sparkline([0, 1, 2, 7], false)).toBe('_.:#')
  expect(sparkline([3, 3], true)).toBe('▁▁')
})

test('a narrow screen has fewer bars, then no rates, and always the values', () => {
  const trend = { rate: 1, history: [1, 2, 3, 4, 5, 6, 7, 8] }
  const lines = [{ text: 'name: 123456', isChanged: false, trend }]
  const row = (columns: number) =>
    screen({
      heading: 'h',
      lines,
      size: { rows: 9, columns },
      isColoured: true,
      isUnicode: true,
      style: styleFor(false),
    })[1]
  expect(row(80)).toBe('name: 123456     1.0/s  ▁▂▃▄▅▆▇█')
  expect(row(28)).toBe('name: 123456     1.0/s  ▁▃▆█')
  expect(row(25)).toBe('name: 123456     1.0/s')
  expect(row(20)).toBe('name: 123456')
})

test('rates have as many digits as make sense', () => {
  expect([0, 0.05, 4.25, 1234.5, -3].map(rateText)).toEqual(['0/s', '0.05/s', '4.3/s', '1235/s', '-3.0/s'])
})
