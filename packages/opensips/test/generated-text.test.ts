import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readCatalogue, readLevels } from '../generate/catalogue.mjs'
import { generatedFiles } from '../generate/files.mjs'
import { assertDistinct, exportName } from '../generate/names.mjs'
import { print, quoted } from '../generate/print.mjs'

const command = { recipes: [[]], params: {} }

type Release = [version: string, modules: Record<string, Record<string, object>>]

/** The generated files of releases with these modules and commands, all of which only read. */
function filesOf(...releases: Release[]) {
  const catalogues = releases.map(([version, modules]) => {
    const content = Object.entries(modules).map(([module, commands]) => [module, { commands }])
    return readCatalogue(JSON.stringify({ version, modules: Object.fromEntries(content) }))
  })
  const methods = catalogues.flatMap(({ commands }) => commands.map(({ module, name }) => `${module}:${name}`))
  const levels = readLevels(JSON.stringify(Object.fromEntries(methods.map((method) => [method, 'read']))))
  return generatedFiles(catalogues, levels, {})
}

describe('names', () => {
  test('of modules are kept, but for what JavaScript does not take', () => {
    expect(['b2b_logic', 'xml-rpc', 'import', '2way'].map(exportName)).toEqual([
      'b2b_logic',
      'xml_rpc',
      'import_',
      '_2way',
    ])
  })

  test('that clash, or that no file or subpath can have, are refused', () => {
    expect(() => assertDistinct(['a-b', 'a_b'])).toThrow("'a-b' and 'a_b' would both be exported as 'a_b'")
    expect(() => assertDistinct(['package.json'])).toThrow("cannot have the subpath '@mi/opensips/package.json'")
    expect(() => assertDistinct(['../core'])).toThrow('cannot have the subpath')
  })

  test('of commands and parameters may be anything: they are quoted where they must be', () => {
    const text = filesOf([
      '4.0.1',
      { 'xml-rpc': { delete: command, 'list.v2': { recipes: [['a-b']], params: { 'a-b': 'int' } } } },
    ])
    expect(text.get('modules/xml-rpc.ts')).toContain(`export const xml_rpc = defineModule('xml-rpc', {
  /** \`xml-rpc:delete\`. */
  delete: {
    level: 'read',
    recipes: [{}],
  },
  /** \`xml-rpc:list.v2\`. */
  'list.v2': {
    level: 'read',
    recipes: [{ 'a-b': 'int' }],
  },
})`)
    expect(text.get('index.ts')).toContain("export { xml_rpc } from './modules/xml-rpc.js'")
  })
})

describe('the releases that have a thing', () => {
  const recipes = (...all: string[][]) => ({
    recipes: all,
    params: Object.fromEntries(all.flat().map((p) => [p, 'int'])),
  })
  const files = filesOf(
    ['3.5.6', { m: { gone: command, both: recipes([], ['old']) } }],
    ['4.0.1', { m: { both: recipes([], ['a']), fresh: command } }],
  )

  test('are told with commands and recipes that not all releases have', () => {
    expect(files.get('modules/m.ts')).toContain(`{
  /** \`m:both\`; \`both\` in 3.5. */
  both: {
    level: 'read',
    recipes: [
      {},
      // since 4.0
      { a: 'int' },
      // up to 3.5
      { old: 'int' },
    ],
  },
  /** \`m:fresh\`. Since 4.0. */
  fresh: {
    level: 'read',
    recipes: [{}],
  },
  /** \`m:gone\`; \`gone\` in 3.5. Up to 3.5. */
  gone: {`)
  })
})

describe('the level of a command', () => {
  const catalogue = readCatalogue(JSON.stringify({ version: '4.0.1', modules: { m: { commands: { x: command } } } }))

  test('is the highest of those that it may have', () => {
    const entry = { level: 'read', unless: { mode: 'change', all: 'admin' } }
    expect(readLevels(JSON.stringify({ 'm:x': 'change', 'm:y': entry }))).toEqual({ 'm:x': 'change', 'm:y': 'admin' })
    expect(() => readLevels('{"m:x": "write"}')).toThrow("'m:x' must have the levels read, change, admin")
  })

  test('must be there for each command, and for no other', () => {
    expect(() => generatedFiles([catalogue], {}, {})).toThrow("command-levels.json: 'm:x' has no level")
    expect(() => generatedFiles([catalogue], { 'm:x': 'read', 'm:y': 'read' }, {})).toThrow("no catalogue has 'm:y'")
  })
})

describe('a literal', () => {
  /** Any value of texts, lists and dictionaries, with what it must be when it is read again. */
  const { value } = fc.letrec<{ value: [text: Parameters<typeof print>[0], read: unknown] }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      fc.string({ unit: 'binary' }).map((text): [string, unknown] => [quoted(text), text]),
      fc
        .array(tie('value'), { maxLength: 6 })
        .map((items): [{ items: { value: Parameters<typeof print>[0] }[] }, unknown] => [
          { items: items.map(([text]) => ({ value: text })) },
          items.map(([, read]) => read),
        ]),
      fc
        .uniqueArray(
          fc.tuple(
            fc.string().filter((key) => key !== '__proto__'),
            tie('value'),
          ),
          { maxLength: 6, selector: ([key]) => key },
        )
        .map((entries): [{ entries: { key: string; value: Parameters<typeof print>[0] }[] }, unknown] => [
          { entries: entries.map(([key, [text]]) => ({ key, value: text })) },
          Object.fromEntries(entries.map(([key, [, read]]) => [key, read])),
        ]),
    ),
  }))

  test('is read again as what it was written from', () => {
    fc.assert(
      fc.property(value, fc.nat(40), ([text, read], indent) => {
        const evaluate = new Function(`return (${print(text, indent, indent)})`)
        expect(evaluate()).toEqual(read)
      }),
    )
  })

  test('has lines of at most 120 columns where its texts allow it', () => {
    const entries = Array.from({ length: 12 }, (_, place) => ({ key: `parameter_${place}`, value: quoted('string') }))
    const lines = print({ items: [{ value: { entries } }] }, 4, 13).split('\n')
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(120)
    expect(lines).toHaveLength(16)
  })
})
