import type { CommandContract } from '@mi/contract'
import type { CommandReleases, Release } from '../../src/releases.js'
import { type RawCatalogue, type RawCommand, rawCommands } from './raw-catalogues.js'
import { typeDifference } from './type-differences.js'

/** What is compared: the package's contracts and table. */
export interface Generated {
  readonly contracts: readonly CommandContract[]
  readonly releases: Readonly<Record<string, CommandReleases>>
}

/**
 * Where the contracts and the catalogue of a release differ, in either direction, one sentence each: commands, names,
 * recipes with their order, types, flags.
 */
export function differences({ contracts, releases }: Generated, release: Release, catalogue: RawCatalogue): string[] {
  const unmatched = new Map<string, RawCommand>()
  for (const { module, name, command } of rawCommands(catalogue)) unmatched.set(`${module} ${name}`, command)
  const found = contracts.flatMap((contract) => {
    const inRelease = releases[contract.method]?.[release]
    if (inRelease === undefined) return []
    const { module, names, recipes = [...contract.recipes.keys()] } = inRelease
    const entries = entriesFor(release, module, names)
    return entries.flatMap(({ name, aliases }) => {
      const command = unmatched.get(`${module} ${name}`)
      if (command === undefined) return [`${contract.method}: ${release} has no ${module} ${name}`]
      unmatched.delete(`${module} ${name}`)
      return [
        ...nameDifferences(contract, name, aliases, command),
        ...recipeDifferences(contract, recipes, command),
        ...flagDifferences(contract, command),
      ]
    })
  })
  return [...found, ...[...unmatched.keys()].map((name) => `no contract has ${name} of ${release}`)]
}

/** What the catalogue must have: 4.0 one command with aliases, 3.5 a command for each name. */
function entriesFor(release: Release, module: string, names: readonly string[]) {
  if (release === '3.5') return names.map((name) => ({ name, aliases: [] as readonly string[] }))
  const [canonical = '', ...aliases] = names
  return [{ name: canonical.startsWith(`${module}:`) ? canonical.slice(module.length + 1) : canonical, aliases }]
}

function nameDifferences(contract: CommandContract, name: string, aliases: readonly string[], command: RawCommand) {
  const catalogueAliases = command.aliases ?? []
  const missing = [name, ...catalogueAliases].filter(
    (each) => each !== contract.name && !contract.aliases.includes(each),
  )
  return [
    ...missing.map((each) => `${contract.method}: the name ${each} is missing`),
    ...(aliases.join() === catalogueAliases.join() ? [] : [`${contract.method}: the table has other aliases`]),
  ]
}

function recipeDifferences({ method, recipes }: CommandContract, places: readonly number[], command: RawCommand) {
  const own = places.map((place) => recipes[place] ?? {})
  const texts = (all: readonly (readonly string[])[]) => all.map((names) => `(${names.join(', ')})`).join(' ')
  const [ours, theirs] = [texts(own.map((recipe) => Object.keys(recipe))), texts(command.recipes)]
  if (ours !== theirs) return [`${method}: recipes ${ours}, in the catalogue ${theirs}`]
  return own.flatMap((recipe) =>
    Object.entries(recipe).flatMap(([parameter, type]) => {
      const difference = typeDifference(method, parameter, type, command.params[parameter] ?? 'absent')
      return difference === undefined ? [] : [difference]
    }),
  )
}

function flagDifferences({ method, namedOnly, async }: CommandContract, command: RawCommand) {
  const ours = [...(async ? ['async'] : []), ...(namedOnly ? ['named_only'] : [])].join()
  const theirs = (command.flags ?? []).join()
  return ours === theirs ? [] : [`${method}: flags [${ours}], in the catalogue [${theirs}]`]
}
