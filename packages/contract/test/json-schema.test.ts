import { describe, expect, test } from 'vitest'
import { array, expandType, int, jsonSchemaOf, literal, object, oneOf, optional, schema, string } from '../src/index.js'

const [minimum, maximum] = [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER]

describe('the JSON Schema of a type', () => {
  test.each([
    ['int', { type: 'integer', minimum, maximum }],
    ['bool', { type: 'boolean' }],
    ['string[]', { type: 'array', items: { type: 'string' }, minItems: 0 }],
    [int({ minimum: 0, maximum: 9 }), { type: 'integer', minimum: 0, maximum: 9 }],
    [string({ pattern: '^a' }), { type: 'string', pattern: '^a' }],
    [literal('on', 1, null), { type: ['string', 'number', 'null'], enum: ['on', 1, null] }],
    [oneOf(literal('open', 'ajar'), literal('closed')), { type: ['string'], enum: ['open', 'ajar', 'closed'] }],
    [oneOf('bool', 'string'), { anyOf: [{ type: 'boolean' }, { type: 'string' }] }],
    [
      object({ a: 'bool', b: optional('string') }),
      {
        type: 'object',
        properties: { a: { type: 'boolean' }, b: { type: 'string' } },
        required: ['a'],
        additionalProperties: false,
      },
    ],
    [schema<number>({ type: 'number' }), { type: 'number' }],
  ] as const)('%j is %j', (type, expected) => {
    expect(jsonSchemaOf(type)).toEqual(expected)
  })

  test('asks for one item at least where parameters are meant', () => {
    expect(jsonSchemaOf('int[]', { minItems: 1 })).toMatchObject({ minItems: 1 })
    expect(jsonSchemaOf(array('int', { minItems: 0 }), { minItems: 1 })).toMatchObject({ minItems: 0 })
  })

  test('takes what is put in place of a schema that was written by hand', () => {
    const type = array(schema<object>({ $ref: '#/x' }))
    expect(jsonSchemaOf(type, { embed: ({ $ref }) => ({ was: $ref }) })).toMatchObject({ items: { was: '#/x' } })
  })

  test('of a type that does not exist is an error that names those that do', () => {
    // @ts-expect-error -- as plain JavaScript may have it
    expect(() => jsonSchemaOf('integer')).toThrow(
      /'integer' is not a type; use int, string, .* or a builder such as int\(\)/,
    )
    expect(expandType('int[]')).toEqual({ kind: 'array', items: 'int' })
  })
})
