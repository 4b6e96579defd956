import fc from 'fast-check'
import { expect, test } from 'vitest'
import { prettyPrint } from '../src/pretty-print.js'

const NO_LIMIT = Number.POSITIVE_INFINITY
const pretty = (value: unknown, limit = NO_LIMIT): string | undefined => prettyPrint(JSON.stringify(value), limit)

/** The same, written as cJSON_Print of OpenSIPS is. */
function printed(value: unknown, depth: number): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map((item) => printed(item, depth + 1)).join(', ')}]`
  const tabs = '\t'.repeat(Math.min(depth + 1, 64))
  const members = Object.entries(value).map(
    ([name, member]) => `${tabs}${JSON.stringify(name)}:\t${printed(member, depth + 1)}`,
  )
  const inner = members.length === 0 ? '' : `${members.join(',\n')}\n`
  return `{\n${inner}${'\t'.repeat(Math.min(depth, 64))}}`
}

function nested(depth: number): unknown {
  let value: unknown = 1
  for (let level = 0; level < depth; level++) value = { a: value }
  return value
}

test('text is indented as OpenSIPS prints it', () => {
  expect(pretty({ a: 1, b: [1, { c: 'x' }], d: {}, e: [] })).toBe(
    '{\n\t"a":\t1,\n\t"b":\t[1, {\n\t\t\t"c":\t"x"\n\t\t}],\n\t"d":\t{\n\t},\n\t"e":\t[]\n}',
  )
  expect([pretty('a:{[,]}"\\'), pretty(-1.5), pretty(null)]).toEqual(['"a:{[,]}\\"\\\\"', '-1.5', 'null'])
})

test('any JSON keeps its meaning, and is printed as cJSON_Print does', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
      const text = pretty(value) ?? ''
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)))
      expect(text).toBe(printed(JSON.parse(JSON.stringify(value)), 0))
    }),
  )
})

test('a text is made up to the limit, and no further', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), fc.nat(60), (value, limit) => {
      const text = pretty(value) ?? ''
      expect(pretty(value, limit)).toBe(text.length <= limit ? text : undefined)
    }),
  )
})

test('a text grows with its depth, not with the square of it', () => {
  const [one, two] = [pretty(nested(1_000))?.length ?? 0, pretty(nested(2_000))?.length ?? 0]
  expect(two / one).toBeLessThan(2.1)
})
