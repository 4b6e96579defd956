import type { CallOptions, MiClient } from '@mi/client'
import { ErrorCode, isCommandError } from '@mi/contract'
import { type Parameters, parametersOf } from '../arguments/parameters.js'
import type { Target } from '../arguments/parse.js'
import { loadCatalogue, namesOf } from './catalogue.js'
import { findSignature } from './signature.js'

/** A command with its parameters, to be called once or many times. */
export interface PreparedCall {
  /** The name that the server is asked for: another one of the command where it did not know the first. */
  readonly method: string
  /** Rejects as `client.call` does. */
  run(options?: CallOptions): Promise<unknown>
}

/**
 * Finds out what a command takes, as far as its words do not say it themselves, and puts its parameters together.
 * @throws UsageError for words that cannot be meant so; MiError when the server must be asked and cannot be
 */
export async function prepareCall(
  client: MiClient,
  target: Target,
  signal?: AbortSignal | undefined,
): Promise<PreparedCall> {
  const { command, words } = target
  const signature = words.length === 0 ? undefined : await findSignature(client, command, { signal })
  return new Call(client, command, target.params ?? parametersOf(words, signature))
}

class Call implements PreparedCall {
  method: string
  private hasAskedForNames = false

  constructor(
    private readonly client: MiClient,
    command: string,
    private readonly params: Parameters | object | undefined,
  ) {
    this.method = command
  }

  async run(options?: CallOptions): Promise<unknown> {
    try {
      return await this.client.call(this.method, this.params, options)
    } catch (error) {
      // Refused by name: nothing has run, so that it may be sent again under another one.
      if (!isCommandError(error, ErrorCode.MethodNotFound) || this.hasAskedForNames) throw error
      this.hasAskedForNames = true
      const other = await this.otherName(options)
      if (other === undefined) throw error
      this.method = other
      return await this.client.call(other, this.params, options)
    }
  }

  /** The name that this server has for a command of OpenSIPS, which may be of another release. */
  private async otherName({ signal }: CallOptions = {}): Promise<string | undefined> {
    const contract = (await loadCatalogue()).find(this.method)
    if (contract === undefined) return undefined
    try {
      const known = await this.client.commands({ signal })
      return namesOf(contract).find((name) => name !== this.method && known.includes(name))
    } catch (error) {
      if (isCommandError(error)) return undefined
      throw error
    }
  }
}
