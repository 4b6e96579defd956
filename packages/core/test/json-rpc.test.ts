import { defineModule, implement, schema } from '@mi/contract'
import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { createMi } from '../src/index.js'

const spec = defineModule('spec', {
  subtract: { recipes: [{ minuend: 'int', subtrahend: 'int' }], result: schema<number>({ type: 'integer' }) },
  sum: { recipes: [{ a: 'int', b: 'int', c: 'int' }] },
  update: { recipes: [{ a: 'int', b: 'int', c: 'int', d: 'int', e: 'int' }] },
  notify_hello: { recipes: [{ a: 'int' }] },
  get_data: { recipes: [{}] },
})

function specServer() {
  const notified: unknown[] = []
  const mi = createMi({
    modules: [
      implement(spec, {
        subtract: ({ minuend, subtrahend }) => minuend - subtrahend,
        sum: ({ a, b, c }) => a + b + c,
        update: (params) => notified.push(params),
        notify_hello: (params) => notified.push(params),
        get_data: () => ['hello', 5],
      }),
    ],
  })
  const ask = (request: unknown) => mi.dispatch(typeof request === 'string' ? request : JSON.stringify(request))
  return { mi, ask, notified }
}

describe('the examples of JSON-RPC 2.0, section 7', () => {
  test('calls with positional parameters', () => {
    const { ask } = specServer()
    expect(ask({ jsonrpc: '2.0', method: 'subtract', params: [42, 23], id: 1 })).toBe(
      '{"jsonrpc":"2.0","result":19,"id":1}',
    )
    expect(ask({ jsonrpc: '2.0', method: 'subtract', params: [23, 42], id: 2 })).toBe(
      '{"jsonrpc":"2.0","result":-19,"id":2}',
    )
  })

  test('calls with named parameters in any order', () => {
    const { ask } = specServer()
    expect(ask({ jsonrpc: '2.0', method: 'subtract', params: { subtrahend: 23, minuend: 42 }, id: 3 })).toBe(
      '{"jsonrpc":"2.0","result":19,"id":3}',
    )
    expect(ask({ jsonrpc: '2.0', method: 'subtract', params: { minuend: 42, subtrahend: 23 }, id: 4 })).toBe(
      '{"jsonrpc":"2.0","result":19,"id":4}',
    )
  })

  test('notifications run and are not answered', () => {
    const { ask, notified } = specServer()
    expect(ask({ jsonrpc: '2.0', method: 'update', params: [1, 2, 3, 4, 5] })).toBeNull()
    expect(ask({ jsonrpc: '2.0', method: 'foobar' })).toBeNull()
    expect(notified).toEqual([{ a: 1, b: 2, c: 3, d: 4, e: 5 }])
  })

  test('a call of a method that does not exist', () => {
    expect(specServer().ask('{"jsonrpc": "2.0", "method": "foobar", "id": "1"}')).toBe(
      '{"jsonrpc":"2.0","error":{"code":-32601,"message":"Method not found"},"id":"1"}',
    )
  })

  test('a call with invalid JSON gets the plain text of MI', () => {
    expect(specServer().ask('{"jsonrpc": "2.0", "method": "foobar, "params": "bar", "baz]')).toBe('400 Parse_error')
  })

  test('a call with an invalid request object', () => {
    expect(specServer().ask('{"jsonrpc": "2.0", "method": 1, "params": "bar"}')).toBe(
      '{"jsonrpc":"2.0","error":{"code":-32600,"message":"Invalid Request",' +
        '"data":"method must be a string; params must be an array or an object"},"id":null}',
    )
  })

  test('an empty array, and invalid batches', async () => {
    const { ask } = specServer()
    const invalid = (data: string) =>
      `{"jsonrpc":"2.0","error":{"code":-32600,"message":"Invalid Request","data":"${data}"},"id":null}`
    const entry = invalid('a request must be an object')
    expect(await ask('[]')).toBe(invalid('a batch must hold at least one request'))
    expect(await ask('[1]')).toBe(`[${entry}]`)
    expect(await ask('[1,2,3]')).toBe(`[${entry},${entry},${entry}]`)
  })

  test('a batch of calls, notifications and nonsense', async () => {
    const reply = await specServer().ask([
      { jsonrpc: '2.0', method: 'sum', params: [1, 2, 4], id: '1' },
      { jsonrpc: '2.0', method: 'notify_hello', params: [7] },
      { jsonrpc: '2.0', method: 'subtract', params: [42, 23], id: '2' },
      { foo: 'boo' },
      { jsonrpc: '2.0', method: 'foo.get', params: { name: 'myself' }, id: '5' },
      { jsonrpc: '2.0', method: 'get_data', id: '9' },
    ])
    expect(JSON.parse(String(reply))).toEqual([
      { jsonrpc: '2.0', result: 7, id: '1' },
      { jsonrpc: '2.0', result: 19, id: '2' },
      {
        jsonrpc: '2.0',
        error: { code: -32600, message: 'Invalid Request', data: 'jsonrpc must be "2.0"; method must be a string' },
        id: null,
      },
      { jsonrpc: '2.0', error: { code: -32601, message: 'Method not found' }, id: '5' },
      { jsonrpc: '2.0', result: ['hello', 5], id: '9' },
    ])
  })

  test('a batch of notifications is not answered', async () => {
    expect(
      await specServer().ask([
        { jsonrpc: '2.0', method: 'sum', params: [1, 2, 4] },
        { jsonrpc: '2.0', method: 'notify_hello', params: [7] },
      ]),
    ).toBeNull()
  })
})

