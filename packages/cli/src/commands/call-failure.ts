import type { MiClient } from '@mi/client'
import { type CommandContract, isCommandError, isMiError } from '@mi/contract'
import { nearest } from '@mi/internal/nearest'
import { usage } from '../arguments/parameters.js'
import { SUBCOMMANDS } from '../arguments/parse.js'
import {
  type Failure,
  failureOf,
  failureText,
  isNameRefusal,
  isParameterRefusal,
  REFUSED,
  type Status,
} from '../failure.js'
import { type Catalogue, loadCatalogue, serverSignature } from '../target/catalogue.js'
import type { Connection } from '../target/connection.js'
import { styleOf, type Terminal } from '../terminal.js'

/** How long the server may take for a hint, in milliseconds: the failure itself is known. */
const LIMITS = { timeoutMs: 1000 } as const

/** Modules that are part of OpenSIPS itself: nothing can be loaded to get their commands. */
const BUILT_IN: readonly string[] = 'blacklists cache core evi mem statistics status_report tcp'.split(' ')

/**
 * Explains on stderr why a call failed. Where the server refused it for its name or parameters, a hint follows.
 * @returns the exit status
 */
export async function reportCallFailure(
  error: unknown,
  command: string,
  { client, server }: Connection,
  { stderr, env }: Pick<Terminal, 'stderr' | 'env'>,
): Promise<Status> {
  const failure = withCommand(failureOf(error, server), command, error)
  const hint = await hintFor(error, command, client)
  const lines = hint === undefined ? failure.lines : [...failure.lines, hint]
  stderr.write(failureText({ ...failure, lines }, styleOf(stderr, env)))
  return failure.status
}

/** Scripts call many commands: an error of the server needs the name of its command. */
function withCommand(failure: Failure, command: string, error: unknown): Failure {
  if (failure.status !== REFUSED) return failure
  const [first = '', ...more] = failure.lines
  const text = isNameRefusal(error) ? 'the server has no such command (Method not found, -32601)' : first
  return { ...failure, lines: [`${command}: ${text}`, ...more] }
}

async function hintFor(error: unknown, command: string, client: MiClient): Promise<string | undefined> {
  try {
    if (isParameterRefusal(error)) {
      const contract = (await loadCatalogue()).find(command)
      return `${command} takes: ${usage(await serverSignature(client, command, contract, LIMITS))}`
    }
    if (!isNameRefusal(error)) return undefined
    const catalogue = await loadCatalogue()
    const contract = catalogue.find(command)
    return contract === undefined ? await nameHint(command, catalogue, client) : moduleHint(contract)
  } catch (problem) {
    // The server cannot be asked now; its first reply stands.
    if (isCommandError(problem) || isMiError(problem)) return undefined
    throw problem
  }
}

function moduleHint({ method, module }: CommandContract): string {
  if (BUILT_IN.includes(module)) return `OpenSIPS has this command (${method}), but this server does not`
  return `OpenSIPS has this command (${method}) in its module ${module}, which the server has not loaded`
}

async function nameHint(typed: string, catalogue: Catalogue, client: MiClient): Promise<string> {
  /** The names of each command, with the one in the server's list. */
  const listed = new Map<string, string>(SUBCOMMANDS.map((name) => [name, name]))
  for (const command of await client.commands(LIMITS)) {
    for (const name of [command, ...(catalogue.find(command)?.aliases ?? [])]) listed.set(name, command)
  }
  const found = nearestNames(typed, [...listed.keys()])
  const distinct = found.filter(
    (name, index) => found.findIndex((each) => listed.get(each) === listed.get(name)) === index,
  )
  if (distinct.length === 0) return 'mi which lists all commands of the server'
  return `Did you mean ${distinct.join(', or ')}?`
}

/** At most three; names are compared without their module too: a user who types `list_dlg` may not know about `dialog:`. */
export function nearestNames(typed: string, names: readonly string[]): string[] {
  const bare = (name: string): string => name.slice(name.indexOf(':') + 1)
  const found = nearest(typed, new Set([...names, ...names.map(bare)]))
  const full = found.flatMap((name) => (names.includes(name) ? [name] : names.filter((each) => bare(each) === name)))
  return [...new Set(full)].slice(0, 3)
}
