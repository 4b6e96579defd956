import { array, int, invalidParams, literal, object, oneOf, optional, type Recipe, schema, string } from '@mi/contract'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createMi } from '../src/index.js'
import { call, oneCommand } from './support.js'

function echo(...recipes: Recipe[]) {
  const mi = createMi({ modules: [oneCommand('t:echo', recipes, (params) => params)] })
  return async (params: unknown) => {
    const { result, error } = await call(mi, 't:echo', params)
    return error === undefined ? result : (error as { data: unknown }).data
  }
}

describe('MI leniency', () => {
  test('takes an integer as its decimal text, with or without a sign', async () => {
    const ask = echo({ n: 'int' })
    await fc.assert(
      fc.asyncProperty(fc.maxSafeInteger(), async (n) => {
        expect(await ask([n])).toEqual({ n })
        expect(await ask([String(n)])).toEqual({ n })
        if (n >= 0) expect(await ask([`+${n}`])).toEqual({ n })
      }),
    )
  })

  test.each([
    '',
    ' 1',
    '1 ',
    '1.0',
    '0x1f',
    '1e3',
    '--1',
    'one',
    '99999999999999999999',
    2 ** 53,
    1e300,
    3.5,
    true,
    null,
  ])('refuses %j as an integer', async (value) => {
    expect(await echo({ n: 'int' })([value])).toBe("Bad type for parameter 'n'")
  })

  test('takes a text as an integer, but no fraction and no number that would be rounded', async () => {
    const ask = echo({ s: 'string' })
    expect(await ask([44])).toEqual({ s: '44' })
    expect(await ask([-1])).toEqual({ s: '-1' })
    expect(await ask([1.5])).toBe("Bad type for parameter 's'")
    expect(await ask([2 ** 60])).toBe("Bad type for parameter 's'")
  })

  test('reaches the items of arrays, and nothing else', async () => {
    expect(await echo({ a: 'string[]' })([[1, 'b']])).toEqual({ a: ['1', 'b'] })
    expect(await echo({ a: 'int[]' })([['7', 8]])).toEqual({ a: [7, 8] })
    expect(await echo({ a: 'int[]' })([['7', 'x']])).toBe("Bad type for array item in parameter 'a'")
    expect(await echo({ b: 'bool' })(['true'])).toBe("Bad type for parameter 'b'")
    expect(await echo({ b: 'bool' })([true])).toEqual({ b: true })
  })

  test('chooses, of several types, the one that takes the value as it is', async () => {
    const ask = echo({ v: oneOf('int', 'string', 'string[]') })
    expect(await ask(['5'])).toEqual({ v: '5' })
    expect(await ask([5])).toEqual({ v: 5 })
    expect(await ask([['5']])).toEqual({ v: ['5'] })
    expect(await ask([{}])).toBe("Bad type for parameter 'v'")
    expect(await echo({ v: oneOf('int', literal('all')) })(['5'])).toEqual({ v: 5 })
    expect(await echo({ v: literal(1, 2) })(['2'])).toEqual({ v: 2 })
  })
})

describe('a constraint beyond the type', () => {
  test.each<[Recipe, unknown, string]>([
    [{ n: int({ minimum: 0 }) }, -1, "Bad value for parameter 'n': must be >= 0 (minimum)"],
    [{ n: int({ maximum: 9 }) }, '10', "Bad value for parameter 'n': must be <= 9 (maximum)"],
    [{ s: string({ pattern: '^a' }) }, 'b', `Bad value for parameter 's': must match pattern "^a" (pattern)`],
    [
      { s: string({ minLength: 1 }) },
      '',
      "Bad value for parameter 's': must NOT have fewer than 1 characters (minLength)",
    ],
    [{ s: literal('on', 'off') }, 'of', `Bad value for parameter 's': must be one of "on","off" (enum)`],
    [
      { s: oneOf(literal('open'), literal('closed')) },
      'ajar',
      `Bad value for parameter 's': must be one of "open","closed" (enum)`,
    ],
    [
      { v: oneOf('int', literal('all')) },
      'some',
      `Bad value for parameter 'v': must be integer (type), or must be one of "all" (enum)`,
    ],
    [
      { a: array('int', { maxItems: 1 }) },
      [1, 2],
      "Bad value for parameter 'a': must NOT have more than 1 items (maxItems)",
    ],
    [{ a: array(int({ minimum: 0 })) }, [1, -2], "Bad value for parameter 'a' at /1: must be >= 0 (minimum)"],
    [
      { o: object({ p: 'int' }) },
      { p: 1, q: 2 },
      "Bad value for parameter 'o': must not have the property 'q' (additionalProperties)",
    ],
    [
      { o: object({ p: object({ q: int() }) }) },
      { p: { q: 'x' } },
      "Bad value for parameter 'o' at /p/q: must be integer (type)",
    ],
    [
      { x: schema({ type: 'integer', multipleOf: 5 }) },
      7,
      "Bad value for parameter 'x': must be multiple of 5 (multipleOf)",
    ],
  ])('%j with %j says which: %s', async (recipe, value, text) => {
    expect(await echo(recipe)([value])).toBe(text)
  })

  test('keeps optional properties optional', async () => {
    const ask = echo({ o: object({ host: 'string', port: optional(int({ minimum: 1 })) }) })
    expect(await ask([{ host: 'a' }])).toEqual({ o: { host: 'a' } })
    expect(await ask([{ host: 'a', port: 0 }])).toBe("Bad value for parameter 'o' at /port: must be >= 1 (minimum)")
    expect(await ask([{}])).toBe("Bad value for parameter 'o': must have required property 'host' (required)")
  })
})

