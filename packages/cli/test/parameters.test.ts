import { assert, constantFrom, array as listOf, nat, property, string as text } from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  isTooMany,
  type Parameter,
  parametersOf,
  type Signature,
  usage,
  type Word,
} from '../src/arguments/parameters.js'
import { UsageError } from '../src/failure.js'
import { loadCatalogue, signatureOf } from '../src/target/catalogue.js'
import { thrownBy } from './support/failure.js'

const { find } = await loadCatalogue()

const words = (texts: readonly string[], isLiteral = false): Word[] => texts.map((each) => ({ text: each, isLiteral }))

/** As the catalogue of OpenSIPS has the command. */
function known(command: string): Signature {
  const contract = find(command)
  if (contract === undefined) throw new Error(`no command ${command}`)
  return { ...signatureOf(contract), command }
}

/** As a server tells it: names alone. */
function told(...recipes: string[][]): Signature {
  const named = recipes.map((recipe) => recipe.map((name): Parameter => ({ name, type: 'unknown' })))
  return { command: 'cmd', recipes: named, isNamedOnly: false }
}

const filled = (command: string, ...texts: string[]) => parametersOf(words(texts), known(command))

describe('parameters by position', () => {
  test('stay texts, and none are none', () => {
    expect(filled('log_level', '4', '17')).toEqual(['4', '17'])
    expect(parametersOf([], undefined)).toBeUndefined()
    expect(parametersOf(words(['a', 'b']), undefined)).toEqual(['a', 'b'])
  })

  test('fill an array where the catalogue has one, also from a single value', () => {
    expect(filled('get_statistics', 'core:')).toEqual([['core:']])
    expect(filled('statistics:get', 'core:', 'tm:', 'dialog:')).toEqual([['core:', 'tm:', 'dialog:']])
    expect(filled('dlg_push_var', 'name', 'value', 'id1', 'id2')).toEqual(['name', 'value', ['id1', 'id2']])
    expect(filled('fs_subscribe', 'fs1', 'A', 'B')).toEqual(['fs1', ['A', 'B']])
  })

  test('are given to the recipe of their number first', () => {
    expect(filled('trace_start', 'id', 'uri')).toEqual(['id', 'uri'])
    expect(filled('trace_start', 'id', 'uri', 'f')).toEqual(['id', 'uri', ['f']])
    expect(filled('trace_start', 'id', 'uri', 'f', 'g')).toEqual(['id', 'uri', ['f', 'g']])
    expect(filled('trace_start', 'id', 'uri', 'f', 'scope', 'type')).toEqual(['id', 'uri', ['f'], 'scope', 'type'])
  })

  test('that are too many for a command known by its names alone fill its last parameter', () => {
    expect(parametersOf(words(['a', 'b', 'c']), told(['x', 'rest']))).toEqual(['a', ['b', 'c']])
    expect(parametersOf(words(['a', 'b']), told(['x', 'rest']))).toEqual(['a', 'b'])
    expect(parametersOf(words(['a']), told([]))).toEqual(['a'])
  })

  test('are sent as they are where nothing fits: the server says what is wrong', () => {
    expect(filled('log_level', '1', '2', '3')).toEqual(['1', '2', '3'])
  })

  test('become named where a command takes no others', () => {
    const namedOnly: Signature = { ...told([], ['id'], ['id', 'mode']), isNamedOnly: true }
    expect(parametersOf(words(['a', 'b']), namedOnly)).toEqual({ id: 'a', mode: 'b' })
    const several: Signature = { ...told(['a'], ['b']), isNamedOnly: true }
    expect(thrownBy(() => parametersOf(words(['x']), several))).toContain('takes parameters only by name (name=value)')
  })

  test('may hold = , unless it looks like a parameter by name among them', () => {
    expect(filled('cache_store', 'local', 'k', 'a=b')).toEqual(['local', 'k', 'a=b'])
    expect(() => filled('cache_store', 'local', 'attr=k', 'v')).toThrow(UsageError)
    const literal = [...words(['local']), ...words(['attr=k', 'v'], true)]
    expect(parametersOf(literal, known('cache_store'))).toEqual(['local', 'attr=k', 'v'])
  })
})

describe('parameters by name', () => {
  test('keep what is behind the first =', () => {
    expect(filled('cache_store', 'system=local', 'attr=k', 'value=a=b\nc')).toEqual({
      system: 'local',
      attr: 'k',
      value: 'a=b\nc',
    })
  })

  test('are arrays when the catalogue, a repetition or [] says so', () => {
    expect(filled('get_statistics', 'statistics=core:')).toEqual({ statistics: ['core:'] })
    expect(filled('get_statistics', "statistics=core: 'a b'")).toEqual({ statistics: ['core:', 'a b'] })
    expect(filled('get_statistics', 'statistics=core:', 'statistics=a b')).toEqual({ statistics: ['core:', 'a b'] })
    expect(parametersOf(words(['items[]=one two', 'n=1']), undefined)).toEqual({ items: ['one two'], n: '1' })
  })

  test('that are true or false are sent as such', () => {
    expect(filled('ds_reload', 'inherit_state=false')).toMatchObject({ inherit_state: false })
    expect(filled('cache_store', 'system=local', 'attr=k', 'value=true')).toMatchObject({ value: 'true' })
  })

  test('may have any name, __proto__ too', () => {
    const params = parametersOf(words(['__proto__=x']), undefined)
    expect(JSON.stringify(params)).toBe('{"__proto__":"x"}')
  })
})

