import { describe, expect, test } from 'vitest'
import { array, int, literal, object, oneOf, optional, schema, string } from '../src/index.js'

describe('builders make plain data', () => {
  test.each([
    ['int', int(), { kind: 'int' }],
    ['int with bounds', int({ minimum: 0, maximum: 9 }), { kind: 'int', minimum: 0, maximum: 9 }],
    ['string', string(), { kind: 'string' }],
    ['string with a pattern', string({ pattern: '^a+$' }), { kind: 'string', pattern: '^a+$' }],
    ['string with lengths', string({ minLength: 1, maxLength: 1 }), { kind: 'string', minLength: 1, maxLength: 1 }],
    ['array', array('int'), { kind: 'array', items: 'int' }],
    ['array of a spec', array(int(), { minItems: 0 }), { kind: 'array', items: { kind: 'int' }, minItems: 0 }],
    ['oneOf', oneOf('int', 'string[]'), { kind: 'oneOf', types: ['int', 'string[]'] }],
    ['literal', literal('on', 0, null), { kind: 'literal', values: ['on', 0, null] }],
    ['optional', optional('int'), { kind: 'optional', type: 'int' }],
    ['schema', schema<number>({ type: 'number' }), { kind: 'schema', schema: { type: 'number' } }],
  ])('%s', (_, spec, data) => {
    expect(spec).toEqual(data)
    expect(JSON.parse(JSON.stringify(spec))).toEqual(data)
  })

  test('object tells which properties may be absent, and whether there may be others', () => {
    expect(object({ host: 'string', port: optional(int()) })).toEqual({
      kind: 'object',
      properties: { host: 'string', port: { kind: 'int' } },
      optional: ['port'],
      additional: false,
    })
    expect(object({}, { additional: true })).toMatchObject({ properties: {}, optional: [], additional: true })
  })

  test('schema keeps a copy: what its author changes later has no effect', () => {
    const own = { type: 'number' }
    const spec = schema<number>(own)
    own.type = 'string'
    expect(spec.schema).toEqual({ type: 'number' })
  })
})

describe('builders refuse', () => {
  test.each([
    ['int', () => int({ minimum: 2, maximum: 1 })],
    ['string', () => string({ minLength: 2, maxLength: 1 })],
    ['array', () => array('int', { minItems: 2, maxItems: 1 })],
  ])('%s with a lower bound above the upper one', (name, build) => {
    expect(build).toThrow(RangeError)
    expect(build).toThrow(`${name}(): the lower bound 2 is above the upper bound 1`)
  })

  test.each<[string, () => unknown]>([
    ['int(): a bound must be a number, not NaN', () => int({ minimum: Number.NaN })],
    // @ts-expect-error -- what is wrong is the point
    ['int(): a bound must be a number, not 5', () => int({ maximum: '5' })],
    ['string(): a length must be an integer from 0 up, not -1', () => string({ minLength: -1 })],
    ['array(): a length must be an integer from 0 up, not 1.5', () => array('int', { maxItems: 1.5 })],
  ])('at once what would only fail when a request comes: %s', (message, build) => {
    expect(build).toThrow(RangeError)
    expect(build).toThrow(message)
  })

  test('nothing to choose from, and a value that JSON does not have', () => {
    // @ts-expect-error -- what is wrong is the point
    expect(() => oneOf()).toThrow(new TypeError('oneOf(): give at least one to choose from'))
    // @ts-expect-error -- what is wrong is the point
    expect(() => literal()).toThrow(new TypeError('literal(): give at least one to choose from'))
    expect(() => literal('on', Number.NaN)).toThrow(TypeError)
    // @ts-expect-error -- what is wrong is the point
    expect(() => literal({})).toThrow(TypeError)
  })

  test('a pattern that is no regular expression', () => {
    expect(() => string({ pattern: '(' })).toThrow(SyntaxError)
  })
})
