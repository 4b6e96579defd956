import { readJson } from './json-reader.js'

/**
 * How the numbers of replies and events are read:
 * - `number` as JavaScript has them: beyond 2^53 an integer is the nearest one that a number can be
 * - `bigint` an integer beyond 2^53 is a bigint, all else a number
 * - `exact` a number that JavaScript would write in other characters is an `ExactNumber`: `9007199254740993`,
 *   `1.844674e+19`, `1.0`; all else is a number
 */
export type NumberReading = 'number' | 'bigint' | 'exact'

/** What could be a number that JavaScript writes otherwise, or a part of a string that looks like one. */
const MAY_DIFFER = /\d[.eE]|\d{16}|-0/

const INTEGER = /^-?\d+$/

/** A bigint takes quadratic time in its digits; OpenSIPS has no more than 20. */
const MAX_BIGINT_DIGITS = 1000

/** A number as the server wrote it. In arithmetic, and in `JSON.stringify`, it is the nearest number. */
export class ExactNumber {
  /** @param text as it came: `9007199254740993` */
  constructor(readonly text: string) {}

  toString(): string {
    return this.text
  }

  valueOf(): number {
    return Number(this.text)
  }

  toJSON(): number {
    return Number(this.text)
  }
}

/** Whether a value of a reply is a number that JavaScript would write in other characters. */
export function isExactNumber(value: unknown): value is ExactNumber {
  return value instanceof ExactNumber
}

/**
 * A value of a reply as JSON, where each `ExactNumber` and bigint has its digits as they came.
 * @throws RangeError for what is nested too deeply for the stack
 */
export function exactJson(value: unknown): string {
  if (value instanceof ExactNumber || typeof value === 'bigint') return String(value)
  if (Array.isArray(value)) return `[${value.map(exactJson).join()}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  return `{${Object.entries(value)
    .map(([name, item]) => `${JSON.stringify(name)}:${exactJson(item)}`)
    .join()}}`
}

/**
 * The value of a JSON text with its numbers read in the given way.
 * @param json what `JSON.parse` has made of the text; returned where that is right already
 */
export function withNumbers(text: string, json: unknown, reading: NumberReading): unknown {
  if (!MAY_DIFFER.test(text)) return json
  return readJson(text, { number: numberReader(reading), repeated: 'last' })
}

/** Makes a value of the digits of a number. */
export function numberReader(reading: NumberReading): (text: string) => unknown {
  switch (reading) {
    case 'number':
      return Number
    case 'bigint':
      return bigintWhereNeeded
    case 'exact':
      return exactWhereNeeded
  }
}

function bigintWhereNeeded(text: string): unknown {
  const number = Number(text)
  if (Number.isSafeInteger(number) || text.length > MAX_BIGINT_DIGITS || !INTEGER.test(text)) return number
  return BigInt(text)
}

function exactWhereNeeded(text: string): unknown {
  const number = Number(text)
  if (String(number) === text) return number
  // Copied, since a slice would keep the whole reply in memory.
  return new ExactNumber(Buffer.from(text, 'latin1').toString('latin1'))
}
