import { defineModule, implement, int, literal, object, oneOf, schema } from '@mi/contract'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createMi } from '../src/index.js'
import { HandTransport } from './support.js'

const contract = defineModule('m', {
  echo: { recipes: [{}, { v: schema({}) }, { v: schema({}), w: schema({}) }] },
  later: { recipes: [{}, { v: schema({}) }] },
  typed: {
    recipes: [
      { n: int({ minimum: 0 }), s: 'string' },
      { a: 'string[]', o: object({ p: 'int' }), e: oneOf('int', literal('x')) },
    ],
  },
  fail: { recipes: [{}] },
})
const module = implement(contract, {
  echo: (params) => params,
  later: async (params) => params,
  typed: (params) => params,
  fail() {
    throw new Error('fails')
  },
})

const odd = fc.constantFrom(
  '\0',
  '\ud800',
  '\udfff',
  '"',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '\\',
  '1e999',
  '-0',
  '\n',
  '\u2028',
)
const scalar = fc.constantFrom(
  ...[
    '0',
    '-0',
    '1e400',
    '1.50',
    '9007199254740993',
    'true',
    'null',
    '""',
    '"\\ud800"',
    '"\ud800"',
    '"\\u0000"',
    '"__proto__"',
  ],
)
const value = fc.oneof(
  scalar,
  fc.json({ noUnicodeString: false } as never),
  fc
    .tuple(fc.constantFrom(['[', ']'], ['{"a":', '}']), fc.constantFrom(10, 1_000, 5_000))
    .map(([[open = '', close = ''], depth]) => `${open.repeat(depth)}1${close.repeat(depth)}`),
)
const method = fc.constantFrom(
  'echo',
  'm:later',
  'typed',
  'fail',
  'get',
  'which',
  'ps',
  'kill',
  'log_level',
  'nosuch',
  '__proto__',
  ':',
  '',
)
const request = fc
  .tuple(
    fc.option(fc.oneof({ arbitrary: fc.constant('"2.0"'), weight: 9 }, { arbitrary: value, weight: 1 })),
    fc.option(
      fc.oneof({ arbitrary: method.map((name) => JSON.stringify(name)), weight: 9 }, { arbitrary: value, weight: 1 }),
    ),
    fc.option(
      fc.oneof(
        value,
        value.map((v) => `[${v}]`),
        value.map((v) => `{"v":${v}}`),
        fc.tuple(scalar, scalar).map(([n, s]) => `{"n":${n},"s":${s}}`),
      ),
    ),
    fc.option(fc.oneof(scalar, value)),
  )
  .map((members) => {
    const written = ['jsonrpc', 'method', 'params', 'id'].flatMap((name, index) => {
      const member = members[index]
      return member === null || member === undefined ? [] : `"${name}":${member}`
    })
    return `{${written.join(',')}}`
  })
const text = fc.oneof(
  request,
  fc.array(request, { maxLength: 5 }).map((all) => `[${all}]`),
  request.map((one) => `${one}\0`),
)
const mutated = fc
  .tuple(text, fc.array(fc.tuple(fc.nat(), fc.nat({ max: 4 }), fc.oneof(odd, fc.constant(''))), { maxLength: 3 }))
  .map(([start, cuts]) =>
    cuts.reduce((all, [place, length, added]) => {
      const at = place % (all.length + 1)
      return `${all.slice(0, at)}${added}${all.slice(at + length)}`
    }, start),
  )

/** What the text means as JSON, one NUL taken off; undefined when it is none. */
function meant(source: string): unknown {
  for (const each of [source, source.replace(/(?<!\0)\0$/, '')]) {
    try {
      return JSON.parse(each)
    } catch {
      // The other spelling, or none.
    }
  }
  return undefined
}

const isNotification = (entry: unknown): boolean =>
  typeof entry === 'object' && entry !== null && 'jsonrpc' in entry && !('id' in entry)

test.each([
  ['plain', {}],
  ['indented, with JSON-RPC parse errors', { prettyPrinting: true, parseErrors: 'jsonrpc' } as const],
])('a hostile text of any kind is answered as JSON-RPC says, and the next request too: %s', async (_what, settings) => {
  const transport = new HandTransport('hand', settings)
  await using mi = createMi({ modules: [module], transports: [transport], limits: { maxReplyBytes: 100_000 } })
  await mi.listen()
  await fc.assert(
    fc.asyncProperty(mutated, async (source) => {
      const reply = await transport.dispatcher?.dispatch(source, { transport: 'hand' })
      const json = meant(source)
      if (reply === null) {
        const entries = Array.isArray(json) ? json : [json]
        expect(entries.length > 0 && entries.every(isNotification)).toBe(true)
      } else if (json === undefined) {
        expect(reply).toMatch(/^400 Parse_error$|"code":\s*-32700/)
      } else {
        const replies: unknown = JSON.parse(String(reply))
        for (const each of Array.isArray(replies) ? replies : [replies]) {
          expect(each).toMatchObject({ jsonrpc: '2.0', id: each.id })
          expect('result' in each).toBe(!('error' in each))
        }
      }
      expect(await transport.ask('pwd')).toContain('"result"')
    }),
    { numRuns: 1_500 },
  )
  expect(mi.statistics('mi:internal_errors')).toEqual({ 'mi:internal_errors': 0 })
})
