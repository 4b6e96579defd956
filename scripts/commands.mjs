import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { root } from './workspace.mjs'

/** @typedef {{ cwd?: string, env?: NodeJS.ProcessEnv }} Options cwd defaults to the top folder of the repository */

/**
 * Runs a command with this terminal as its input and output.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {Options} [options]
 * @throws {Error} when it fails
 */
export async function run(command, args, { cwd = root, env = process.env } = {}) {
  const [status, signal] = await once(spawn(command, args, { cwd, env, stdio: 'inherit' }), 'exit')
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${signal ?? `exit status ${status}`}`)
}

/**
 * Runs a command without input.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {Options} [options]
 * @returns {Promise<string>} what it printed
 * @throws {Error} with what it printed, when it fails
 */
export async function outputOf(command, args, { cwd = root, env = process.env } = {}) {
  const done = promisify(execFile)(command, args, { cwd, env, maxBuffer: 64 * 1024 * 1024 })
  done.child.stdin?.end()
  const { stdout, stderr } = await done.catch(({ message, stdout = '', stderr = '' }) => {
    throw new Error(`${message}\n${stdout}${stderr}`)
  })
  return stdout + stderr
}

/**
 * Runs work with a temporary directory, which is removed when the work ends or fails. Ctrl-C and SIGTERM end the command that
 * is running; its failure ends the work.
 * @template T
 * @param {(directory: string) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withTemporaryDirectory(work) {
  const stay = () => {}
  process.on('SIGINT', stay).on('SIGTERM', stay)
  const directory = await mkdtemp(join(tmpdir(), 'mi-scripts-'))
  try {
    return await work(directory)
  } finally {
    await rm(directory, { recursive: true, force: true })
    process.off('SIGINT', stay).off('SIGTERM', stay)
  }
}

/**
 * The environment without the variables that `npm run` sets, which would make another npm work on the repository.
 * @param {NodeJS.ProcessEnv} [more] wins
 * @returns {NodeJS.ProcessEnv}
 */
export function cleanEnvironment(more = {}) {
  const own = Object.entries(process.env).filter(([name]) => !/^npm_|^NODE_ENV$|^INIT_CWD$/i.test(name))
  return { ...Object.fromEntries(own), ...more }
}
