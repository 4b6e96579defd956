import { describe, expect, test } from 'vitest'
import { readCatalogue } from '../generate/catalogue.mjs'
import { merge } from '../generate/merge.mjs'
import type { RawCommand } from './support/raw-catalogues.js'

type Modules = Record<string, Record<string, Partial<RawCommand>>>

/** A catalogue with these commands; what is left out of a command is a command without parameters. */
function catalogue(version: string, modules: Modules) {
  const content = Object.entries(modules).map(([module, commands]) => {
    const entries = Object.entries(commands).map(([name, command]) => [name, { recipes: [[]], params: {}, ...command }])
    return [module, { commands: Object.fromEntries(entries) }]
  })
  return readCatalogue(JSON.stringify({ version, modules: Object.fromEntries(content) }))
}

/** What the merge makes of an older and a newer release. */
const merged = (older: Modules, newer: Modules, renames: Record<string, string> = {}) =>
  merge([catalogue('3.5.6', older), catalogue('4.0.1', newer)], renames)

const text = (...recipes: string[][]): Partial<RawCommand> => ({
  recipes,
  params: Object.fromEntries(recipes.flat().map((name) => [name, 'string'])),
})

describe('one contract', () => {
  test('has the newer name and the older one as an alias', () => {
    const [list, ...others] = merged({ dialog: { dlg_list: {} } }, { dialog: { list: { aliases: ['dlg_list'] } } })
    expect(list).toMatchObject({
      module: 'dialog',
      name: 'list',
      aliases: ['dlg_list'],
      releases: [
        { release: '3.5', module: 'dialog', names: ['dlg_list'] },
        { release: '4.0', module: 'dialog', names: ['dialog:list', 'dlg_list'] },
      ],
    })
    expect(others).toEqual([])
  })

  test('needs no alias where the name has stayed', () => {
    const [ps] = merged({ core: { ps: {} } }, { core: { ps: {} } })
    expect(ps?.aliases).toEqual([])
    expect(ps?.releases[0]?.names).toEqual(['ps'])
  })

  test('carries on what another module had: core is split, and proto_ has fallen', () => {
    const older = { core: { shm_check: {} }, proto_tls: { tls_trace: {} }, proto_bins: { tls_trace: {} } }
    const trace = { trace: { aliases: ['tls_trace'] } }
    const commands = merged(older, { bins: trace, mem: { shm_check: {} }, tls: trace })
    expect(commands.map(({ module, name, releases }) => [module, name, releases[0]?.module])).toEqual([
      ['bins', 'trace', 'proto_bins'],
      ['mem', 'shm_check', 'core'],
      ['tls', 'trace', 'proto_tls'],
    ])
  })

  test('does not take the command of another module for its own', () => {
    const commands = merged({ a: { reload: {} } }, { b: { reload: {} }, c: { list: { aliases: ['reload'] } } })
    expect(commands.map(({ module, releases }) => [module, releases.map(({ release }) => release).join()])).toEqual([
      ['a', '3.5'],
      ['b', '4.0'],
      ['c', '4.0'],
    ])
  })

  test('has the recipes of all releases, those of the newest first, each with where it is', () => {
    const [put] = merged(
      { m: { put: text(['key'], ['key', 'old']) } },
      { m: { put: text([], ['key'], ['key', 'flag']) } },
    )
    expect(put?.recipes).toEqual([
      { names: [], releases: ['4.0'] },
      { names: ['key'], releases: ['3.5', '4.0'] },
      { names: ['key', 'flag'], releases: ['4.0'] },
      { names: ['key', 'old'], releases: ['3.5'] },
    ])
  })

  test('takes releases in the order of their numbers', () => {
    const releases = ['3.10.0', '4.0.0', '3.9.1'].map((version) => catalogue(version, { m: { x: {} } }))
    expect(merge(releases, {})[0]?.releases.map(({ release }) => release)).toEqual(['3.9', '3.10', '4.0'])
  })
})

describe('a rename', () => {
  test('joins what no alias joins', () => {
    const [list, ...others] = merged(
      { pike: { pike_list: {} } },
      { pike: { list: {} } },
      { 'pike:pike_list': 'pike:list' },
    )
    expect(list).toMatchObject({ name: 'list', aliases: ['pike_list'] })
    expect(others).toEqual([])
  })

  test('may give a command a second name in one release', () => {
    const older = { presence: { refreshWatchers: text(['uri']), refresh_watchers: text(['uri']) } }
    const newer = { presence: { refresh_watchers: text(['uri']) } }
    const renames = { 'presence:refreshWatchers': 'presence:refresh_watchers' }
    const [command] = merged(older, newer, renames)
    expect(command?.releases[0]?.names).toEqual(['refresh_watchers', 'refreshWatchers'])
    older.presence.refreshWatchers = text(['uri', 'event'])
    expect(() => merged(older, newer, renames)).toThrow("'refreshWatchers' has other recipes than 'refresh_watchers'")
  })

  test('must name commands that exist', () => {
    expect(() => merged({ m: { x: {} } }, {}, { 'm:x': 'm:y' })).toThrow("'m:x' is said to be 'm:y', which is nowhere")
    expect(() => merged({ m: { x: {} } }, {}, { 'm:z': 'm:x' })).toThrow("no catalogue has 'm:z'")
  })
})

describe('what releases contradict each other in is refused', () => {
  test('types', () => {
    const older = { m: { x: { recipes: [['a']], params: { a: 'int' } } } }
    expect(() => merged(older, { m: { x: text(['a']) } })).toThrow(
      "'m:x' of 3.5: 'a' is 'int' and in a newer release 'string'",
    )
  })

  test('flags', () => {
    expect(() => merged({ m: { x: { flags: ['async'] } } }, { m: { x: {} } })).toThrow("'m:x' of 3.5: async differs")
  })

  test('names that may be either of two commands', () => {
    const newer = { core: { x: {} }, mem: { y: { aliases: ['x'] } } }
    expect(() => merged({ core: { x: {} } }, newer)).toThrow("'core:x' may be 'core:x' or 'mem:y'")
  })

  test('two commands that would have one name', () => {
    expect(() => merged({ proto_ws: { x: {} }, ws: { x: {} } }, {})).toThrow("'ws:x' of 3.5 would be a second 'ws:x'")
  })
})

describe('a catalogue', () => {
  test.each<[what: string, command: object]>([
    ["the flag 'fast' is not understood", { flags: ['fast'] }],
    ["'a' has no type", { recipes: [['a']] }],
    ["'a' has the unknown type 'float'", { recipes: [['a']], params: { a: 'float' } }],
    ["no recipe has 'a'", { params: { a: 'int' } }],
    ["'since' is not understood", { since: '4.0' }],
  ])('is refused where %s', (message, command) => {
    expect(() => catalogue('4.0.1', { m: { x: command } })).toThrow(`catalogue 4.0 m:x: ${message}`)
  })

  test('must say its version', () => {
    expect(() => catalogue('devel', {})).toThrow('the version must be like 4.0.1, not devel')
  })
})
