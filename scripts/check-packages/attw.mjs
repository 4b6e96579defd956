import { runQuietly } from '../child.mjs'
import { tool } from '../tools.mjs'

/**
 * What @arethetypeswrong/cli says of a tarball for users of ES modules: nothing, or its whole report.
 * @param {string} tarball
 */
export async function attwFindings(tarball) {
  const [command, script] = tool('@arethetypeswrong/cli', 'attw')
  const args = [script, tarball, '--profile', 'esm-only', '--format', 'ascii', '--no-color', '--no-emoji']
  const { status, output } = await runQuietly(command, args)
  return status === 0 ? [] : [output.trim()]
}
