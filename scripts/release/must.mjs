import { runQuietly } from '../child.mjs'
import { Failure } from '../failure.mjs'

/**
 * Runs a command that has to succeed.
 * @param {readonly [command: string, args: readonly string[]]} command
 * @param {import('../child.mjs').Options} [options]
 * @returns {Promise<string>} what it printed
 * @throws {Failure} with what it printed, when it fails or is interrupted
 */
export async function must([command, args], options) {
  const { status, output, interrupted } = await runQuietly(command, args, options)
  const line = `${command} ${args.join(' ')}`
  if (interrupted) throw new Failure(`Interrupted: ${line}`, 130)
  if (status !== 0) throw new Failure(`${line} failed (exit status ${status}):\n${output}`)
  return output
}
