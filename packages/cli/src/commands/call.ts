import type { Options } from '../arguments/options.js'
import type { Target } from '../arguments/parse.js'
import { OK, type Status } from '../failure.js'
import { Keyboard } from '../keyboard.js'
import { render } from '../output/render.js'
import { showWaiting } from '../output/status-line.js'
import { printable } from '../printable.js'
import { type Connection, withClient } from '../target/connection.js'
import { prepareCall } from '../target/prepared-call.js'
import { styleOf, type Terminal } from '../terminal.js'
import { reportCallFailure, statisticHint } from './call-failure.js'

/** `mi COMMAND`: calls a command and prints its result. */
export function runCall(target: Target, options: Options, terminal: Terminal): Promise<Status> {
  return withClient(options, terminal, (connection) => callAndPrint(connection, target, options, terminal))
}

/**
 * Makes one call over an open connection.
 * @param signal gives the call up; the promise then rejects with its reason
 */
export async function callAndPrint(
  connection: Connection,
  target: Target,
  { output = connection.server.output ?? 'pretty', timeoutMs }: Options,
  terminal: Terminal,
  signal?: AbortSignal,
): Promise<Status> {
  const { stdout, env } = terminal
  const style = styleOf(stdout, env)
  // In the shell it would be in the way of what is typed.
  const hideStatus = terminal.stdin instanceof Keyboard ? () => undefined : showWaiting(terminal)
  // In their order: rendering one result may take longer than the next one takes to arrive.
  let printed = Promise.resolve()
  const print = (result: unknown): void => {
    printed = printed.then(async () => {
      const text = await render(result, output, style)
      hideStatus()
      if (text !== '') stdout.write(`${text}\n`)
    })
    // Awaited below; a failure before that must not count as unhandled.
    printed.catch(() => undefined)
  }
  try {
    const call = await prepareCall(connection.client, target, signal)
    const result = await call({ signal, timeoutMs, onProvisional: print })
    print(result)
    await printed
    const hint = statisticHint(target, result)
    if (hint !== undefined) terminal.stderr.write(printable(`mi: ${hint}\n`))
    return OK
  } catch (error) {
    await printed
    hideStatus()
    if (signal?.aborted === true && error === signal.reason) throw error
    return reportCallFailure(error, target.command, connection, terminal, target.words)
  }
}
