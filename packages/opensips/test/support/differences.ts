import type { CommandContract } from '@mi/contract'
import { type RawCatalogue, type RawCommand, rawCommands } from './raw-catalogues.js'
import { typeDifference } from './type-differences.js'

/** A command of a catalogue with its contract; undefined where there is none, or more than one. */
export interface Matched {
  /** `dialog dlg_list` */
  readonly where: string
  readonly name: string
  readonly command: RawCommand
  readonly contract: CommandContract | undefined
}

/** Finds the contract of each command of a catalogue: the one in its module that has its name, or has it as an alias. */
export function matched(contracts: readonly CommandContract[], catalogue: RawCatalogue): Matched[] {
  return rawCommands(catalogue).map(({ module, name, command }) => {
    const named = contracts.filter((contract) => contract.name === name || contract.aliases.includes(name))
    const own = named.filter((contract) => contract.module === module.replace(/^proto_/, ''))
    // What `core` had before 4.0 is in several modules since; there a canonical name comes before an alias.
    const found = own.length > 0 || module !== 'core' ? own : named
    const exact = found.filter((contract) => contract.name === name)
    const [contract, ...others] = exact.length > 0 ? exact : found
    return { where: `${module} ${name}`, name, command, contract: others.length > 0 ? undefined : contract }
  })
}

/**
 * Where the commands of a catalogue and their contracts differ, one sentence each: names, recipes with their order, types,
 * flags. A contract has the recipes of all releases: those of one release must be among them, in their order.
 */
export function differences(contracts: readonly CommandContract[], catalogue: RawCatalogue): string[] {
  return matched(contracts, catalogue).flatMap(({ where, command, contract }) => {
    if (contract === undefined) return [`${where} has no contract, or several`]
    return [
      ...nameDifferences(contract, command),
      ...recipeDifferences(contract, command),
      ...flagDifferences(contract, command),
    ]
  })
}

function nameDifferences({ method, aliases }: CommandContract, command: RawCommand) {
  const missing = (command.aliases ?? []).filter((alias) => !aliases.includes(alias))
  return missing.map((alias) => `${method}: the name ${alias} is missing`)
}

function recipeDifferences({ method, recipes }: CommandContract, command: RawCommand) {
  const text = (names: readonly string[]) => `(${names.join(', ')})`
  const ours = recipes.map((recipe) => text(Object.keys(recipe)))
  const places = command.recipes.map((names) => ours.indexOf(text(names)))
  if (places.includes(-1) || places.some((place, index) => index > 0 && place < (places[index - 1] ?? 0))) {
    return [`${method}: recipes ${ours.join(' ')}, in the catalogue ${command.recipes.map(text).join(' ')}`]
  }
  return places.flatMap((place) =>
    Object.entries(recipes[place] ?? {}).flatMap(([parameter, type]) => {
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
