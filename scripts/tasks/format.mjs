import { runShown } from '../child.mjs'
import { setUp } from '../set-up/index.mjs'
import { tool } from '../tools.mjs'

/**
 * npm run format: formats, sorts imports and mends what can be mended safely.
 * @param {readonly string[]} args for biome
 */
export async function format(args) {
  await setUp({ build: false })
  const [command, script] = tool('@biomejs/biome', 'biome')
  return runShown(command, [script, 'check', '--write', ...(args.length > 0 ? args : ['.'])])
}
