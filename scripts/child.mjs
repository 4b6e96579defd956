import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { root } from './root.mjs'

/**
 * @typedef {{ status: number, output: string, interrupted: boolean }} Outcome status: as a shell has it, 128 and the
 *   number for a signal; interrupted: somebody pressed Ctrl-C or sent SIGTERM meanwhile
 * @typedef {{ env?: NodeJS.ProcessEnv, cwd?: string }} Options cwd defaults to the top folder of the repository
 */

/** What is kept of a quiet command's output. */
const maxOutputBytes = 4 * 1024 * 1024

/**
 * Runs a command with this terminal as its own.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {Options} [options]
 * @returns {Promise<number>} its exit status
 */
export async function runShown(command, args, options) {
  return (await run(command, args, 'inherit', options)).status
}

/**
 * Runs a command without input and keeps what it prints, the last 4 MiB of it.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {Options} [options]
 * @returns {Promise<Outcome>}
 */
export function runQuietly(command, args, options) {
  return run(command, args, ['ignore', 'pipe', 'pipe'], options)
}

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import('node:child_process').StdioOptions} stdio
 * @param {Options} [options]
 * @returns {Promise<Outcome>}
 */
function run(command, args, stdio, { env = process.env, cwd = root } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio })
    let output = ''
    let interrupted = false
    /** @param {Buffer} chunk */
    const keep = (chunk) => {
      output = (output + chunk).slice(-maxOutputBytes)
    }
    child.stdout?.on('data', keep)
    child.stderr?.on('data', keep)
    // Ctrl-C reaches the whole process group, `kill` this process alone. Either way the child decides when it is over.
    /** @param {NodeJS.Signals} signal */
    const pass = (signal) => {
      interrupted = true
      child.kill(signal)
    }
    process.on('SIGINT', pass).on('SIGTERM', pass)
    const settle = () => void process.off('SIGINT', pass).off('SIGTERM', pass)
    child.on('error', (error) => {
      settle()
      reject(error)
    })
    child.on('close', (code, signal) => {
      settle()
      resolve({ status: code ?? 128 + (signal === null ? 0 : constants.signals[signal]), output, interrupted })
    })
  })
}
