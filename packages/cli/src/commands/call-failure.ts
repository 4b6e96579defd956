import type { MiClient } from '@mi/client'
import { type CommandContract, isCommandError, isMiError } from '@mi/contract'
import { nearest } from '@mi/internal/nearest'
import { isTooMany, usage, type Word } from '../arguments/parameters.js'
import { SUBCOMMANDS, type Target } from '../arguments/parse.js'
import {
  type Failure,
  failureOf,
  isNameRefusal,
  isParameterRefusal,
  printFailure,
  REFUSED,
  type Status,
} from '../failure.js'
import { isObject } from '../output/lines.js'
import { type Catalogue, loadCatalogue, serverSignature } from '../target/catalogue.js'
import type { Connection } from '../target/connection.js'
import type { Terminal } from '../terminal.js'

/** How long the server may take for a hint, in milliseconds: the failure itself is known. */
const LIMITS = { timeoutMs: 1000 } as const

/** Modules that are part of OpenSIPS itself: nothing can be loaded to get their commands. */
const BUILT_IN: readonly string[] = 'blacklists cache core evi mem statistics status_report tcp'.split(' ')

/**
 * Explains on stderr why a call failed. Where the server refused it for its name or parameters, or did not answer in time, a hint
 * follows.
 * @param words the parameters as they were typed
 * @returns the exit status
 */
export async function reportCallFailure(
  error: unknown,
  command: string,
  { client, server }: Connection,
  terminal: Pick<Terminal, 'stderr' | 'env' | 'line'>,
  words: readonly Word[] = [],
): Promise<Status> {
  const failure = withCommand(failureOf(error, server), command, error)
  const lines = [...failure.lines]
  const { first, hints } = await hintsFor(error, command, words, client)
  if (first !== undefined) lines[0] = first
  // After what happened, before which server it was.
  lines.splice(1, 0, ...hints)
  return printFailure({ ...failure, lines }, terminal)
}

/** Scripts call many commands: an error of the server needs the name of its command. */
function withCommand(failure: Failure, command: string, error: unknown): Failure {
  if (failure.status !== REFUSED) return failure
  const [first = '', ...more] = failure.lines
  const text = isNameRefusal(error) ? 'the server has no such command (Method not found, -32601)' : first
  return { ...failure, lines: [`${command}: ${text}`, ...more] }
}

interface Hints {
  /** Says what happened, better than the error does. */
  readonly first?: string
  readonly hints: readonly string[]
}

async function hintsFor(error: unknown, command: string, words: readonly Word[], client: MiClient): Promise<Hints> {
  const forTrace = command === 'trace' && words.length === 0 ? [TRACE_HINT] : []
  try {
    if (isMiError(error, 'MI_TIMEOUT')) return { hints: timeoutHints(error.message) }
    if (isCommandError(error, 480) && RAISE_EVENT.includes(command))
      return { hints: ['Nobody has subscribed to this event'] }
    if (isCommandError(error, 404) && RESET_STATISTICS.includes(command)) {
      return { hints: [statisticName(words)].filter((hint) => hint !== undefined) }
    }
    if (isParameterRefusal(error)) {
      const contract = (await loadCatalogue()).find(command)
      const signature = await serverSignature(client, command, contract, LIMITS)
      const takes = `${command} takes: ${usage(signature)}`
      if (!isTooMany(words, signature, refusedParameter(error))) return { hints: [takes, ...forTrace] }
      return { first: `${command}: Too many parameters (Invalid params, -32602)`, hints: [takes] }
    }
    if (!isNameRefusal(error)) return { hints: [] }
    const catalogue = await loadCatalogue()
    const contract = catalogue.find(command)
    const hint = contract === undefined ? await nameHint(command, catalogue, client) : moduleHint(contract)
    return { hints: [...forTrace, hint] }
  } catch (problem) {
    // The server cannot be asked now; its first reply stands.
    if (isCommandError(problem) || isMiError(problem)) return { hints: [] }
    throw problem
  }
}

