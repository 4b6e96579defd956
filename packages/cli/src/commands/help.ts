import type { MiClient } from '@mi/client'
import { isCommandError } from '@mi/contract'
import { helpText } from '../arguments/help-text.js'
import type { Options } from '../arguments/options.js'
import { usage } from '../arguments/parameters.js'
import { failureText, ok, type Status } from '../failure.js'
import { printable } from '../output/printable.js'
import { type Style, styleFor } from '../output/style.js'
import { loadCatalogue, namesOf } from '../server/catalogue.js'
import { type Connection, openClient } from '../server/open-client.js'
import { serverSignature } from '../server/signature.js'
import { hasColours, type Terminal } from '../terminal.js'
import { callFailure } from './call-failure.js'

/** `mi help`, `mi help COMMAND`. */
export async function runHelp(command: string | undefined, options: Options, terminal: Terminal): Promise<Status> {
  if (command === undefined) {
    terminal.stdout.write(helpText())
    return ok
  }
  const connection = await openClient(options, terminal)
  try {
    return await printHelp(connection, command, terminal)
  } finally {
    await connection.client.close()
  }
}

/** What the server says of a command, what it takes, and its other names. */
export async function printHelp(
  connection: Connection,
  command: string,
  { stdout, stderr, env }: Terminal,
  signal?: AbortSignal,
): Promise<Status> {
  try {
    const text = await commandHelp(connection.client, command, styleFor(hasColours(stdout, env)), signal)
    stdout.write(`${text}\n`)
    return ok
  } catch (error) {
    if (signal?.aborted === true && error === signal.reason) throw error
    const failure = await callFailure(error, command, connection)
    stderr.write(failureText(failure, styleFor(hasColours(stderr, env))))
    return failure.status
  }
}

async function commandHelp(
  client: MiClient,
  typed: string,
  style: Style,
  signal: AbortSignal | undefined,
): Promise<string> {
  const contract = (await loadCatalogue()).find(typed)
  const command = await knownName(client, typed, contract === undefined ? [typed] : namesOf(contract), signal)
  const help = await client.help(command, { signal })
  const signature = await serverSignature(client, command, contract, { signal })
  const lines = [help.Help, `takes: ${usage(signature)}`]
  if (signature.isNamedOnly) lines.push('by name alone: name=value')
  if (help['Exported by'] !== undefined) lines.push(`module: ${help['Exported by']}`)
  const others =
    contract === undefined ? [] : namesOf(contract).filter((name) => name !== command && name !== contract.name)
  if (others.length > 0) lines.push(`other names: ${others.join(', ')}`)
  return `${style.bold(printable(command))}: ${lines.map((line) => printable(line)).join('\n')}`
}

/** The name that the server knows, where it may be of another release of OpenSIPS. */
async function knownName(
  client: MiClient,
  typed: string,
  names: readonly string[],
  signal: AbortSignal | undefined,
): Promise<string> {
  if (names.length === 1) return typed
  try {
    const commands = await client.commands({ signal })
    if (commands.includes(typed)) return typed
    return names.find((name) => commands.includes(name)) ?? typed
  } catch (error) {
    if (isCommandError(error)) return typed
    throw error
  }
}
