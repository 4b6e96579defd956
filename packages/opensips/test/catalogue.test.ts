import { describe, expect, test } from 'vitest'
import { allCommands } from './support/contracts.js'
import { differences, matched } from './support/differences.js'
import { type RawCommand, rawCatalogue, rawCommands } from './support/raw-catalogues.js'

const releases = ['3.5', '4.0'] as const

describe.each([
  [252, 69, '3.5'],
  [275, 78, '4.0'],
] as const)('the %d commands in %d modules of %s', (commands, modules, release) => {
  const catalogue = rawCatalogue(release)

  test('have contracts with their names, recipes, types and flags', () => {
    expect(differences(allCommands, catalogue)).toEqual([])
  })

  test('are that many in the catalogue', () => {
    expect(rawCommands(catalogue)).toHaveLength(commands)
    expect(Object.keys(catalogue.modules)).toHaveLength(modules)
  })
})

test('the contracts are those of 4.0, which still has all that 3.5 has', () => {
  const methods = rawCommands(rawCatalogue('4.0')).map(({ module, name }) => `${module}:${name}`)
  expect(allCommands.map(({ method }) => method).sort()).toEqual(methods.sort())
})

test('fourteen names of 3.5 are gone in 4.0; the contracts have them as aliases', () => {
  const known = rawCommands(rawCatalogue('4.0')).flatMap(({ name, command }) => [name, ...(command.aliases ?? [])])
  const gone = rawCommands(rawCatalogue('3.5')).filter(({ name }) => !known.includes(name))
  expect(
    gone
      .map(({ name }) => name)
      .sort()
      .join(' '),
  ).toBe(
    'bdb_reload domain_dump domain_reload flat_rotate nh_enable_ping pike_list pike_rm refreshWatchers ' +
      'rtpengine_enable rtpengine_reload rtpengine_show rtpproxy_enable rtpproxy_reload rtpproxy_show',
  )
  const aliases = allCommands.flatMap((contract) => contract.aliases)
  expect(gone.filter(({ name }) => !aliases.includes(name))).toEqual([])
})

describe('beyond the catalogues', () => {
  const known = releases.flatMap((release) => matched(allCommands, rawCatalogue(release)))

  test('there is no recipe: a release has each', () => {
    for (const { method, recipes } of allCommands) {
      const own = known.filter(({ contract }) => contract?.method === method)
      const texts = new Set(own.flatMap(({ command }) => command.recipes.map((names) => names.join())))
      expect(
        recipes.filter((recipe) => !texts.has(Object.keys(recipe).join())),
        method,
      ).toEqual([])
    }
  })

  test('there is no alias: a release knows its command by each', () => {
    for (const { method, aliases } of allCommands) {
      const own = known.filter(({ contract }) => contract?.method === method)
      const names = own.flatMap(({ name, command }) => [name, ...(command.aliases ?? [])])
      expect(
        aliases.filter((alias) => !names.includes(alias)),
        method,
      ).toEqual([])
    }
  })
})

test('every command has a level: of those that depend on a parameter, the highest', () => {
  const level = (method: string) => allCommands.find((command) => command.method === method)?.level
  expect(allCommands.filter((command) => command.level === undefined)).toEqual([])
  expect(['dialog:list', 'dialog:end_dlg', 'core:kill'].map(level)).toEqual(['read', 'change', 'admin'])
  expect(['core:log_level', 'tracer:trace'].map(level)).toEqual(['admin', 'change'])
})

describe('the comparison', () => {
  /** The first difference that changing one command of a catalogue makes. */
  function spoil(release: string, module: string, name: string, change: (command: RawCommand) => void) {
    const catalogue = rawCatalogue(release)
    const command = catalogue.modules[module]?.commands[name]
    if (command === undefined) throw new Error(`${release} has no ${module} ${name}`)
    change(command)
    return differences(allCommands, catalogue)[0]
  }

  test('notices a command that has no contract', () => {
    const catalogue = rawCatalogue('3.5')
    catalogue.modules.b2b_sca = {
      commands: { ...catalogue.modules.b2b_sca?.commands, x: { recipes: [[]], params: {} } },
    }
    expect(differences(allCommands, catalogue)).toEqual(['b2b_sca x has no contract, or several'])
  })

  test('notices recipes', () => {
    expect(spoil('3.5', 'dialog', 'dlg_list', ({ recipes }) => recipes.push(['callid', 'counter']))).toBe(
      'dialog:list: recipes () (callid) (callid, from_tag) (index, counter), ' +
        'in the catalogue () (callid) (callid, from_tag) (index, counter) (callid, counter)',
    )
    expect(spoil('3.5', 'dialog', 'dlg_list', ({ recipes }) => recipes.reverse())).toContain('dialog:list: recipes')
    expect(spoil('4.0', 'evi', 'raise', ({ recipes }) => recipes[1]?.reverse())).toBe(
      'evi:raise: recipes (event) (event, params), in the catalogue (event) (params, event)',
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
  })
})