const TRACE_HINT = 'To print the HEP traces that a server sends to this machine: mi trace --listen udp:ADDRESS:9060'

const GIVE_TIME = 'with --timeout 60s (0 is no limit)'

/** @param message of the client, which says what it knows of the cause */
function timeoutHints(message: string): string[] {
  // Such a request is never answered; or the message speaks of the time limit itself.
  if (/mi_fifo.* drops|time limit/.test(message)) return []
  if (/No reply has come to/.test(message))
    return [`If that directory is right, the command takes longer: give it time ${GIVE_TIME}`]
  return [`Commands that wait for SIP replies take longer: give them time ${GIVE_TIME}`]
}

/** For these an unknown name is not an error: their result lacks it. */
const GET_STATISTICS: readonly string[] = ['get_statistics', 'statistics:get']
const RAISE_EVENT: readonly string[] = ['raise_event', 'evi:raise']
const RESET_STATISTICS: readonly string[] = ['reset_statistics', 'statistics:reset']

/**
 * What to type where `get_statistics` finds nothing, which is not an error. OpenSIPS takes `timestamp` and `core:`, though it lists
 * `core:timestamp`.
 */
export function statisticHint(
  { command, words }: Pick<Target, 'command' | 'words'>,
  result: unknown,
): string | undefined {
  if (!GET_STATISTICS.includes(command) || !isObject(result) || Object.keys(result).length > 0) return undefined
  return statisticName(words)
}

function statisticName(words: readonly Word[]): string | undefined {
  const names = words.map(({ text }) => text.replace(/^statistics(?:\[\])?=/, ''))
  const typed = names.find((name) => !name.endsWith(':'))
  if (typed === undefined) return undefined
  const colon = typed.indexOf(':')
  if (colon === -1) return `No statistic is named ${typed}. For a whole group, add a colon: ${typed}:`
  return `OpenSIPS takes ${typed.slice(colon + 1)}, or all of the group: ${typed.slice(0, colon + 1)}`
}

/** The parameter whose type was wrong, as OpenSIPS and the engine name it. */
function refusedParameter(error: unknown): string | undefined {
  if (!isCommandError(error) || typeof error.data !== 'string') return undefined
  return /^Bad type for (?:array item in )?parameter '(.+)'$/.exec(error.data)?.[1]
}

function moduleHint({ method, module }: CommandContract): string {
  if (BUILT_IN.includes(module)) return `OpenSIPS has this command (${method}), but this server does not`
  return `OpenSIPS has this command (${method}) in its module ${module}, which the server has not loaded: loadmodule "${module}.so"`
}

async function nameHint(typed: string, catalogue: Catalogue, client: MiClient): Promise<string> {
  /** The names of each command, with the one in the server's list. */
  const listed = new Map<string, string>(SUBCOMMANDS.map((name) => [name, name]))
  for (const command of await client.commands(LIMITS)) {
    for (const name of [command, ...(catalogue.find(command)?.aliases ?? [])]) listed.set(name, command)
  }
  // `trace` is a word of mi, and a command of some servers.
  const found = nearestNames(typed, [...listed.keys()]).filter((name) => name !== typed)
  const distinct = found.filter(
    (name, index) => found.findIndex((each) => listed.get(each) === listed.get(name)) === index,
  )
  return distinct.length === 0 ? 'mi which lists all commands of the server' : didYouMean(distinct)
}

/** @param names at least one */
export function didYouMean(names: readonly string[]): string {
  return `Did you mean ${names.join(', or ')}?`
}

/** At most three; names are compared without their module too: a user who types `list_dlg` may not know about `dialog:`. */
export function nearestNames(typed: string, names: readonly string[]): string[] {
  const bare = (name: string): string => name.slice(name.indexOf(':') + 1)
  const found = nearest(typed, new Set([...names, ...names.map(bare)]))
  const full = found.flatMap((name) => (names.includes(name) ? [name] : names.filter((each) => bare(each) === name)))
  return [...new Set(full)].slice(0, 3)
}
