import { fstatSync } from 'node:fs'
import { isMiError } from '@mi/contract'
import { errorText } from '@mi/internal/error-text'
import type { Options } from '../arguments/options.js'
import { candidates } from '../completion/candidates.js'
import { knowledgeOf, typedIn } from '../completion/complete.js'
import { failureOf, failureText, OK, type Status, UsageError } from '../failure.js'
import { Keyboard } from '../keyboard.js'
import { printable } from '../printable.js'
import { type Connection, withClient } from '../target/connection.js'
import { styleOf, type Terminal, type TerminalInput } from '../terminal.js'
import { HISTORY_LINES, History, historyPath } from './history.js'
import { searchHistory, setLine } from './history-search.js'
import { runLine, SHELL_WORDS } from './run-line.js'

/** How long the server may take before the first prompt, in milliseconds. */
const GREETING_TIMEOUT_MS = 2000

/** `mi` without a command: a shell on a terminal, else a script with one command per line. */
export function runShell(options: Options, terminal: Terminal): Promise<Status> {
  const run = terminal.stdin.isTTY === true && terminal.stdout.isTTY === true ? interactive : script
  return withClient(options, terminal, (connection) => run(connection, options, terminal))
}

/**
 * @returns the worst status of all lines
 * @throws UsageError for a directory
 */
async function script(connection: Connection, options: Options, terminal: Terminal): Promise<Status> {
  refuseDirectory(terminal.stdin)
  const { createInterface } = await import('node:readline')
  let worst: Status = OK
  const never = new AbortController().signal
  const lines = createInterface({ input: terminal.stdin })
  try {
    let number = 0
    for await (const line of lines) {
      number += 1
      const end = await runLine(line, connection, options, { ...terminal, line: number }, never)
      if (end === 'exit') break
      if (end > worst) worst = end
      // The process may end before the lines do, when the reader of the output has enough, as `head` has.
      process.exitCode = worst
    }
  } finally {
    // After `exit` too: the writer may keep the pipe open, which would keep this process alive.
    lines.close()
  }
  return worst
}

/** For Node.js a directory is an input that has ended. */
function refuseDirectory({ fd }: TerminalInput): void {
  if (fd === undefined || !fstatSync(fd).isDirectory()) return
  throw new UsageError('standard input is a directory; give a file with one command per line')
}

async function interactive(connection: Connection, options: Options, terminal: Terminal): Promise<Status> {
  const { stdin, stdout, stderr, env } = terminal
  const { createInterface } = await import('node:readline')
  await greet(connection, terminal)
  const history = new History(historyPath(env))
  const keyboard = new Keyboard(stdin)
  const lines = createInterface({
    input: keyboard,
    output: stdout,
    terminal: true,
    prompt: 'mi> ',
    history: history.lines,
    historySize: HISTORY_LINES,
    removeHistoryDuplicates: true,
    completer: completerFor(connection),
  })
  let known = history.lines
  lines.on('history', (all) => {
    known = all
  })
  let searched = ''
  keyboard.onSearch = (keys) => {
    // While a command runs there is no line to search for.
    if (call !== undefined) return
    searchHistory(keyboard, lines, stdout, known, searched).then((query) => {
      searched = query || searched
    })
    keyboard.type(keys)
  }
  let call: AbortController | undefined
  let isLeft = false
  let isClosed = false
  lines.on('close', () => {
    isClosed = true
  })
  lines.on('SIGINT', () => {
    stdout.write('^C\n')
    if (call === undefined) {
      setLine(lines, '')
      lines.prompt()
    } else call.abort()
  })
  // After Ctrl-Z and fg, readline does not read again by itself.
  lines.on('SIGCONT', () => lines.resume())
  lines.prompt()
  try {
    for await (const line of lines) {
      history.add(line)
      call = new AbortController()
      const { signal } = call
      try {
        isLeft = (await runLine(line, connection, options, { ...terminal, stdin: keyboard }, signal)) === 'exit'
      } catch (error) {
        // Given up with Ctrl-C, as the screen shows.
        if (!signal.aborted || error !== signal.reason) throw error
      } finally {
        call = undefined
      }
      if (isLeft) break
      // After Ctrl-D during a call, a prompt would start to read again.
      if (!isClosed) lines.prompt()
    }
  } finally {
    lines.close()
    keyboard.release()
  }
  // Ctrl-D leaves the cursor after the prompt.
  if (!isLeft) stdout.write('\n')
  if (history.problem !== undefined) stderr.write(`mi: cannot keep the history: ${history.problem}\n`)
  return OK
}

/** Shows which server it is, and whether it answers. If it does not, it may come later. */
async function greet({ client, server }: Connection, { stdout, stderr, env }: Terminal): Promise<void> {
  const style = styleOf(stdout, env)
  try {
    const { length } = await client.commands({ timeoutMs: GREETING_TIMEOUT_MS })
    stdout.write(style.dim(`${server.shown}: ${length} commands. Tab completes, help explains, Ctrl-D leaves.\n`))
  } catch (error) {
    const { status, lines } = failureOf(error, server)
    const late = `The server did not answer within ${GREETING_TIMEOUT_MS / 1000} s. Commands still work if it answers later.`
    const shown = isMiError(error, 'MI_TIMEOUT') ? [late, ...lines.slice(1)] : lines
    stderr.write(failureText({ status, lines: shown }, styleOf(stderr, env)))
  }
}

type Completed = [candidates: string[], typed: string]

function completerFor({
  client,
}: Connection): (line: string, done: (error: Error | null, result: Completed) => void) => void {
  const knowledge = knowledgeOf(client)
  const complete = async (line: string): Promise<Completed> => {
    const { before, word, start } = typedIn(line)
    const found = await candidates(before, word, knowledge, SHELL_WORDS)
    const [only] = found
    // A blank follows a complete word, but not `name=` or `group:`.
    const shown = found.length === 1 && only !== undefined && !/[=:/]$/.test(only) ? [`${only} `] : found
    return [shown.map((name) => printable(name, '')), line.slice(start)]
  }
  return (line, done) => {
    complete(line).then(
      (result) => done(null, result),
      (error: unknown) => done(new Error(errorText(error), { cause: error }), [[], line]),
    )
  }
}
