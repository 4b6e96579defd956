import type { DiscoveryOptions, MiClient } from '@mi/client'
import { type CommandContract, isCommandError, moduleInfo, type TypeSpec } from '@mi/contract'
import type { Parameter, Signature } from '../arguments/parameters.js'

/** The commands of OpenSIPS, as @mi/opensips has them. */
export interface Catalogue {
  /**
   * Finds a command by its canonical name, by an older name, or by its bare name where only one module has it.
   * @returns undefined for a name that is not of OpenSIPS, or that several modules have
   */
  find(name: string): CommandContract | undefined
  /** The names of all commands, canonical and older ones. */
  readonly names: readonly string[]
}

/** Loads the catalogue, which takes some milliseconds; most calls do not need it. */
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

/**
 * The parameters of a command: from the catalogue, which has types; else from the server, which has names.
 * @returns undefined for a command that is unknown to both
 */
export async function findSignature(
  client: MiClient,
  command: string,
  options?: DiscoveryOptions | undefined,
): Promise<Signature | undefined> {
  const contract = (await loadCatalogue()).find(command)
  if (contract !== undefined) return { ...signatureOf(contract), command }
  try {
    return await serverSignature(client, command, undefined, options)
  } catch (error) {
    // A server without `which`, or an unknown command: the reply to the call itself says more.
    if (isCommandError(error)) return undefined
    throw error
  }
}

/**
 * The parameters that this server's command takes, for people: the server's recipes, with the types of the catalogue.
 * Rejects as `client.recipes` does.
 * @param contract that of the catalogue, if there is one
 */
export async function serverSignature(
  client: MiClient,
  command: string,
  contract: CommandContract | undefined,
  options?: DiscoveryOptions | undefined,
): Promise<Signature> {
  const recipes = await client.recipes(contract ?? command, options)
  const types = new Map(
    contract &&
      signatureOf(contract)
        .recipes.flat()
        .map(({ name, type }) => [name, type]),
  )
  const typed = (name: string): Parameter => ({ name, type: types.get(name) ?? 'unknown' })
  return { command, recipes: recipes.map((recipe) => recipe.map(typed)), isNamedOnly: contract?.namedOnly === true }
}

/** The parameters of a contract. */
export function signatureOf({ method, recipes, namedOnly }: CommandContract): Signature {
  return {
    command: method,
    recipes: recipes.map((recipe) =>
      Object.entries(recipe).map(([name, type]): Parameter => ({ name, type: kindOf(type) })),
    ),
    isNamedOnly: namedOnly,
  }
}

function kindOf(type: TypeSpec): Parameter['type'] {
  if (type === 'bool') return 'bool'
  if (isArray(type)) return 'array'
  return typeof type === 'object' && type.kind === 'oneOf' && type.types.some(isArray) ? 'textOrArray' : 'other'
}

function isArray(type: TypeSpec): boolean {
  return type === 'string[]' || type === 'int[]' || (typeof type === 'object' && type.kind === 'array')
}
