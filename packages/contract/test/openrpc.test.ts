import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { array, defineModule, int, literal, moduleInfo, schema } from '../src/index.js'
import { openRpcOf } from '../src/openrpc.js'

const info = { title: 'test', version: '1' }
const cache = defineModule('cache', {
  store: {
    help: 'stores a value',
    aliases: ['cache_store'],
    level: 'change',
    params: { expire: 'seconds until the value is forgotten' },
    recipes: [
      { system: 'string', attr: 'string' },
      { system: 'string', attr: 'string', expire: int({ minimum: 0 }) },
    ],
    result: literal('OK'),
    errors: { 404: 'no such cache system' },
  },
})

describe('an OpenRPC document', () => {
  test('has one method for a command, with what its recipes have in common as required', () => {
    expect(openRpcOf(cache[moduleInfo].commands, info)).toStrictEqual({
      openrpc: '1.4.1',
      info,
      methods: [
        {
          name: 'cache:store',
          summary: 'stores a value',
          tags: [{ name: 'cache' }],
          paramStructure: 'either',
          params: [
            { name: 'system', required: true, schema: { type: 'string' } },
            { name: 'attr', required: true, schema: { type: 'string' } },
            {
              name: 'expire',
              summary: 'seconds until the value is forgotten',
              required: false,
              schema: { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
            },
          ],
          result: { name: 'result', schema: { type: ['string'], enum: ['OK'] } },
          errors: [{ code: 404, message: 'no such cache system' }],
          'x-mi-recipes': [
            ['system', 'attr'],
            ['system', 'attr', 'expire'],
          ],
          'x-mi-aliases': ['cache_store'],
          'x-mi-level': 'change',
        },
      ],
    })
  })

  test.each([
    ['recipes that continue each other', { recipes: [{}, { a: 'int' }, { a: 'int', b: 'int' }] }, 'either'],
    ['recipes of one length, which are ambiguous by position', { recipes: [{ a: 'int' }, { b: 'int' }] }, 'by-name'],
    ['recipes that begin with other parameters', { recipes: [{ b: 'int' }, { a: 'int', b: 'int' }] }, 'by-name'],
    ['a command that takes names only', { namedOnly: true, recipes: [{ a: 'int' }] }, 'by-name'],
  ] as const)('says how parameters may be given: %s', (_what, definition, expected) => {
    const { commands } = defineModule('m', { x: definition })[moduleInfo]
    expect(openRpcOf(commands, info).methods[0]?.paramStructure).toBe(expected)
  })

  test('puts the types that recipes give to one name together', () => {
    const { commands } = defineModule('m', { x: { recipes: [{ a: 'string' }, { a: array('string'), b: 'bool' }] } })[
      moduleInfo
    ]
    expect(openRpcOf(commands, info).methods[0]?.params[0]?.schema).toEqual({
      anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' }, minItems: 1 }],
    })
  })

  test('keeps schemas that refer to themselves whole, and says what is deprecated', () => {
    const tree = {
      definitions: { node: { type: 'array', items: { $ref: '#/definitions/node' } } },
      $ref: '#/definitions/node',
    }
    const { commands } = defineModule('m', { x: { recipes: [{ t: schema(tree) }], deprecated: 'use m:y' } })[moduleInfo]
    expect(openRpcOf(commands, info).methods[0]).toMatchObject({
      params: [{ schema: { ...tree, $id: 'urn:mi:m%3Ax%3At' } }],
      result: { schema: {} },
      deprecated: true,
      description: 'Deprecated: use m:y',
    })
  })
})

test('the package itself does not load what makes the document', () => {
  const files = ['index.js']
  for (const file of files) {
    const text = readFileSync(new URL(`../dist/${file}`, import.meta.url), 'utf8')
    expect(text, file).not.toContain('openrpc')
    for (const [, next = ''] of text.matchAll(/from ["']\.\/([^"']+)["']/g)) if (!files.includes(next)) files.push(next)
  }
})
