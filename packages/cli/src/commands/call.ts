import type { Options } from '../arguments/options.js'
import type { Target } from '../arguments/parse.js'
import { OK, type Status } from '../failure.js'
import { render } from '../output/render.js'
import { type Connection, withClient } from '../target/connection.js'
import { prepareCall } from '../target/prepared-call.js'
import { styleOf, type Terminal } from '../terminal.js'
import { reportCallFailure } from './call-failure.js'

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
  { output = 'pretty', timeoutMs }: Options,
  terminal: Terminal,
  signal?: AbortSignal,
): Promise<Status> {
  const { stdout, env } = terminal
  const style = styleOf(stdout, env)
  // In their order: rendering one result may take longer than the next one takes to arrive.
  let printed = Promise.resolve()
  const print = (result: unknown): void => {
    printed = printed.then(async () => {
      const text = await render(result, output, style)
      if (text !== '') stdout.write(`${text}\n`)
    })
    // Awaited below; a failure before that must not count as unhandled.
    printed.catch(() => undefined)
  }
  try {
    const call = await prepareCall(connection.client, target, signal)
    print(await call({ signal, timeoutMs, onProvisional: print }))
    await printed
    return OK
  } catch (error) {
    await printed
    if (signal?.aborted === true && error === signal.reason) throw error
    return reportCallFailure(error, target.command, connection, terminal)
  }
}
