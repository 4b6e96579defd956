import type { Options } from '../arguments/options.js'
import { type Action, parseArguments } from '../arguments/parse.js'
import { splitWords } from '../arguments/shell-words.js'
import { bench } from '../commands/bench.js'
import { callAndPrint } from '../commands/call.js'
import { printHelp } from '../commands/help.js'
import { watch } from '../commands/watch.js'
import { failureOf, failureText, ok, type Status } from '../failure.js'
import { styleFor } from '../output/style.js'
import type { Connection } from '../server/open-client.js'
import { hasColours, type Terminal } from '../terminal.js'
import { UsageError } from '../usage-error.js'

/** What a line of the shell may be besides a command of the server. */
export const shellWords = ['help', 'call', 'watch', 'bench', 'exit', 'quit'] as const

const shellHelp = `  COMMAND [VALUE ... | NAME=VALUE ...]   calls a command of the server; which lists them
  help COMMAND, COMMAND ?                what a command does and takes
  watch [-n TIME] COMMAND ...            again and again, with what changed marked; Ctrl-C ends it
  bench [-c COUNT] [-d TIME] COMMAND ... how fast the server answers
  exit, quit, Ctrl-D                     end

Tab completes. Ctrl-C gives up a call, which may still run.
Options: -o FORMAT, -j JSON, --timeout TIME.
`

/** How a line ended: with the status that it would have as a command, or the wish to end. */
export type LineEnd = Status | 'exit'

/**
 * Does what one line says.
 * @param options those that the shell was started with
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
    if (first === undefined || first.startsWith('#')) return ok
    if ((first === 'exit' || first === 'quit') && rest.length === 0) return 'exit'
    // `ps ?` asks what `ps` is; no command of OpenSIPS has a parameter of that kind.
    const asked = words.at(-1) === '?' ? ['help', ...words.slice(0, -1)] : words
    return await act(parseArguments(asked), connection, options, terminal, signal)
  } catch (error) {
    if (signal.aborted && error === signal.reason) throw error
    const failure = failureOf(error, connection.server)
    terminal.stderr.write(failureText(failure, styleFor(hasColours(terminal.stderr, terminal.env))))
    return failure.status
  }
}

async function act(
  action: Action,
  connection: Connection,
  shellOptions: Options,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<Status> {
  if (action.type === 'help' && action.command === undefined) {
    terminal.stdout.write(shellHelp)
    return ok
  }
  if (action.type === 'version' || action.type === 'shell' || action.type === 'trace' || action.type === 'completion') {
    throw new UsageError('that is for your own shell, not for this one; leave this one with exit')
  }
  const { url, config, instance, replyDir } = action.options
  if ([url, config, instance, replyDir].some((given) => given !== undefined)) {
    throw new UsageError('this shell has its server; for another one leave it with exit, and start mi -u URL')
  }
  const options = { output: shellOptions.output, timeoutMs: shellOptions.timeoutMs, ...action.options }
  switch (action.type) {
    case 'call':
      return callAndPrint(connection, action.target, options, terminal, signal)
    case 'help':
      return printHelp(connection, action.command ?? '', terminal, signal)
    case 'watch':
      return watch(connection, action.target, { ...options, output: action.options.output }, terminal, signal)
    case 'bench':
      return bench(connection, action.target, { ...options, output: action.options.output }, terminal, signal)
  }
}
