import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createMi } from '../src/index.js'
import { usualRequest } from '../src/json-rpc.js'
import { jsonText } from '../src/json-value.js'
import { call, oneCommand } from './support.js'

describe('a request in the usual spelling', () => {
  const params = fc.option(
    fc.oneof(fc.array(fc.jsonValue(), { maxLength: 3 }), fc.dictionary(fc.string(), fc.jsonValue())),
    {
      nil: undefined,
    },
  )
  const method = fc.oneof(fc.stringMatching(/^[\w:.-]{1,12}$/), fc.string())

  test('means what JSON.parse says it means', () => {
    fc.assert(
      fc.property(method, params, fc.oneof(fc.nat(), fc.integer(), fc.double(), fc.string()), (name, values, id) => {
        const text = JSON.stringify({ jsonrpc: '2.0', method: name, params: values, id })
        const usual = usualRequest(text)
        if (usual === undefined) return
        const parsed = JSON.parse(text)
        expect(usual).toEqual({ method: parsed.method, params: parsed.params, id: JSON.stringify(parsed.id) })
      }),
      { numRuns: 2000 },
    )
  })

  test('is found with and without parameters', () => {
    expect(usualRequest('{"jsonrpc":"2.0","method":"ps","id":17}')).toEqual({
      method: 'ps',
      params: undefined,
      id: '17',
    })
    expect(usualRequest('{"jsonrpc":"2.0","method":"a:b","params":{"id":5,"x":["\\",\\"id\\":3"]},"id":1}')).toEqual({
      method: 'a:b',
      params: { id: 5, x: ['","id":3'] },
      id: '1',
    })
  })

  test.each([
    '{"jsonrpc":"2.0","method":"ps","id":0}',
    '{"jsonrpc":"2.0","method":"ps","id":01}',
    '{"jsonrpc":"2.0","method":"ps","id":1.5}',
    '{"jsonrpc":"2.0","method":"ps","id":1234567890123456}',
    '{"jsonrpc":"2.0","method":"p\\u0073","id":1}',
    '{"jsonrpc":"2.0","method":"ps"}',
    '{"jsonrpc":"2.0","method":"ps","params":5,"id":1}',
    '{"jsonrpc":"2.0","method":"ps","params":[],"x":1,"id":1}',
    '{"jsonrpc":"2.0","method":"ps","params":[1,"id":1}',
    '{"jsonrpc":"2.0","method":"ps","params":[],"id":1,"id":2}',
    '{"jsonrpc":"2.0","method":"ps","id":1} ',
  ])('is not %s, which is left to JSON.parse', (text) => {
    expect(usualRequest(text)).toBeUndefined()
  })

  test('with an escape in its method still finds its command', () => {
    expect(createMi().dispatch('{"jsonrpc":"2.0","method":"p\\u0077d","id":1}')).toContain('"WD"')
  })
})

describe('the text of a result', () => {
  test('is that of JSON.stringify', () => {
    const value = fc.oneof(
      fc.jsonValue(),
      fc.dictionary(fc.string({ unit: 'binary' }), fc.oneof(fc.string({ unit: 'binary' }), fc.integer(), fc.double())),
      fc.string({ unit: fc.constantFrom('"', '\\', '\n', '\u2028', '\ud800', 'é', '📞', 'a') }),
      fc.object({ withDate: true, withMap: true, withNullPrototype: true }),
    )
    fc.assert(
      fc.property(value, (result) => {
        expect(jsonText(result, Number.POSITIVE_INFINITY)).toBe(JSON.stringify(result))
      }),
      { numRuns: 2000 },
    )
  })

  test('follows toJSON, and leaves out what JSON cannot carry', () => {
    for (const result of [
      { toJSON: () => 5 },
      { a: undefined, b: () => 1, c: 2 },
      new Date(0),
      [undefined],
      { n: Number.NaN },
    ]) {
      expect(jsonText(result, Number.POSITIVE_INFINITY)).toBe(JSON.stringify(result))
    }
  })

  test('of a frozen value is kept only when it cannot change', async () => {
    let n = 0
    const counting = Object.freeze({
      get n() {
        return ++n
      },
    })
    const inner = Object.freeze({ list: [1] })
    const constant = Object.freeze({ a: 'é"', b: 1 })
    const mi = createMi({
      modules: [
        oneCommand('m:counting', [{}], () => counting),
        oneCommand('m2:inner', [{}], () => inner),
        oneCommand('m3:constant', [{}], () => constant),
      ],
    })
    expect(await call(mi, 'counting')).not.toEqual(await call(mi, 'counting'))
    await call(mi, 'inner')
    inner.list.push(2)
    expect(await call(mi, 'inner')).toMatchObject({ result: { list: [1, 2] } })
    for (const id of [1, '"x"', 3]) {
      expect(mi.dispatch(`{"jsonrpc":"2.0","method":"constant","id":${id}}`)).toBe(
        `{"jsonrpc":"2.0","result":{"a":"é\\"","b":1},"id":${id}}`,
      )
    }
  })
})

test('a limit that no timer can hold means no limit, rather than none of the time', async () => {
  const slow = () => new Promise((resolve) => setTimeout(resolve, 20, 'done'))
  const mi = createMi({
    modules: [oneCommand('m:x', [{}], slow)],
    limits: { commandTimeoutMs: Number.POSITIVE_INFINITY },
  })
  expect(await call(mi, 'x')).toMatchObject({ result: 'done' })
})
