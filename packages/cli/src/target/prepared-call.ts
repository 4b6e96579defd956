import { createReadStream } from 'node:fs'
import type { CallOptions, MiClient } from '@mi/client'
import type { CommandContract, ParamsOf } from '@mi/contract'
import { errorText } from '@mi/internal/error-text'
import { readJson } from '../arguments/options.js'
import { parametersOf } from '../arguments/parameters.js'
import type { Target } from '../arguments/parse.js'
import { isNameRefusal, UsageError } from '../failure.js'
import { findSignature, loadCatalogue } from './catalogue.js'

/** A command with its parameters, to be called once or many times. Rejects as `client.call` does. */
export type PreparedCall = (options?: CallOptions) => Promise<unknown>

/**
 * Makes the parameters of a call. Where the words alone do not show what they are, the command is looked up.
 * @throws UsageError for words that do not fit the command; MiError when the server must be asked and cannot be
 */
export async function prepareCall(
  client: MiClient,
  { command, words, params, paramsFile, isJsonWords }: Target,
  signal?: AbortSignal | undefined,
): Promise<PreparedCall> {
  const signature = words.length === 0 ? undefined : await findSignature(client, command, { signal })
  const read = paramsFile === undefined ? params : await readParameters(paramsFile)
  const given = read ?? parametersOf(words, signature, isJsonWords)
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

/** More than any server takes in one request. */
const MAX_FILE_BYTES = 64 * 1024 * 1024

/** Reads the parameters from a file, or from stdin. */
async function readParameters(file: string): Promise<object> {
  const name = file === '-' ? '-j -' : `-j @${file}`
  const pieces: Buffer[] = []
  let bytes = 0
  try {
    for await (const piece of file === '-' ? process.stdin : createReadStream(file)) {
      pieces.push(piece)
      bytes += piece.length
      if (bytes > MAX_FILE_BYTES) throw new UsageError(`${name} has more than ${MAX_FILE_BYTES} bytes`)
    }
  } catch (cause) {
    if (cause instanceof UsageError) throw cause
    throw new UsageError(`cannot read ${name}: ${errorText(cause)}`, { cause })
  }
  return readJson(Buffer.concat(pieces).toString('utf8'), name)
}