test('no value gets lost or changed, whatever the recipes are', () => {
  const type = constantFrom<Parameter['type']>('array', 'other', 'unknown')
  const recipe = listOf(type, { maxLength: 4 }).map((types) =>
    types.map((each, index): Parameter => ({ name: `p${index}`, type: each })),
  )
  assert(
    property(listOf(text(), { minLength: 1, maxLength: 6 }), listOf(recipe, { maxLength: 3 }), (values, recipes) => {
      const params = parametersOf(words(values, true), { command: 'cmd', recipes, isNamedOnly: false })
      expect(Object.values(params ?? {}).flat()).toEqual(values)
    }),
  )
})

test('an array of one recipe takes what the others leave', () => {
  assert(
    property(nat(3), nat(3), nat(4), (before, behind, surplus) => {
      const parameter = (type: Parameter['type']) => (_: unknown, index: number) => ({ name: `${type}${index}`, type })
      const recipe = [
        ...Array.from({ length: before }, parameter('other')),
        { name: 'list', type: 'array' as const },
        ...Array.from({ length: behind }, parameter('other')),
      ]
      const values = Array.from({ length: recipe.length + surplus }, (_, index) => String(index))
      const params = parametersOf(words(values), { command: 'cmd', recipes: [recipe], isNamedOnly: false })
      const list = values.slice(before, before + surplus + 1)
      expect(params).toEqual([...values.slice(0, before), list, ...values.slice(before + surplus + 1)])
    }),
  )
})

test('a parameter that may be a string or an array takes surplus values as an array', () => {
  const raise = known('raise_event')
  expect(parametersOf(words(['E_X', 'a', 'b']), raise)).toEqual(['E_X', ['a', 'b']])
  expect(parametersOf(words(['E_X', '{"a":1}']), raise)).toEqual(['E_X', '{"a":1}'])
})

test('the usage of a command shows its recipes, arrays and names', () => {
  expect(usage(known('log_level'))).toBe('(nothing) | level | level pid')
  expect(usage(known('get_statistics'))).toBe('statistics...')
  expect(usage(known('tracer:trace'))).toBe('(nothing) | id= | mode= | id= mode=')
})

describe('the values of an event', () => {
  test('are an array, however many there are', () => {
    expect(filled('raise_event', 'E_X')).toEqual(['E_X'])
    expect(filled('raise_event', 'E_X', 'OpenSIPS Message')).toEqual(['E_X', ['OpenSIPS Message']])
    expect(filled('evi:raise', 'E_X', 'a', 'b')).toEqual(['E_X', ['a', 'b']])
    expect(filled('raise_event', 'event=E_X', 'params=a b')).toEqual({ event: 'E_X', params: ['a', 'b'] })
  })

  test('are a text where they are a JSON object', () => {
    expect(filled('raise_event', 'E_X', '{"ip": "1"}')).toEqual(['E_X', '{"ip": "1"}'])
    expect(filled('raise_event', 'event=E_X', 'params={"ip": "1"}')).toEqual({ event: 'E_X', params: '{"ip": "1"}' })
    expect(filled('raise_event', 'E_X', '{"ip"')).toEqual(['E_X', ['{"ip"']])
  })
})

describe('words as JSON', () => {
  const json = (command: string, ...texts: string[]) => parametersOf(words(texts), known(command), true)

  test('are JSON where they can be, and texts elsewhere', () => {
    expect(json('raise_event', 'E_X', '["127.0.0.1", 5060]')).toEqual(['E_X', ['127.0.0.1', 5060]])
    expect(json('raise_event', 'event=E_X', 'params=["a"]')).toEqual({ event: 'E_X', params: ['a'] })
    expect(parametersOf(words(['true', 'x', '{"a":[1]}']), undefined, true)).toEqual([true, 'x', { a: [1] }])
  })

  test('stay texts where the command of OpenSIPS takes no object, and where digits would be lost', () => {
    expect(json('raise_event', 'event=E_X', 'params={"a": 1}')).toEqual({ event: 'E_X', params: '{"a": 1}' })
    expect(json('raise_event', 'E_X', '{"a": 1}')).toEqual(['E_X', '{"a": 1}'])
    expect(parametersOf(words(['9007199254740993', '1.0']), undefined, true)).toEqual(['9007199254740993', '1.0'])
  })
})

test('values are too many where the longest recipe has fewer and none is an array', () => {
  const count = (command: string, ...texts: string[]) => isTooMany(words(texts), known(command), undefined)
  expect(count('log_level', '1', '2', '3')).toBe(true)
  expect(count('log_level', '1', '2')).toBe(false)
  expect(count('get_statistics', 'a:', 'b:', 'c:')).toBe(false)
  expect(count('raise_event', 'E_X', 'a', 'b')).toBe(false)
  expect(count('log_level', 'a=1', 'b=1', 'c=1')).toBe(false)
  // Where only names are known, surplus values went into the last parameter: the refusal must be about that one.
  expect(isTooMany(words(['1', 'x']), told(['id']), 'id')).toBe(true)
  expect(isTooMany(words(['1', 'x', 'y']), told(['id', 'rest']), 'id')).toBe(false)
})
