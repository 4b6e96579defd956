import { describe, expect, test } from 'vitest'
import { type Release, releases, versions } from '../src/releases.js'
import { allCommands } from './support/contracts.js'
import { differences } from './support/differences.js'
import { type RawCommand, rawCatalogue, rawCommands } from './support/raw-catalogues.js'

const generated = { contracts: allCommands, releases }

describe.each([
  [252, 69, '3.5'],
  [275, 78, '4.0'],
] as const)('the %d commands in %d modules of %s', (commands, modules, release) => {
  const catalogue = rawCatalogue(release)

  test('are those of the catalogue: commands, names, recipes, types and flags', () => {
    expect(differences(generated, release, catalogue)).toEqual([])
  })

  test('are that many, in the catalogue and in the table', () => {
    expect(rawCommands(catalogue)).toHaveLength(commands)
    expect(Object.keys(catalogue.modules)).toHaveLength(modules)
    const inRelease = Object.values(releases).flatMap((command) => command[release] ?? [])
    // What 3.5 has under two names is two commands there.
    expect(release === '3.5' ? inRelease.flatMap(({ names }) => names) : inRelease).toHaveLength(commands)
    expect(new Set(inRelease.map(({ module }) => module)).size).toBe(modules)
    expect(versions[release]).toBe(catalogue.version)
  })
})

test('one contract carries both releases: 4.0 still has all that 3.5 has, though 14 names are gone', () => {
  const both = Object.entries(releases).flatMap(([method, { '3.5': older, '4.0': newer }]) =>
    older === undefined ? [] : [{ method, older, newer }],
  )
  expect(both.filter(({ newer }) => newer === undefined)).toEqual([])
  const gone = both.flatMap(({ method, older, newer }) => {
    const known = [method.split(':')[1], ...(newer?.names ?? [])]
    return older.names.filter((name) => !known.includes(name))
  })
  expect(gone.sort().join(' ')).toBe(
    'bdb_reload domain_dump domain_reload flat_rotate nh_enable_ping pike_list pike_rm refreshWatchers ' +
      'rtpengine_enable rtpengine_reload rtpengine_show rtpproxy_enable rtpproxy_reload rtpproxy_show',
  )
})

describe('beyond the catalogues', () => {
  const known = (['3.5', '4.0'] as const).flatMap((release) =>
    rawCommands(rawCatalogue(release)).map((entry) => ({ ...entry, release })),
  )

  test('there is no command: each is in a release, and the table has each once', () => {
    expect(Object.keys(releases)).toEqual(allCommands.map(({ method }) => method))
    expect(Object.values(releases).filter((inReleases) => Object.keys(inReleases).length === 0)).toEqual([])
  })

  test('there is no recipe: a release has each', () => {
    for (const { method, recipes } of allCommands) {
      const inReleases = Object.values(releases[method] ?? {})
      const places = inReleases.flatMap((each) => [...(each?.recipes ?? recipes.keys())])
      expect(
        [...new Set(places)].sort((a, b) => a - b),
        method,
      ).toEqual([...recipes.keys()])
    }
  })

  test('there is no alias: a release knows its command by each', () => {
    for (const { method, aliases } of allCommands) {
      const names = Object.values(releases[method] ?? {}).flatMap((each) => each?.names ?? [])
      expect(
        aliases.filter((alias) => !names.includes(alias)),
        method,
      ).toEqual([])
    }
    const everyName = new Set(known.flatMap(({ name, command }) => [name, ...(command.aliases ?? [])]))
    expect(allCommands.flatMap(({ aliases }) => aliases).filter((alias) => !everyName.has(alias))).toEqual([])
  })
})

describe('the comparison', () => {
  /** The first difference that changing one command of a catalogue makes. */
  function spoil(release: Release, module: string, name: string, change: (command: RawCommand) => void) {
    const catalogue = rawCatalogue(release)
    const command = catalogue.modules[module]?.commands[name]
    if (command === undefined) throw new Error(`${release} has no ${module} ${name}`)
    change(command)
    return differences(generated, release, catalogue)[0]
  }

  test('notices a command that has no contract', () => {
    const catalogue = rawCatalogue('3.5')
    catalogue.modules.b2b_sca = {
      commands: { ...catalogue.modules.b2b_sca?.commands, x: { recipes: [[]], params: {} } },
    }
    expect(differences(generated, '3.5', catalogue)).toEqual(['no contract has b2b_sca x of 3.5'])
  })

  test('notices contracts that have no command', () => {
    const catalogue = rawCatalogue('4.0')
    delete catalogue.modules.ws
    expect(differences(generated, '4.0', catalogue)).toEqual(['ws:trace: 4.0 has no ws trace'])
  })

  test('notices recipes', () => {
    expect(spoil('3.5', 'dialog', 'dlg_list', ({ recipes }) => recipes.pop())).toBe(
      'dialog:list: recipes () (callid) (callid, from_tag) (index, counter), in the catalogue () (callid) (callid, from_tag)',
    )
    expect(spoil('4.0', 'evi', 'raise', ({ recipes }) => recipes[1]?.reverse())).toBe(
      'evi:raise: recipes (event) (event, params), in the catalogue (event) (params, event)',
    )
    // Of the contract's recipes 3.5 has the first alone.
    expect(spoil('3.5', 'core', 'list_tcp_conns', ({ recipes }) => recipes.push(['proto']))).toBe(
      'tcp:list: recipes (), in the catalogue () (proto)',
    )
  })

  test('notices types', () => {
    expect(spoil('3.5', 'core', 'log_level', ({ params }) => Object.assign(params, { pid: 'string' }))).toBe(
      'core:log_level: pid is "int", in the catalogue string',
    )
    expect(spoil('4.0', 'evi', 'raise', ({ params }) => Object.assign(params, { params: 'array' }))).toBe(
      'evi:raise: params is {"kind":"oneOf","types":["string","string[]"]}, in the catalogue array',
    )
  })

  test('notices flags', () => {
    expect(spoil('3.5', 'core', 'ps', (command) => Object.assign(command, { flags: ['async'] }))).toBe(
      'core:ps: flags [], in the catalogue [async]',
    )
    expect(spoil('4.0', 'tm', 'uac_dlg', ({ flags }) => flags?.shift())).toBe(
      'tm:uac_dlg: flags [async,named_only], in the catalogue [named_only]',
    )
  })

  test('notices aliases', () => {
    expect(spoil('4.0', 'mem', 'shm_check', ({ aliases }) => aliases?.push('check'))).toBe(
      'mem:shm_check: the name check is missing',
    )
    expect(spoil('4.0', 'statistics', 'get', ({ aliases }) => aliases?.pop())).toBe(
      'statistics:get: the table has other aliases',
    )
  })
})