describe('a request that is not valid says why', () => {
  const parts = '"method":"pwd","id":1'
  test.each([
    [`{"jsonrpc":"2.0",${parts},"params":"all"}`, 'params must be an array or an object'],
    [`{"jsonrpc":"2.0",${parts},"params":null}`, 'params must be an array or an object'],
    [`{${parts}}`, 'jsonrpc must be "2.0"'],
    [`{"jsonrpc":"1.0",${parts}}`, 'jsonrpc must be "2.0"'],
    ['{"jsonrpc":"2.0","id":1}', 'method must be a string'],
    ['{"jsonrpc":"2.0","method":7,"id":1}', 'method must be a string'],
    ['{"jsonrpc":"2.0","method":"pwd","id":true}', 'id must be a string, a number or null'],
    ['{"jsonrpc":"2.0","method":"pwd","id":{}}', 'id must be a string, a number or null'],
    [
      '{"method":7,"params":5,"id":[]}',
      'jsonrpc must be "2.0"; method must be a string; params must be an array or an object; id must be a string, a number or null',
    ],
    ['"pwd"', 'a request must be an object'],
    ['[]', 'a batch must hold at least one request'],
  ])('%s', async (text, data) => {
    const { ask } = specServer()
    const error = { code: -32600, message: 'Invalid Request', data }
    expect(JSON.parse(String(ask(text)))).toMatchObject({ error })
    if (!text.startsWith('[')) expect(JSON.parse(String(await ask(`[${text}]`)))).toMatchObject([{ error }])
  })
})

test.each([
  '{"jsonrpc":"2.0","error":{"code":-32600,"message":"Invalid Request"},"id":null}',
  '{"jsonrpc":"2.0","error":{"code":-32600,"message":"Invalid Request","data":"another reason"},"id":"a"}',
  '[{"jsonrpc":"2.0","error":{"code":-32600,"message":"Invalid Request"},"id":null}]',
])('the -32600 of another server is answered by itself, so that transports can tell: %s', async (text) => {
  expect(await specServer().ask(text)).toBe(text)
})

test('the reply to any other error, answered again, comes to itself', async () => {
  const { ask } = specServer()
  const errors = [
    '{"jsonrpc":"2.0","error":{"code":-32601,"message":"Method not found"},"id":1}',
    `{"jsonrpc":"2.0","error":{"code":-32600,"message":"Invalid Request","data":"${'x'.repeat(501)}"},"id":1}`,
    '{"jsonrpc":"2.0","error":{"code":-32600,"message":"No","data":{"deep":[]}},"id":1}',
    '{"jsonrpc":"2.0","result":"an answer","id":1}',
  ]
  for (const error of errors) {
    const reply = String(await ask(error))
    expect(reply).toContain('method must be a string')
    expect(await ask(reply)).toBe(reply)
  }
})

