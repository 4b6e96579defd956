import { setTimeout as pause } from 'node:timers/promises'
import type { Options } from '../arguments/options.js'
import type { Target } from '../arguments/parse.js'
import { quoteWord } from '../arguments/shell-words.js'
import { failureOf, OK, type Status, UsageError } from '../failure.js'
import { LiveScreen } from '../output/live-screen.js'
import { untilInterrupted } from '../signals.js'
import { type Connection, withClient } from '../target/connection.js'
import { prepareCall } from '../target/prepared-call.js'
import type { Terminal } from '../terminal.js'
import { reportCallFailure } from './call-failure.js'

const DEFAULT_INTERVAL_MS = 2000

/** `mi watch COMMAND`: until Ctrl-C. */
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
  { intervalMs = DEFAULT_INTERVAL_MS, timeoutMs, output = 'lines' }: Options,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<Status> {
  if (output !== 'lines') throw new UsageError('mi watch prints only lines; for another format call the command itself')
  const words = [target.command, ...target.words.map(({ text }) => text)]
  const live = new LiveScreen(terminal, `every ${intervalMs / 1000} s: ${words.map(quoteWord).join(' ')}`)
  try {
    const call = await prepareCall(connection.client, target, signal)
    const first = await call({ signal, timeoutMs })
    live.open()
    try {
      live.result(first)
      for (;;) {
        await pause(intervalMs, undefined, { signal })
        try {
          live.result(await call({ signal, timeoutMs }))
        } catch (error) {
          if (signal.aborted) throw error
          live.problem(failureOf(error, connection.server).lines[0] ?? '')
        }
      }
    } finally {
      live.close()
    }
  } catch (error) {
    if (signal.aborted) return OK
    return reportCallFailure(error, target.command, connection, terminal)
  }
}
