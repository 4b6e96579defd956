import { fstatSync } from 'node:fs'
import type { Interface } from 'node:readline'
import type { Options } from '../arguments/options.js'
import { candidates } from '../completion/candidates.js'
import { typedIn } from '../completion/complete.js'
import { serverKnowledge } from '../completion/server-knowledge.js'
import { failureOf, failureText, ok, type Status, withoutPassword } from '../failure.js'
import { printable } from '../output/printable.js'
import { styleFor } from '../output/style.js'
import { type Connection, openClient } from '../server/open-client.js'
import { hasColours, type Terminal, type TerminalInput } from '../terminal.js'
import { UsageError } from '../usage-error.js'
import { History, historyPath } from './history.js'
import { runLine, shellWords } from './run-line.js'

/** How long the server may take before the first prompt, in milliseconds. */
const greetingTimeoutMs = 2000

/** `mi` alone: a shell on a terminal, else the lines of a script, one command each. */
export async function runShell(options: Options, terminal: Terminal): Promise<Status> {
  const connection = await openClient(options, terminal)
  try {
    const isInteractive = terminal.stdin.isTTY === true && terminal.stdout.isTTY === true
    return await (isInteractive ? interactive : script)(connection, options, terminal)
  } finally {
    await connection.client.close()
  }
}

/**
 * @returns the worst status that a line had
 * @throws UsageError for a directory
 */
async function script(connection: Connection, options: Options, terminal: Terminal): Promise<Status> {
  refuseDirectory(terminal.stdin)
  const { createInterface } = await import('node:readline')
  let worst: Status = ok
  const never = new AbortController().signal
  const lines = createInterface({ input: terminal.stdin })
  try {
    for await (const line of lines) {
      const end = await runLine(line, connection, options, terminal, never)
      if (end === 'exit') break
      if (end > worst) worst = end
      // The process may end before the lines do: when the reader of the output has enough, as `head` has.
      process.exitCode = worst
    }
  } finally {
    // Behind `exit` too: who writes the lines may keep the pipe open, and would keep this process.
    lines.close()
  }
  return worst
}

/** Node.js takes one for an input that has ended. */
function refuseDirectory({ fd }: TerminalInput): void {
  if (fd === undefined || !fstatSync(fd).isDirectory()) return
  throw new UsageError('standard input is a directory and cannot be read; give a file that has a command on each line')
}

async function interactive(connection: Connection, options: Options, terminal: Terminal): Promise<Status> {
  const { stdin, stdout, stderr, env } = terminal
  const { createInterface } = await import('node:readline')
  await greet(connection, terminal)
  const history = new History(historyPath(env))
  const lines = createInterface({
    input: stdin,
    output: stdout,
    terminal: true,
    prompt: 'mi> ',
    history: history.lines,
    historySize: 1000,
    removeHistoryDuplicates: true,
    completer: completerFor(connection),
  })
  let call: AbortController | undefined
  let isLeft = false
  let isClosed = false
  lines.on('close', () => {
    isClosed = true
  })
  lines.on('SIGINT', () => {
    stdout.write('^C\n')
    if (call === undefined) startAnew(lines)
    else call.abort()
  })
  // Behind Ctrl-Z and fg, readline leaves it to others to go on reading.
  lines.on('SIGCONT', () => lines.resume())
  lines.prompt()
  try {
    for await (const line of lines) {
      history.add(line)
      call = new AbortController()
      const { signal } = call
      try {
        isLeft = (await runLine(line, connection, options, terminal, signal)) === 'exit'
      } catch (error) {
        // Given up by Ctrl-C, as the screen shows.
        if (!signal.aborted || error !== signal.reason) throw error
      } finally {
        call = undefined
      }
      if (isLeft) break
      // Ctrl-D during a call: a prompt would begin to read again.
      if (!isClosed) lines.prompt()
    }
  } finally {
    lines.close()
  }
  // Ctrl-D leaves the cursor behind the prompt.
  if (!isLeft) stdout.write('\n')
  if (history.problem !== undefined) stderr.write(`mi: the history could not be kept: ${history.problem}\n`)
  return ok
}

/** Which server it is, and whether it is there. A server that is not may come yet. */
async function greet({ client, server }: Connection, { stdout, stderr, env }: Terminal): Promise<void> {
  const style = styleFor(hasColours(stdout, env))
  const where = server.url === 'fifo:' ? 'the FIFO at its usual place' : withoutPassword(server.url)
  try {
    const { length } = await client.commands({ timeout: greetingTimeoutMs })
    stdout.write(style.dim(`${where}: ${length} commands. Tab completes, help explains, Ctrl-D ends.\n`))
  } catch (error) {
    stderr.write(failureText(failureOf(error, server), styleFor(hasColours(stderr, env))))
  }
}

function startAnew(lines: Interface): void {
  lines.write(null, { ctrl: true, name: 'e' })
  lines.write(null, { ctrl: true, name: 'u' })
  lines.prompt()
}

type Completed = [candidates: string[], typed: string]

function completerFor({
  client,
}: Connection): (line: string, done: (error: Error | null, result: Completed) => void) => void {
  const knowledge = serverKnowledge(client)
  const complete = async (line: string): Promise<Completed> => {
    const { before, word, start } = typedIn(line)
    const found = await candidates(before, word, knowledge, shellWords)
    const [only] = found
    // A blank goes behind a word that is complete, none behind `name=`.
    const shown = found.length === 1 && only !== undefined && !only.endsWith('=') ? [`${only} `] : found
    return [shown.map((name) => printable(name, '')), line.slice(start)]
  }
  return (line, done) => {
    complete(line).then(
      (result) => done(null, result),
      (error: unknown) => done(error instanceof Error ? error : new Error(String(error)), [[], line]),
    )
  }
}
