import { describe, expect, test } from 'vitest'
import { type CommandDefinition, defineModule, int, moduleInfo } from '../src/index.js'

/** A module `m` with one command. */
const define = (command: string, definition: CommandDefinition) => defineModule('m', { [command]: definition })

describe('defineModule', () => {
  test('gives each command its canonical name and the defaults', () => {
    expect(defineModule('cache', { store: { recipes: [{ key: 'string' }] } }).store).toEqual({
      module: 'cache',
      name: 'store',
      method: 'cache:store',
      help: undefined,
      aliases: [],
      recipes: [{ key: 'string' }],
      params: {},
      result: undefined,
      errors: {},
      level: undefined,
      deprecated: undefined,
      namedOnly: false,
      async: false,
      idempotent: false,
      timeoutMs: undefined,
    })
  })

  test('keeps what the definition says', () => {
    const definition = {
      help: 'helps',
      aliases: ['old_name', 'core:old'],
      recipes: [{}, { level: int({ minimum: -3 }), pid: 'int' }],
      params: { level: 'how much to log', pid: 'of one process' },
      result: 'string',
      errors: { 404: 'no such process' },
      level: 'admin',
      deprecated: 'use m:y',
      namedOnly: true,
      async: true,
      idempotent: true,
      timeoutMs: 0,
    } as const
    expect(defineModule('m', { x: definition }).x).toEqual({ module: 'm', name: 'x', method: 'm:x', ...definition })
  })

  test('tells name and commands, in the order of the definition', () => {
    const contract = defineModule('m', { z: { recipes: [{}] }, a: { recipes: [{}] } })
    const info = contract[moduleInfo]
    expect(info.name).toBe('m')
    expect(info.commands.map(({ method }) => method)).toEqual(['m:z', 'm:a'])
    expect(info.commands[0]).toBe(contract.z)
  })

  test('makes something that nobody can change', () => {
    const own = { p: 'int' } as const
    const contract = defineModule('m', { x: { recipes: [own], aliases: ['y'] } })
    const { x } = contract
    const info = contract[moduleInfo]
    for (const part of [contract, x, x.aliases, x.recipes, x.recipes[0], info, info.commands])
      expect(Object.isFrozen(part)).toBe(true)
    expect(Object.isFrozen(own)).toBe(false)
  })

  test.each<[string, object, string]>([
    [
      'a description of a parameter that no recipe has',
      { params: { levle: 'x' } },
      "params describes 'levle', which no recipe has; it has level, pid",
    ],
    [
      'a description that is not a string',
      { params: { level: 5 } },
      "the description of parameter 'level' must be a string",
    ],
    [
      'an error code that is not an integer',
      { errors: { oops: 'x' } },
      "errors has 'oops', which is not an integer code",
    ],
    [
      'the meaning of an error that is not a string',
      { errors: { 404: null } },
      'the meaning of error 404 must be a string',
    ],
    ['an unknown level', { level: 'write' }, "level must be 'read', 'change' or 'admin', not \"write\""],
    ['a deprecation without advice', { deprecated: true }, 'deprecated must be a string that says what to use instead'],
  ])('refuses %s, naming module and command', (_what, more, message) => {
    const definition = { recipes: [{}, { level: 'int', pid: 'int' }], ...more } as CommandDefinition
    expect(() => define('x', definition)).toThrow(new TypeError(`command 'm:x': ${message}`))
  })

  test('takes what MI names look like: underscores, digits, dots, hyphens', () => {
    expect(defineModule('b2b_logic', { 'list.v-2': { recipes: [{}] } })['list.v-2'].method).toBe('b2b_logic:list.v-2')
  })

  test.each(['', 'two words', 'tab\t', 'a:b'])('refuses the module name %j', (name) => {
    expect(() => defineModule(name, {})).toThrow(TypeError)
    expect(() => defineModule(name, {})).toThrow('module name')
  })

  test.each(['', 'two words', 'line\n', 'a:b'])('refuses the command name %j, naming the module', (name) => {
    expect(() => define(name, { recipes: [{}] })).toThrow(TypeError)
    expect(() => define(name, { recipes: [{}] })).toThrow("command name in module 'm'")
  })

  test('refuses the name __proto__, which would be lost without a word', () => {
    expect(() => define('__proto__', { recipes: [{}] })).toThrow("command name in module 'm' cannot be '__proto__'")
    expect(() => define('x', { recipes: [{ ['__proto__']: 'int' }] })).toThrow(
      "a parameter cannot be named '__proto__'",
    )
  })

  test('refuses a command named as a number, which would not keep its place', () => {
    expect(() => define('7', { recipes: [{}] })).toThrow("command 'm:7': a name that is a number")
  })

  test('refuses an alias with white space; one with a colon is fine', () => {
    expect(() => define('x', { recipes: [{}], aliases: ['fine', 'not fine'] })).toThrow("alias of command 'm:x'")
    expect(() => define('x', { recipes: [{}], aliases: ['core:x'] })).not.toThrow()
  })

  test('refuses a parameter named as a number: JavaScript would change the order', () => {
    expect(() => define('x', { recipes: [{}, { name: 'string', 1: 'int' }] })).toThrow(
      "command 'm:x': a parameter cannot be named '1'; begin its name with a letter",
    )
    expect(() => define('x', { recipes: [{ '1st': 'int' }] })).not.toThrow()
  })

  test('refuses recipes that are no array, and says what to write', () => {
    // @ts-expect-error -- what is wrong is the point
    expect(() => defineModule('m', { x: { recipes: { name: 'string' } } })).toThrow('[{}] is a command without')
    // @ts-expect-error -- what is wrong is the point
    expect(() => defineModule('m', { x: {} })).toThrow(TypeError)
  })

  test.each([-1, Number.NaN])('refuses %d as timeoutMs', (timeoutMs) => {
    expect(() => define('x', { recipes: [{}], timeoutMs })).toThrow(RangeError)
    expect(() => define('x', { recipes: [{}], timeoutMs })).toThrow(`not ${timeoutMs}`)
  })
})
