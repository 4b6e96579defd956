import { setTimeout as pause } from 'node:timers/promises'
import type { Options } from '../arguments/options.js'
import type { Target } from '../arguments/parse.js'
import { quoteWord } from '../arguments/shell-words.js'
import { failureOf, OK, type Status, UsageError } from '../failure.js'
import { LiveScreen } from '../output/live-screen.js'
import { showWaiting } from '../output/status-line.js'
import { printableJson } from '../printable.js'
import { untilInterrupted } from '../signals.js'
import { type Connection, withClient } from '../target/connection.js'
import { prepareCall } from '../target/prepared-call.js'
import type { Terminal } from '../terminal.js'
import { reportCallFailure, statisticHint } from './call-failure.js'

const DEFAULT_INTERVAL_MS = 2000

/** `mi watch COMMAND`: until Ctrl-C, `q`, or its count. */
export function runWatch(target: Target, options: Options, terminal: Terminal): Promise<Status> {
  return withClient(options, terminal, (connection) =>
    untilInterrupted((signal) => watch(connection, target, options, terminal, signal)),
  )
}

/**
 * Calls a command again and again. On a screen each result replaces the one before; elsewhere they follow each other. The first
 * call must succeed. Later ones may fail, as when the server restarts: the watch continues.
 * @param signal ends it
 */
export async function watch(
  connection: Connection,
  target: Target,
  options: Options,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<Status> {
  const { intervalMs = DEFAULT_INTERVAL_MS, timeoutMs, count = Number.POSITIVE_INFINITY } = options
  const left = new AbortController()
  const view = viewFor(target, options, terminal, () => left.abort())
  const ended = AbortSignal.any([signal, left.signal])
  const show = (result: unknown): void => {
    const hint = statisticHint(target, result)
    if (hint === undefined) view.result(result)
    else view.problem(hint)
  }
  try {
    let isDone = false
    const hideStatus = showWaiting(terminal)
    view.open()
    try {
      const call = await prepareCall(connection.client, target, ended)
      const first = await call({ signal: ended, timeoutMs })
      hideStatus()
      show(first)
      for (let results = 1; results < count; results++) {
        await pause(intervalMs, undefined, { signal: ended })
        try {
          show(await call({ signal: ended, timeoutMs }))
        } catch (error) {
          if (ended.aborted) throw error
          view.problem(failureOf(error, connection.server).lines[0] ?? '')
        }
      }
      isDone = true
      return OK
    } finally {
      hideStatus()
      view.close(isDone)
    }
  } catch (error) {
    if (ended.aborted) return OK
    return reportCallFailure(error, target.command, connection, terminal, target.words)
  }
}

/** Shows results and problems. */
type View = Pick<LiveScreen, 'open' | 'close' | 'result' | 'problem'>

function viewFor(
  { command, words }: Target,
  { intervalMs = DEFAULT_INTERVAL_MS, output = 'lines' }: Options,
  terminal: Terminal,
  leave: () => void,
): View {
  if (output === 'json') return jsonLines(terminal)
  if (output !== 'lines') throw new UsageError('mi watch prints only lines, or JSON with -o json')
  const typed = [command, ...words.map(({ text }) => text)].map(quoteWord).join(' ')
  return new LiveScreen(terminal, `every ${intervalMs / 1000} s: ${typed}`, leave)
}

/** An object per line: `{"time":"...","result":...}`, or `problem` with the text. */
function jsonLines({ stdout }: Terminal): View {
  const write = (what: object): void => {
    stdout.write(`${printableJson(JSON.stringify({ time: new Date().toISOString(), ...what }))}\n`)
  }
  return {
    open: () => undefined,
    close: () => undefined,
    result: (result) => write({ result }),
    problem: (problem) => write({ problem }),
  }
}
