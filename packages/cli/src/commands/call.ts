import type { Options } from '../arguments/options.js'
import type { Target } from '../arguments/parse.js'
import { failureText, ok, type Status } from '../failure.js'
import { render } from '../output/render.js'
import { type Style, styleFor } from '../output/style.js'
import { prepareCall } from '../server/call.js'
import { type Connection, openClient } from '../server/open-client.js'
import { hasColours, type Terminal, type TerminalOutput } from '../terminal.js'
import { callFailure } from './call-failure.js'

/** `mi COMMAND`: calls it, and prints what the server answers. */
export async function runCall(target: Target, options: Options, terminal: Terminal): Promise<Status> {
  const connection = await openClient(options, terminal)
  try {
    return await callAndPrint(connection, target, options, terminal)
  } finally {
    await connection.client.close()
  }
}

/**
 * One call within a connection that goes on.
 * @param signal gives it up; the promise then rejects with its reason
 */
export async function callAndPrint(
  connection: Connection,
  target: Target,
  { output = 'pretty', timeoutMs: timeout }: Options,
  terminal: Terminal,
  signal?: AbortSignal,
): Promise<Status> {
  const { stdout, stderr, env } = terminal
  const style = styleFor(hasColours(stdout, env))
  // In their order: a provisional result may still be on its way to the screen when the final one is there.
  let printed = Promise.resolve()
  const print = (result: unknown): void => {
    printed = printed.then(async () => writeResult(stdout, await render(result, output, style)))
    // Awaited below; a failure before that must not count as unhandled.
    printed.catch(() => undefined)
  }
  try {
    const call = await prepareCall(connection.client, target, signal)
    print(await call.run({ signal, timeout, onProvisional: print }))
    await printed
    return ok
  } catch (error) {
    await printed
    if (signal?.aborted === true && error === signal.reason) throw error
    return report(error, target.command, connection, stderr, styleFor(hasColours(stderr, env)))
  }
}

/** Says on stderr why a call failed. */
async function report(
  error: unknown,
  command: string,
  connection: Connection,
  stderr: TerminalOutput,
  style: Style,
): Promise<Status> {
  const failure = await callFailure(error, command, connection)
  stderr.write(failureText(failure, style))
  return failure.status
}

function writeResult(stdout: TerminalOutput, text: string): void {
  if (text !== '') stdout.write(`${text}\n`)
}
