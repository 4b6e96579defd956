import type { DiscoveryOptions, MiClient } from '@mi/client'
import { type CommandContract, isCommandError } from '@mi/contract'
import type { Parameter, Signature } from '../arguments/parameters.js'
import { loadCatalogue, signatureOf } from './catalogue.js'

/**
 * What a command takes: by the catalogue, which knows types; else by the server, which knows names.
 * @returns undefined for a command that neither knows
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
    // A server without `which`, or a command that it does not know: its answer to the call itself says more.
    if (isCommandError(error)) return undefined
    throw error
  }
}

/**
 * What this server's command takes, for people: its own recipes, with what the catalogue knows of their parameters.
 * Rejects as `client.recipes` does.
 * @param contract that of the catalogue, if there is one
 */
export async function serverSignature(
  client: MiClient,
  command: string,
  contract: CommandContract | undefined,
  options?: DiscoveryOptions | undefined,
): Promise<Signature> {
  const recipes = await client.recipes(command, options)
  const types = new Map(
    contract &&
      signatureOf(contract)
        .recipes.flat()
        .map(({ name, type }) => [name, type]),
  )
  const typed = (name: string): Parameter => ({ name, type: types.get(name) ?? 'unknown' })
  return { command, recipes: recipes.map((recipe) => recipe.map(typed)), isNamedOnly: contract?.namedOnly === true }
}
