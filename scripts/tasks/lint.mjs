import { runShown } from '../child.mjs'
import { setUp } from '../set-up/index.mjs'
import { tool } from '../tools.mjs'

/**
 * npm run lint: rules and formatting, nothing changed.
 * @param {readonly string[]} args for biome
 */
export async function lint(args) {
  await setUp({ build: false })
  const [command, script] = tool('@biomejs/biome', 'biome')
  return runShown(command, [script, 'check', '--error-on-warnings', ...(args.length > 0 ? args : ['.'])])
}
