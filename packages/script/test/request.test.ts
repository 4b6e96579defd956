import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { scriptRequest, typedRequest } from '../src/script.js'

const words = fc.array(fc.stringMatching(/^[^ ]{1,8}$/), { minLength: 1, maxLength: 6 })
const value = fc.oneof(fc.string(), fc.integer())

describe('a command', () => {
  test('has its words as positional parameters, however many spaces separate them', () => {
    const blanks = fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 7, maxLength: 7 })
    fc.assert(
      fc.property(words, blanks, fc.nat(2), (all, widths, around) => {
        const text = all.map((word, index) => (index === 0 ? word : ' '.repeat(widths[index] ?? 1) + word)).join('')
        const [method, ...params] = all
        const read = scriptRequest(' '.repeat(around) + text + ' '.repeat(around), undefined, undefined)
        expect(read.method).toBe(method)
        expect(read.params ?? []).toEqual(params)
      }),
    )
  })

  test('is empty where the text has no words', () => {
    for (const text of ['', ' ', '   ']) expect(scriptRequest(text, undefined, undefined).method).toBe('')
  })

  test('is split at spaces alone: there are no quotes, and tabs and line feeds belong to words', () => {
    expect(scriptRequest('x "a b" c\td\ne', undefined, undefined).params).toEqual(['"a', 'b"', 'c\td\ne'])
  })
})

describe('a list of parameters', () => {
  test.each<[string, unknown]>([
    ['mi(): parameters must be an AVP or another list of values, not "local"', 'local'],
    ['mi(): parameters must be an AVP or another list of values, not 5', 5],
    ['mi(): a list of parameters holds strings and finite numbers, not NaN', [Number.NaN]],
    ['mi(): a list of parameters holds strings and finite numbers, not undefined', ['a', undefined]],
    ['mi(): a list of parameters holds strings and finite numbers, not an object', new Set([{}])],
  ])('is refused when it is not a list of values: %s', (message, list) => {
    const given = list as Iterable<string>
    for (const [names, values] of [[given], [undefined, given], [given, ['x', 'y']], [['x'], given]] as const)
      expect(() => scriptRequest('x', names, values)).toThrow(new TypeError(message))
  })
})

describe('AVPs', () => {
  test('are positional parameters alone, named ones together, in the order of pushing', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string(), { minLength: 1, maxLength: 5 }), (names) => {
        const values = names.map((_name, index) => index)
        expect(scriptRequest('x', names, undefined).params).toEqual(names)
        expect(scriptRequest('x', undefined, values).params).toEqual(values)
        const { params = {} } = scriptRequest('x', names, values)
        expect(new Map(Object.entries(params))).toEqual(new Map(names.map((name, index) => [name, index])))
      }),
    )
  })

  test('replace the parameters in the command, also when they are empty', () => {
    expect(scriptRequest('x a b', ['c'], undefined)).toMatchObject({ method: 'x', params: ['c'] })
    expect(scriptRequest('x a b', [], undefined)).toMatchObject({ method: 'x', params: [] })
    expect(scriptRequest('x a b', [], [])).toMatchObject({ method: 'x', params: {} })
  })

  test('keep strings and numbers as they are', () => {
    fc.assert(
      fc.property(fc.array(value), (values) => {
        expect(scriptRequest('x', values, undefined).params).toEqual(values)
      }),
    )
  })

  test('may hold names that mean something in JavaScript', () => {
    const { params } = scriptRequest('x', ['__proto__', 'constructor', 5], ['a', 'b', 'c'])
    expect(Object.entries(params ?? {})).toEqual([
      ['5', 'c'],
      ['__proto__', 'a'],
      ['constructor', 'b'],
    ])
  })

  test.each([
    ['fewer values than names', ['a', 'b'], ['1'], '2 names, but 1 values'],
    ['no values for names', ['a'], [], '1 names, but 0 values'],
    ['a name twice', ['a', 'b', 'a'], [1, 2, 3], "the name 'a' appears twice"],
    ['a name twice, as a number and as a string', [1, '1'], [1, 2], "the name '1' appears twice"],
  ])('with %s build no parameters', (_what, names, values, problem) => {
    expect(scriptRequest('x', names, values)).toMatchObject({
      method: 'x',
      params: undefined,
      problem,
      warning: undefined,
    })
  })

  test('with more values than names give a warning, and the surplus is ignored', () => {
    expect(scriptRequest('x', ['a'], [1, 2, 3])).toEqual({
      method: 'x',
      typed: false,
      params: { a: 1 },
      problem: undefined,
      warning: '2 more values than names: the surplus is ignored',
    })
  })

  test('may hold arrays only as values of names', () => {
    const array = (text: string) => scriptRequest('x', ['a'], [text]).params
    expect(array('__array(HEARTBEAT BACKGROUND_JOB)')).toEqual({ a: ['HEARTBEAT', 'BACKGROUND_JOB'] })
    expect(array('__array(  a   b )')).toEqual({ a: ['a', 'b'] })
    expect(array('__array()')).toEqual({ a: [] })
    expect(array('__array(a(b) c)')).toEqual({ a: ['a(b)', 'c'] })
    for (const text of ['__array(a', ' __array(a)', '__array(a) ', '__ARRAY(a)', 'array(a)']) {
      expect(array(text)).toEqual({ a: text })
    }
    expect(scriptRequest('x', ['__array(a)'], undefined).params).toEqual(['__array(a)'])
    expect(scriptRequest('x __array(a)', undefined, undefined).params).toEqual(['__array(a)'])
  })
})

describe('typed parameters', () => {
  test('are copied, without members that are undefined', () => {
    const list = [1, 2]
    const { params } = typedRequest('m:x', { list, gone: undefined, text: 'a' })
    expect(params).toEqual({ list: [1, 2], text: 'a' })
    expect(Object.keys(params ?? {})).toEqual(['list', 'text'])
    list.push(3)
    expect(params).toHaveProperty('list', [1, 2])
  })

  test('that JSON cannot carry are a problem of the request', () => {
    expect(typedRequest('m:x', { n: 1n }).problem).toContain('BigInt')
  })
})