describe('recipes', () => {
  test('of one length make a positional call ambiguous, a named one not', async () => {
    const ask = echo({ a: 'int' }, { b: 'int' })
    expect(await ask([1])).toBe('Ambiguous call, use named parameters instead')
    expect(await ask({ b: 1 })).toEqual({ b: 1 })
  })

  test('without any, refuse every call', async () => {
    expect(await echo()(undefined)).toBe('Too few or too many parameters')
  })

  test('give handlers their parameters in the order of the recipe', async () => {
    const ask = echo({ z: 'int', a: 'int' })
    expect(Object.keys((await ask({ a: 1, z: 2 })) as object)).toEqual(['z', 'a'])
  })

  test('are not fooled by names that every object has', async () => {
    expect(await echo(JSON.parse('{"toString":"string"}'))({ x: 1 })).toBe('Named parameters do not match')
    expect(await echo({ a: 'string' })(JSON.parse('{"__proto__":{"a":"x"}}'))).toBe('Named parameters do not match')
  })

  test('refuse a type that does not exist, when the module is given', () => {
    // As a module written in JavaScript may have it.
    const recipe: Recipe = JSON.parse('{"a":"integer"}')
    expect(() => echo(recipe)).toThrow("'integer' is not a type")
    for (const type of [undefined, null, String, { kind: 'text' }, optional('int')]) {
      // @ts-expect-error -- what is wrong is the point
      expect(() => echo({ a: type })).toThrow(/is not a type/)
    }
  })

  test('take a literal whose values repeat', async () => {
    expect(await echo({ a: literal('on', 'off', 'on') })(['on'])).toEqual({ a: 'on' })
  })

  test('refuse a JSON Schema with a format that nothing would check', () => {
    expect(() => echo({ a: schema({ type: 'string', format: 'ipv4' }) })).toThrow(/unknown format "ipv4"/)
  })

  test('refuse a JSON Schema that does not compile, naming the command', () => {
    expect(() => echo({ a: schema({ type: 'nonsense' }) })).toThrow(/parameters of t:echo does not compile/)
  })

  test('refuse a JSON Schema that validates by a promise', () => {
    for (const more of [{}, { $id: 'Later' }])
      expect(() => echo({ a: schema({ $async: true, type: 'string', ...more }) })).toThrow(/async/)
  })
})

describe('a JSON Schema', () => {
  const tree = { type: 'object', properties: { next: { $ref: '#' } }, additionalProperties: false }

  test('refers to itself and its own definitions, wherever it stands', async () => {
    const list = schema({
      definitions: { name: { type: 'string' } },
      type: 'array',
      items: { $ref: '#/definitions/name' },
    })
    const ask = echo({ a: schema(tree), o: object({ list }) })
    const fine = { a: { next: { next: {} } }, o: { list: ['x'] } }
    expect(await ask(fine)).toEqual(fine)
    expect(await ask({ ...fine, a: { next: { nope: 1 } } })).toBe(
      "Bad value for parameter 'a' at /next: must not have the property 'nope' (additionalProperties)",
    )
    expect(await ask({ ...fine, o: { list: [1] } })).toBe(
      "Bad value for parameter 'o' at /list/0: must be string (type)",
    )
  })

  test('may have a name, which others may have too, and be used more than once', async () => {
    const name = schema({ $id: 'Name', type: 'string' })
    const node = schema({
      $id: 'Name',
      type: 'object',
      properties: { next: { $ref: 'Name' } },
      additionalProperties: false,
    })
    const ask = echo({ a: name }, { a: name, b: name, c: node, d: node })
    expect(await ask(['x'])).toEqual({ a: 'x' })
    expect(await ask([1])).toBe("Bad type for parameter 'a'")
    expect(await ask(['x', 'y', { next: {} }, { next: { nope: 1 } }])).toBe(
      "Bad value for parameter 'd' at /next: must not have the property 'nope' (additionalProperties)",
    )
  })

  test('of a number takes none that JSON has and JavaScript has not', async () => {
    const answer = createMi({ modules: [oneCommand('t:x', [{ a: schema({ type: 'number' }) }], () => 1)] }).dispatch(
      '{"jsonrpc":"2.0","method":"t:x","params":[1e400],"id":1}',
    )
    expect(answer).toContain("Bad type for parameter 'a'")
  })
})

test('a handler may refuse parameters in its own words', async () => {
  const mi = createMi({
    modules: [
      oneCommand('t:x', [{}], () => {
        throw invalidParams('Bad PID')
      }),
    ],
  })
  expect(await call(mi, 't:x')).toMatchObject({ error: { code: -32602, message: 'Invalid params', data: 'Bad PID' } })
})
