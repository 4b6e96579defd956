import type { CallOptions, MiClient } from '@mi/client'
import type { CommandContract, ParamsOf } from '@mi/contract'
import { parametersOf } from '../arguments/parameters.js'
import type { Target } from '../arguments/parse.js'
import { isNameRefusal } from '../failure.js'
import { findSignature, loadCatalogue } from './catalogue.js'

/** A command with its parameters, to be called once or many times. Rejects as `client.call` does. */
export type PreparedCall = (options?: CallOptions) => Promise<unknown>

/**
 * Makes the parameters of a call. Where the words alone do not show what they are, the command is looked up.
 * @throws UsageError for words that do not fit the command; MiError when the server must be asked and cannot be
 */
export async function prepareCall(
  client: MiClient,
  { command, words, params }: Target,
  signal?: AbortSignal | undefined,
): Promise<PreparedCall> {
  const signature = words.length === 0 ? undefined : await findSignature(client, command, { signal })
  const given = params ?? parametersOf(words, signature)
  // By its contract, a command is called under the name that this server knows; loading the contract takes time.
  let contract: CommandContract | undefined
  return async (options) => {
    if (contract !== undefined) return client.call(contract, asParams(given), options)
    try {
      return await client.call(command, given, options)
    } catch (error) {
      // A call that is refused for its name has not run.
      if (!isNameRefusal(error)) throw error
      contract = (await loadCatalogue()).find(command)
      if (contract === undefined) throw error
      return client.call(contract, asParams(given), options)
    }
  }
}

/** Parameters stay as they were typed, by position too: the server checks them. */
function asParams(params: object | undefined): ParamsOf<CommandContract> | undefined {
  return params as ParamsOf<CommandContract> | undefined
}