describe('the end of a C string', () => {
  test('behind a request is not a part of it, in any spelling, and the request counts once', async () => {
    const mi = createMi()
    for (const text of ['{"jsonrpc":"2.0","method":"pwd","id":1}', ' {"id":1, "method":"pwd", "jsonrpc":"2.0"}\n']) {
      expect(mi.dispatch(`${text}\0`)).toBe(mi.dispatch(text))
    }
    expect(await mi.dispatch('[{"jsonrpc":"2.0","method":"pwd","id":1}]\0')).toMatch(/^\[\{"jsonrpc":"2.0","result"/)
    expect(mi.statistics('mi:requests', 'mi:parse_errors')).toEqual({ 'mi:requests': 5, 'mi:parse_errors': 0 })
  })

  test.each([
    '{"jsonrpc":"2.0","method":"pwd","id":1}\0\0',
    '\0',
    '{bad\0',
    '{"jsonrpc":"2.0"\0,"method":"pwd","id":1}',
  ])('makes %j no request', (text) => {
    const mi = createMi()
    expect(mi.dispatch(text)).toBe('400 Parse_error')
    expect(mi.statistics('mi:requests', 'mi:parse_errors')).toEqual({ 'mi:requests': 1, 'mi:parse_errors': 1 })
  })
})

describe('ids', () => {
  test.each([
    '12345678901234567890',
    '-0',
    '1.50',
    '1e400',
    '0',
    '-7',
    '9007199254740993',
    '2.5E-3',
    '1.0',
    '2.0E+3',
    '10e-1',
  ])('are echoed as they were written: %s', (id) => {
    const { ask } = specServer()
    expect(ask(`{"id": ${id} ,"jsonrpc":"2.0","method":"get_data"}`)).toBe(
      `{"jsonrpc":"2.0","result":["hello",5],"id":${id}}`,
    )
  })

  test('are found among decoys: nested members, texts, escaped names, repeated members, batches', async () => {
    const { ask } = specServer()
    const big = '123456789012345678901234567890'
    expect(ask(`{"jsonrpc":"2.0","method":"x","params":{"id":1,"s":"\\"id\\":2"},"\\u0069d":5,"id":${big}}`)).toContain(
      `"id":${big}}`,
    )
    expect(
      await ask(
        `[{"id":1.5,"jsonrpc":"2.0","method":"x","params":[{"id":2.5},[3.5]]},{"jsonrpc":"2.0","method":"x","id":${big}}]`,
      ),
    ).toMatch(new RegExp(`"id":1\\.5\\}.*"id":${big}\\}`))
  })

  test('of a batch are looked for once, however many must be looked for', async () => {
    const { ask } = specServer()
    const filler = '1,'.repeat(30_000)
    const one = '{"jsonrpc":"2.0","method":"get_data","id":0}'
    const requests = Array<string>(999).fill(one).join(',')
    const matchAll = vi.spyOn(String.prototype, 'matchAll')
    try {
      const reply = String(
        await ask(`[${requests},{"jsonrpc":"2.0","method":"get_data","params":[${filler}1],"id":0.5}]`),
      )
      expect(reply.match(/"id":0\}/g)).toHaveLength(999)
      expect(reply).toMatch(/"id":0\.5\}\]$/)
      expect(matchAll).toHaveBeenCalledTimes(1)
    } finally {
      matchAll.mockRestore()
    }
  })
})

describe('any JSON value', () => {
  test('gets an answer that is JSON-RPC, or is a notification', async () => {
    const { ask } = specServer()
    const requestLike = fc.record(
      {
        jsonrpc: fc.oneof(fc.constant('2.0'), fc.jsonValue()),
        method: fc.oneof(fc.constantFrom('subtract', 'spec:sum', 'get', 'which', 'log_level'), fc.jsonValue()),
        params: fc.oneof(fc.array(fc.integer(), { maxLength: 3 }), fc.jsonValue()),
        id: fc.oneof(fc.integer(), fc.double(), fc.string(), fc.jsonValue()),
      },
      { requiredKeys: [] },
    )
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(requestLike, fc.array(requestLike, { maxLength: 4 }), fc.jsonValue()),
        async (request) => {
          const reply = await ask(JSON.stringify(request))
          if (reply === null) {
            const all = Array.isArray(request) ? request : [request]
            expect(all.every((each) => typeof each === 'object' && each !== null && !('id' in each))).toBe(true)
            return
          }
          const parsed: unknown = JSON.parse(String(reply))
          for (const each of Array.isArray(parsed) ? parsed : [parsed]) expect(each).toMatchObject({ jsonrpc: '2.0' })
        },
      ),
      { numRuns: 2000 },
    )
  })

  test('and any text at all gets an answer or null, never an exception', () => {
    const { ask } = specServer()
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        const reply = ask(text)
        expect(reply === null || typeof reply === 'string').toBe(true)
      }),
      { numRuns: 2000 },
    )
  })

  test('however deep it is', () => {
    const { ask } = specServer()
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
    expect(ask(deep)).toContain('Invalid Request')
    expect(ask(`{"jsonrpc":"2.0","method":"log_level","params":[${deep}],"id":1}`)).toContain("parameter 'level'")
  })
})
