import { array, type CommandDefinition, defineModule, implement, object } from '@mi/contract'
import { describe, expect, test } from 'vitest'
import { createMi } from '../src/index.js'
import { call, HandTransport, oneCommand } from './support.js'

const named = (method: string, aliases: string[] = []) => oneCommand(method, [{}], () => method, { aliases })

describe('names', () => {
  test('resolve from canonical name, unique local name and alias', async () => {
    const mi = createMi({ modules: [named('dr:reload', ['dr_reload'])] })
    for (const name of ['dr:reload', 'reload', 'dr_reload'])
      expect(await call(mi, name)).toMatchObject({ result: 'dr:reload' })
  })

  test('that several modules share are ambiguous, unless an alias decides', async () => {
    const mi = createMi({ modules: [named('a:trace'), named('b:trace')] })
    expect(await call(mi, 'trace')).toMatchObject({
      error: { code: -32001, message: 'Method ambiguous', data: 'supported names: a:trace, b:trace' },
    })
    await mi.register(named('c:other', ['trace']))
    expect(await call(mi, 'trace')).toMatchObject({ result: 'c:other' })
  })

  test('with a colon may be aliases', async () => {
    const mi = createMi({ modules: [named('gflags:set', ['core:set_gflag'])] })
    expect(await call(mi, 'core:set_gflag')).toMatchObject({ result: 'gflags:set' })
  })

  test('that are registered twice are an error that names both modules', async () => {
    expect(() => createMi({ modules: [named('a:x', ['same']), named('b:y', ['same'])] })).toThrow(
      "module 'b' registers the alias 'same' for 'b:y', which module 'a' has for 'a:x'",
    )
    expect(() => createMi({ modules: [named('a:x'), named('a:x')] })).toThrow("'a:x', which module 'a' has")
    const mi = createMi()
    await expect(mi.register(named('core:ps'))).rejects.toThrow("'core:ps', which module 'core' has")
  })

  test('of statistics that are there already are an error; nothing of such a module is registered', async () => {
    const counting = (module: string, statistic: string) => ({
      ...named(`${module}:x`),
      statistics: { [statistic]: () => 7 },
    })
    const transports = [new HandTransport('hand')]
    expect(() => createMi({ modules: [counting('hand', 'requests')], transports })).toThrow(
      "'hand:requests' exists already",
    )
    expect(() => createMi({ modules: [counting('mi', 'in_flight')] })).toThrow("'mi:in_flight' exists already")
    const mi = createMi({ modules: [counting('hand', 'other')], transports })
    await expect(mi.register(counting('mi', 'in_flight'))).rejects.toThrow("'mi:in_flight' exists already")
    expect(await call(mi, 'mi:x')).toMatchObject({ error: { code: -32601 } })
    expect(mi.statistics('hand:other', 'mi:in_flight')).toEqual({ 'hand:other': 7, 'mi:in_flight': 0 })
  })

  test('of a module that clashes stay unregistered, all of them', async () => {
    const mi = createMi()
    const both = defineModule('m', { fine: { recipes: [{}] }, bad: { recipes: [{}], aliases: ['get_statistics'] } })
    await expect(mi.register(implement(both, { fine: () => 1, bad: () => 2 }))).rejects.toThrow('get_statistics')
    expect(await call(mi, 'm:fine')).toMatchObject({ error: { code: -32601 } })
  })
})

test.each([
  ['a word', { recipes: [{}, { n: 'integer' }] }, "command 'm:x', parameter 'n': 'integer' is not a type; use int,"],
  [
    'an item of an array',
    { recipes: [{ n: array('integer' as never) }] },
    "command 'm:x', parameter 'n': 'integer' is",
  ],
  ['a property', { recipes: [{ n: object({ p: 'integer' as never }) }] }, "command 'm:x', parameter 'n': 'integer' is"],
  ['a result', { recipes: [{}], result: 'text' }, "command 'm:x', result: 'text' is not a type; use int,"],
])('%s of a type that does not exist is an error that says where it is', (_what, definition, message) => {
  const contract = defineModule('m', { x: definition as CommandDefinition })
  const module = implement(contract, { x: () => 1 })
  expect(() => createMi({ modules: [module], checkResults: true })).toThrow(message)
})

test('a bare contract in place of a module is refused with a hint', () => {
  const contract = defineModule('m', { x: { recipes: [{}] } })
  // @ts-expect-error -- what is wrong is the point
  expect(() => createMi({ modules: [contract] })).toThrow(/implement\(contract, handlers\)/)
})
