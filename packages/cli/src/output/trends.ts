import type { Line } from './lines.js'

/** How a number has changed over the results. */
export interface Trend {
  /** Per second, since the result before. */
  readonly rate: number
  /**
   * The last results, the newest last: of a number that has only grown, such as a counter, its rates; of others their values.
   */
  readonly history: readonly number[]
}

/** How many results a trend shows. */
export const HISTORY_LENGTH = 20

interface Series {
  readonly number: number
  readonly hasFallen: boolean
  readonly values: readonly number[]
  readonly rates: readonly number[]
}

/** Follows the numbers of the results of one command. What a result lacks is forgotten. */
export class Trends {
  private series = new Map<string, Series>()
  private atMs: number | undefined

  /**
   * Takes the next result.
   * @param atMs when it arrived, on any clock
   * @returns one for each line; undefined for what is not a number, and for a number that is the same in all of them
   */
  next(lines: readonly Line[], atMs: number): (Trend | undefined)[] {
    const seconds = this.atMs === undefined ? Number.NaN : (atMs - this.atMs) / 1000
    const next = new Map<string, Series>()
    const trends = lines.map(({ path, value }) => {
      const number = numberIn(value)
      if (number === undefined) return undefined
      const series = extended(this.series.get(path), number, seconds)
      next.set(path, series)
      const rate = series.rates.at(-1)
      if (rate === undefined || series.values.every((each) => each === number)) return undefined
      return { rate, history: series.hasFallen ? series.values : series.rates }
    })
    this.series = next
    this.atMs = atMs
    return trends
  }
}

function extended(before: Series | undefined, number: number, seconds: number): Series {
  if (before === undefined) return { number, hasFallen: false, values: [number], rates: [] }
  const difference = number - before.number
  // Two results at the same time have no rate.
  const rates = seconds > 0 ? [...before.rates, difference / seconds] : before.rates
  return {
    number,
    hasFallen: before.hasFallen || difference < 0,
    values: [...before.values, number].slice(-HISTORY_LENGTH),
    rates: rates.slice(-HISTORY_LENGTH),
  }
}

/** Servers send some numbers as strings. */
function numberIn(value: Line['value']): number | undefined {
  const isNumeric = typeof value === 'number' || (typeof value === 'string' && /^-?\d{1,15}(\.\d{1,15})?$/.test(value))
  const number = Number(value)
  return isNumeric && Number.isFinite(number) ? number : undefined
}

/** `4.5/s`. */
export function rateText(rate: number): string {
  const size = Math.abs(rate)
  const digits = size >= 100 || rate === 0 ? 0 : size >= 1 ? 1 : 2
  return `${rate.toFixed(digits)}/s`
}

const BARS = '▁▂▃▄▅▆▇█'
/** For screens without Unicode. */
const ASCII_BARS = '_.:-=+*#'

/** Numbers as a row of small bars, from the least to the largest. */
export function sparkline(numbers: readonly number[], isUnicode: boolean): string {
  const bars = isUnicode ? BARS : ASCII_BARS
  const least = Math.min(...numbers)
  const largest = Math.max(...numbers)
  const range = largest - least
  return numbers
    .map((each) => bars[range === 0 ? 0 : Math.round(((each - least) / range) * (bars.length - 1))])
    .join('')
}
