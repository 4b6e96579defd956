import type { Options } from '../arguments/options.js'
import { type Action, parseArguments } from '../arguments/parse.js'
import { lineWords, splitWords } from '../arguments/shell-words.js'
import { bench } from '../commands/bench.js'
import { callAndPrint } from '../commands/call.js'
import { events } from '../commands/events.js'
import { ownHelp, printHelp } from '../commands/help.js'
import { watch } from '../commands/watch.js'
import { failureOf, OK, printFailure, type Status, UsageError } from '../failure.js'
import type { Connection } from '../target/connection.js'
import type { Terminal } from '../terminal.js'

/** Words of the shell that are not commands of the server. */
export const SHELL_WORDS = ['help', 'call', 'watch', 'bench', 'events', 'clear', 'exit', 'quit'] as const

const SHELL_HELP = `  COMMAND [VALUE ... | NAME=VALUE ...]   calls a command of the server; which lists all
  help COMMAND, COMMAND ?                what a command does and which parameters it takes
  watch [-n TIME] COMMAND ...            calls it again and again, and marks what changed; Ctrl-C ends it
  bench [-c COUNT] [-d TIME] COMMAND ... measures how fast the server answers
  events [NAME ...]                      prints events as they arrive, or lists them; Ctrl-C ends it
  clear, Ctrl-L                          clears the screen
  exit, quit, Ctrl-D                     leaves the shell

Tab completes. Ctrl-R searches the history. Ctrl-C gives up a call; the server may still run it.
Options: -o FORMAT, -j JSON, --timeout TIME.
`

/** Clears the screen and what was on it before, as `clear` does. */
const CLEAR_SCREEN = '\u001b[H\u001b[2J\u001b[3J'

/** What a POSIX shell does not take as a word: pipes, redirections, several commands; and `!`, which some shells run. */
const OPERATORS = /^(\|\|?|&&?|;|<|>>?|!.*)$/

/** How a line ended: with the status that it would have as a command, or with `exit`. */
export type LineEnd = Status | 'exit'

/**
 * Runs one line.
 * @param options those of the shell
 * @param signal gives up a call; the promise then rejects with its reason
 */
export async function runLine(
  line: string,
  connection: Connection,
  options: Options,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<LineEnd> {
  try {
    const words = splitWords(line)
    const [first, ...rest] = words
    if (first === undefined || first.startsWith('#')) return OK
    if ((first === 'exit' || first === 'quit') && rest.length === 0) return 'exit'
    if (first === 'clear' && rest.length === 0) {
      terminal.stdout.write(CLEAR_SCREEN)
      return OK
    }
    refuseOuterShell(line)
    // `ps ?` is `help ps`; no command of OpenSIPS has such a parameter.
    const asked = words.at(-1) === '?' ? ['help', ...words.slice(0, -1)] : words
    return await act(parseArguments(asked), connection, options, terminal, signal)
  } catch (error) {
    if (signal.aborted && error === signal.reason) throw error
    return printFailure(failureOf(error, connection.server), terminal)
  }
}

/** A pipe would reach the server as a parameter. */
function refuseOuterShell(line: string): void {
  const [found] = lineWords(line).filter(({ text, start }) => OPERATORS.test(text) && line.startsWith(text, start))
  if (found === undefined) return
  const value = `If it is a value, quote it: '${found.text}'`
  if (found.start === 0) {
    throw new UsageError(`programs of your system do not run here. Ctrl-Z leaves mi, and fg comes back. ${value}`)
  }
  throw new UsageError(`there is no ${found.text} in this shell. Type exit, and then: mi ${line.trim()}. ${value}`)
}

async function act(
  action: Action,
  connection: Connection,
  shellOptions: Options,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<Status> {
  if (action.type === 'help' && SHELL_WORDS.some((word) => word === (action.command ?? 'help'))) {
    terminal.stdout.write(SHELL_HELP)
    return OK
  }
  if (action.type === 'help' && (action.command === 'doctor' || action.command === 'completion')) {
    terminal.stdout.write(`${ownHelp(action.command)}It does not run inside this shell. Type exit first.\n`)
    return OK
  }
  if (
    action.type === 'version' ||
    action.type === 'shell' ||
    action.type === 'trace' ||
    action.type === 'doctor' ||
    action.type === 'completion'
  ) {
    throw new UsageError(
      action.type === 'version' || action.type === 'shell'
        ? 'this does not run inside this shell. Type exit'
        : `${action.type} does not run inside this shell. Type exit, then: mi ${action.type}`,
    )
  }
  const { url, config, instance, settings, replyDir, ca } = action.options
  if ([url, config, instance, settings, replyDir, ca].some((given) => given !== undefined)) {
    throw new UsageError('this shell has its server; for another one, exit and start mi -u URL')
  }
  if (action.options.paramsFile === '-')
    throw new UsageError('-j - does not work here: the commands come from stdin; use -j @FILE')
  const options = { output: shellOptions.output, timeoutMs: shellOptions.timeoutMs, ...action.options }
  switch (action.type) {
    case 'call':
      return callAndPrint(connection, action.target, options, terminal, signal)
    case 'help':
      return printHelp(connection, action.command ?? '', terminal, signal)
    case 'watch':
      return watch(connection, action.target, { ...options, output: action.options.output }, terminal, signal)
    case 'events':
      return events(connection, action.names, { ...options, output: action.options.output }, terminal, signal)
    case 'bench':
      return bench(connection, action.target, { ...options, output: action.options.output }, terminal, signal)
  }
}
