import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { LARGEST_TIMER_MS, OptionChecks, type OptionNames, shown } from '../src/options.js'

interface FifoOptions {
  readonly fifoName?: string
  readonly fifoMode?: number
}

const NAMES: OptionNames<FifoOptions> = { fifoName: true, fifoMode: true }
const checks = new OptionChecks('fifo()')

/** Values of callers without TypeScript. */
const anything = (value: unknown): FifoOptions => value as FifoOptions

describe('the names of options', () => {
  test('that are known pass, and the object is returned', () => {
    const options = { fifoName: 'a', fifoMode: undefined }
    expect(checks.known(options, NAMES)).toBe(options)
    expect(checks.known({}, NAMES)).toEqual({})
  })

  test.each([
    [{ fifo_name: 'a' }, "fifo(): unknown option 'fifo_name'; did you mean 'fifoName'?"],
    [{ FifoMod: 1 }, "fifo(): unknown option 'FifoMod'; did you mean 'fifoMode'?"],
    [{ port: 1 }, "fifo(): unknown option 'port'; known options: fifoName, fifoMode"],
    [{ toString: 1 }, "fifo(): unknown option 'toString'; known options: fifoName, fifoMode"],
    [null, 'fifo(): options must be an object, not null'],
    ['/run/fifo', 'fifo(): options must be an object, not "/run/fifo"'],
    [[], 'fifo(): options must be an object, not an array'],
  ])('that are wrong are refused: %j', (options, message) => {
    expect(() => checks.known(anything(options), NAMES)).toThrow(new TypeError(message))
  })
})

describe('a checked option', () => {
  test('is returned as it is', () => {
    expect([checks.integer('n', 1, 1), checks.integer('n', 5, 1, 5), checks.limit('n', 0.5, 0)]).toEqual([1, 5, 0.5])
    expect(checks.limit('n', Number.POSITIVE_INFINITY, 1)).toBe(Number.POSITIVE_INFINITY)
    expect([checks.mode('m', 0o660), checks.path('p', '/a'), checks.text('t', '')]).toEqual([0o660, '/a', ''])
    expect([checks.flag('f', false), checks.oneOf('o', 'b', ['a', 'b'])]).toEqual([false, 'b'])
  })

  test('that is a time is cut to the longest timer of Node.js', () => {
    expect([checks.timerMs('t', 0, 0), checks.timerMs('t', Number.POSITIVE_INFINITY, 0)]).toEqual([0, LARGEST_TIMER_MS])
  })

  test('that is a path becomes absolute', () => {
    expect(checks.path('p', 'run/fifo')).toBe(resolve('run/fifo'))
  })

  const refused: readonly [string, () => unknown, ErrorConstructor][] = [
    ['n must be an integer from 1 to 5, not 6', () => checks.integer('n', 6, 1, 5), RangeError],
    ['n must be an integer from 1 up, not 1.5', () => checks.integer('n', 1.5, 1), RangeError],
    ['n must be an integer from 1 up, not "1"', () => checks.integer('n', '1', 1), RangeError],
    ['n must be a number from 1 up, not NaN', () => checks.limit('n', Number.NaN, 1), RangeError],
    ['t must be a number of milliseconds from 1 up, not 0', () => checks.timerMs('t', 0, 1), RangeError],
    ['m must be from 0o001 to 0o777, such as 0o660, not 512', () => checks.mode('m', 0o1000), RangeError],
    ['m must be from 0o001 to 0o777, such as 0o660, not 0', () => checks.mode('m', 0), RangeError],
    ['p must be a path, not ""', () => checks.path('p', ''), TypeError],
    ['p must be a path, not "a\\u0000b"', () => checks.path('p', 'a\0b'), TypeError],
    ['t must be a string, not 5', () => checks.text('t', 5), TypeError],
    ['f must be true or false, not "yes"', () => checks.flag('f', 'yes'), TypeError],
    ['o must be "a" or 2, not "c"', () => checks.oneOf('o', 'c', ['a', 2]), TypeError],
  ]
  test.each(refused)('is refused with what it must be and what it is: %s', (message, check, Kind) => {
    expect(check).toThrow(new Kind(`fifo(): ${message}`))
  })

  test.each([null, true, {}, ''])('that is an owner is a name or a number, not %j', (value) => {
    expect(() => checks.owner('user', value as string)).toThrow(TypeError)
  })
})

test('a value in a message is short and on one line', () => {
  expect(shown('a\nb')).toBe('"a\\nb"')
  expect(shown('x'.repeat(500))).toHaveLength(85)
  expect([{ a: 1 }, [1], () => 1, undefined, null, 2n].map(shown)).toEqual([
    'an object',
    'an array',
    'a function',
    'undefined',
    'null',
    '2',
  ])
})
