import type { MiClient } from '@mi/client'
import { type CommandContract, CommandError, ErrorCode, isCommandError, isMiError } from '@mi/contract'
import { OPTION_SPECS, type OptionSpec, type Options } from '../arguments/options.js'
import { usage } from '../arguments/parameters.js'
import { SUBCOMMANDS } from '../arguments/parse.js'
import { FAILED, OK, printFailure, type Status } from '../failure.js'
import { printable } from '../printable.js'
import { loadCatalogue, namesOf, serverSignature, signatureOf } from '../target/catalogue.js'
import { type Connection, withClient } from '../target/connection.js'
import { styleOf, type Terminal } from '../terminal.js'
import { didYouMean, nearestNames, reportCallFailure } from './call-failure.js'

const SYNOPSIS = `mi: runs, explores and watches OpenSIPS over its Management Interface

  mi                                    an interactive shell
  mi COMMAND [VALUE ... | NAME=VALUE ...]
                                        calls a command; mi which lists all
  mi watch [-n TIME] COMMAND ...        calls it again and again, and marks what changed
  mi bench [-c COUNT] [-d TIME] COMMAND ...
                                        measures how fast the server answers; runs the command many times
  mi events [NAME ...]                  prints events as they arrive; without a name, lists them
  mi doctor                             checks the way to the server, and says how to fix it
  mi trace --listen udp:ADDRESS:PORT    prints HEP traces of MI commands as they arrive
  mi help COMMAND                       what a command does and which parameters it takes
  mi call COMMAND ...                   calls a command that has the name of one of these
  mi completion bash|zsh|fish           completion for your shell

Examples:
  mi ps
  mi log_level 4
  mi cache_fetch system=local attr=k
  mi get_statistics core: tm:
  mi dlg_list -o table -u udp:192.0.2.7:8080
  mi which | head

Options:`

const MORE = `
The server: -u, else MI_URL, else ~/.opensips-cli.cfg, /etc/opensips-cli.cfg or
/etc/opensips/opensips-cli.cfg, else the FIFO at its usual places. The shell keeps its history in
~/.mi_history, or in the file that MI_HISTORY names. NO_COLOR turns colours off.

Exit status: 0; 1 when the server answered an error; 2 when it could not be asked.
`

/** What `mi --help` prints. */
export function helpText(): string {
  const options = [
    ...OPTION_SPECS.map(optionRow),
    `${'  -h, --help'.padEnd(27)}this text`,
    `${'  -V, --version'.padEnd(27)}the version of mi`,
  ]
  return `${[SYNOPSIS, ...options].join('\n')}\n${MORE}`
}

/** What `mi help watch` prints: its lines, and the options that only it has. */
export function ownHelp(subcommand: string): string {
  const [, lines = ''] = new RegExp(`^(  mi ${subcommand}\\b.*(?:\\n {10,}.*)*)`, 'm').exec(SYNOPSIS) ?? []
  const options = OPTION_SPECS.filter(({ only }) => only?.includes(subcommand)).map(optionRow)
  const own = options.length === 0 ? '' : `\nOptions:\n${options.join('\n')}\n`
  return `${lines}\n${own}\nOptions that choose the server, and others: mi --help\n`
}

function optionRow({ short, long, value, help }: Pick<OptionSpec, 'short' | 'long' | 'value' | 'help'>): string {
  return `${`  ${short === undefined ? '   ' : `-${short},`} --${long} ${value}`.padEnd(27)}${help}`
}

/** `mi help`, `mi help COMMAND`. */
export async function runHelp(command: string | undefined, options: Options, terminal: Terminal): Promise<Status> {
  const isOwn = command !== 'trace' && SUBCOMMANDS.some((name) => name === command)
  if (command !== undefined && !isOwn) {
    return withClient(options, terminal, (connection) => printHelp(connection, command, terminal))
  }
  terminal.stdout.write(command === undefined || command === 'help' ? helpText() : ownHelp(command))
  return OK
}

/** Prints what a command does, its parameters, and its other names. */
export async function printHelp(
  connection: Connection,
  command: string,
  terminal: Terminal,
  signal?: AbortSignal,
): Promise<Status> {
  const { stdout, env } = terminal
  const catalogue = await loadCatalogue()
  const contract = catalogue.find(command)
  try {
    const lines = await linesFor(connection.client, command, contract, signal)
    stdout.write(
      `${styleOf(stdout, env).bold(printable(command))}: ${lines.map((line) => printable(line)).join('\n')}\n`,
    )
    return OK
  } catch (error) {
    if (signal?.aborted === true && error === signal.reason) throw error
    // The catalogue can be searched without a server too.
    const found = isMiError(error) ? nearestNames(command, catalogue.names) : []
    const names = [
      ...new Map(found.toReversed().map((name) => [catalogue.find(name)?.method ?? name, name])).values(),
    ].toReversed()
    if (names.length === 0) return reportCallFailure(unknownName(error), command, connection, terminal)
    return printFailure({ status: FAILED, lines: [`no command '${command}' is known`, didYouMean(names)] }, terminal)
  }
}

/** What `help` answers for an unknown name. */
function unknownName(error: unknown): unknown {
  return isCommandError(error, 404) ? new CommandError(ErrorCode.MethodNotFound, 'Method not found') : error
}

async function linesFor(
  client: MiClient,
  command: string,
  contract: CommandContract | undefined,
  signal: AbortSignal | undefined,
): Promise<string[]> {
  const others = contract === undefined ? [] : namesOf(contract).filter((name) => name !== command)
  const names = others.length === 0 ? [] : [`other names: ${others.join(', ')}`]
  try {
    const help = await client.help(contract ?? command, { signal })
    const signature = await serverSignature(client, command, contract, { signal })
    const module = help['Exported by'] === undefined ? [] : [`module: ${help['Exported by']}`]
    return [help.Help, ...parameterLines(signature), ...module, ...names]
  } catch (error) {
    if (contract === undefined || !(isMiError(error) || isCommandError(error))) throw error
    const note = isMiError(error) ? 'no server answered' : 'this server does not have it'
    const what = contract.help ?? 'a command of OpenSIPS'
    return [`${what} (${note})`, ...parameterLines(signatureOf(contract)), `module: ${contract.module}`, ...names]
  }
}

function parameterLines(signature: Parameters<typeof usage>[0]): string[] {
  return [`takes: ${usage(signature)}`, ...(signature.isNamedOnly ? ['only by name: name=value'] : [])]
}
