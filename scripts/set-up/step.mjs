import { runQuietly } from '../child.mjs'
import { Failure } from '../failure.mjs'

/**
 * Runs one step of the set-up: a line that says what happens, and nothing more unless it fails.
 * @param {string} title `Building the packages`
 * @param {string} command
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @throws {Failure} after showing what the command printed
 */
export async function runStep(title, command, args, env) {
  console.log(`${title} ...`)
  const { status, output, interrupted } = await runQuietly(command, args, { env: audible(env) }).catch((cause) => {
    throw new Failure(`${title}: cannot run '${command}' (${cause.message}). Is Node.js with npm installed?`)
  })
  if (interrupted) throw new Failure(`${title}: interrupted.`, 130)
  if (status === 0) return
  process.stderr.write(output.endsWith('\n') ? output : `${output}\n`)
  throw new Failure(
    `${title} failed (exit status ${status}); what '${command} ${args.join(' ')}' printed is above. ` +
      'Mend it and run the same command again.',
  )
}

/**
 * `npm --silent run ...` asks its children for silence too: then a failing step would have nothing to show.
 * @param {NodeJS.ProcessEnv} env
 */
function audible(env) {
  return { ...env, npm_config_loglevel: 'notice' }
}
