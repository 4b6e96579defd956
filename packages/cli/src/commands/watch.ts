import { setTimeout as pause } from 'node:timers/promises'
import type { Options } from '../arguments/options.js'
import type { Target } from '../arguments/parse.js'
import { quoteWord } from '../arguments/shell-words.js'
import { failureOf, failureText, ok, type Status } from '../failure.js'
import { untilInterrupted } from '../interruption.js'
import { LiveScreen } from '../output/live-screen.js'
import { styleFor } from '../output/style.js'
import { prepareCall } from '../server/call.js'
import { type Connection, openClient } from '../server/open-client.js'
import { hasColours, type Terminal } from '../terminal.js'
import { UsageError } from '../usage-error.js'
import { callFailure } from './call-failure.js'

const usualIntervalMs = 2000

/** `mi watch COMMAND`: until it is interrupted. */
export async function runWatch(target: Target, options: Options, terminal: Terminal): Promise<Status> {
  const connection = await openClient(options, terminal)
  try {
    return await untilInterrupted((signal) => watch(connection, target, options, terminal, signal))
  } finally {
    await connection.client.close()
  }
}

/**
 * Calls a command again and again. On a screen each answer replaces the one before; elsewhere they follow each other.
 * The first call must be answered; later ones may fail, as when the server restarts, and it goes on.
 * @param signal ends it
 */
export async function watch(
  connection: Connection,
  target: Target,
  { intervalMs = usualIntervalMs, timeoutMs: timeout, output = 'lines' }: Options,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<Status> {
  if (output !== 'lines') throw new UsageError('mi watch prints lines; for another output call the command itself')
  const { stderr, env } = terminal
  const words = [target.command, ...target.words.map(({ text }) => text)]
  const live = new LiveScreen(terminal, `every ${intervalMs / 1000} s: ${words.map(quoteWord).join(' ')}`)
  try {
    const call = await prepareCall(connection.client, target, signal)
    const first = await call.run({ signal, timeout })
    live.open()
    try {
      live.answer(first)
      for (;;) {
        await pause(intervalMs, undefined, { signal })
        try {
          live.answer(await call.run({ signal, timeout }))
        } catch (error) {
          if (signal.aborted) throw error
          live.problem(failureOf(error, connection.server).lines[0] ?? '')
        }
      }
    } finally {
      live.close()
    }
  } catch (error) {
    if (signal.aborted) return ok
    const failure = await callFailure(error, target.command, connection)
    stderr.write(failureText(failure, styleFor(hasColours(stderr, env))))
    return failure.status
  }
}
