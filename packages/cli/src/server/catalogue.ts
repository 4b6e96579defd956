import { type CommandContract, moduleInfo, type TypeSpec } from '@mi/contract'
import type { Parameter, Signature } from '../arguments/parameters.js'

/** The commands of OpenSIPS. */
export interface Catalogue {
  /**
   * The command that a name means: its canonical one, one of before 4.0, or the bare name of one command alone.
   * @returns undefined for one that is not of OpenSIPS, or is of several modules
   */
  find(name: string): CommandContract | undefined
  /** The names of all commands, of both kinds. */
  readonly names: readonly string[]
}

/** Loads the catalogue, which takes some milliseconds; most calls do without. */
export async function loadCatalogue(): Promise<Catalogue> {
  const modules = await import('@mi/opensips')
  const contracts = Object.values(modules).flatMap((module): readonly CommandContract[] => module[moduleInfo].commands)
  return {
    find: (name) => {
      const full = contracts.find(({ method, aliases }) => method === name || aliases.includes(name))
      if (full !== undefined) return full
      const [bare, ...others] = contracts.filter((contract) => contract.name === name)
      return others.length === 0 ? bare : undefined
    },
    names: contracts.flatMap(({ method, aliases }) => [method, ...aliases]),
  }
}

/** All names that servers know a command by, the canonical one first. */
export function namesOf({ method, name, aliases }: CommandContract): string[] {
  return [...new Set([method, ...aliases, name])]
}

/** What a contract says of a command's parameters. */
export function signatureOf({ method, recipes, namedOnly }: CommandContract): Signature {
  return {
    command: method,
    recipes: recipes.map((recipe) =>
      Object.entries(recipe).map(([name, type]): Parameter => ({ name, type: kind(type) })),
    ),
    isNamedOnly: namedOnly,
  }
}

/** One of several types is told apart by its value: only what is an array for certain is made one. */
function kind(type: TypeSpec): Parameter['type'] {
  if (type === 'bool') return 'bool'
  if (type === 'string[]' || type === 'int[]') return 'array'
  return typeof type === 'object' && type.kind === 'array' ? 'array' : 'other'
}
