import type { MiClient } from '@mi/client'
import { isCommandError, isMiError } from '@mi/contract'
import { nearest } from '../arguments/nearest.js'
import { usage } from '../arguments/parameters.js'
import { type Failure, failureOf, isNameRefusal, isParameterRefusal, refused } from '../failure.js'
import { loadCatalogue } from '../server/catalogue.js'
import type { Connection } from '../server/open-client.js'
import { serverSignature } from '../server/signature.js'

/** How long a hint may take, in milliseconds: the failure itself is known already. */
const limits = { timeout: 1000 } as const

/** What a failed call means, with what the command takes or was meant to be where the server refused it for that. */
export async function callFailure(error: unknown, command: string, { client, server }: Connection): Promise<Failure> {
  const failure = named(failureOf(error, server), command, error)
  const hint = await hintFor(error, command, client)
  return hint === undefined ? failure : { ...failure, lines: [...failure.lines, hint] }
}

/** Scripts call many commands: what the server said needs the name of the one that it is about. */
function named(failure: Failure, command: string, error: unknown): Failure {
  if (failure.status !== refused) return failure
  const [first = '', ...more] = failure.lines
  const text = isNameRefusal(error) ? `the server has no such command (${error.message}, ${error.code})` : first
  return { ...failure, lines: [`${command}: ${text}`, ...more] }
}

async function hintFor(error: unknown, command: string, client: MiClient): Promise<string | undefined> {
  try {
    if (isParameterRefusal(error)) {
      const contract = (await loadCatalogue()).find(command)
      return `${command} takes: ${usage(await serverSignature(client, command, contract, limits))}`
    }
    if (!isNameRefusal(error)) return undefined
    const names = nearest(command, await client.commands(limits))
    return names.length === 0 ? 'All commands of the server: mi which' : `Did you mean ${names.join(', or ')}?`
  } catch (problem) {
    // A server that cannot be asked now says nothing more; what it said before stands.
    if (isCommandError(problem) || isMiError(problem)) return undefined
    throw problem
  }
}
