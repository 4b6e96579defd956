import { type ChildProcess, fork } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { MiError } from '@mi/contract'
import { childExecArgv, childNodeOptions } from './exec-argv.js'

/** Number, in the child, of the first descriptor that it inherits: after the standard streams and the channel. */
const FIRST_DESCRIPTOR = 4

/** The program that children run; it stands beside this code once the package is built. A bundle in CommonJS has no URL. */
const program = URL.canParse('./child.js', import.meta.url) ? new URL('./child.js', import.meta.url) : undefined

/** The numbers that inherited descriptors have in the child. */
export function inheritedNumbers(descriptors: readonly number[]): number[] {
  return descriptors.map((_descriptor, index) => FIRST_DESCRIPTOR + index)
}

/**
 * The URL of the program that children run.
 * @throws MiError `MI_UNSUPPORTED` when it is not there
 */
export function childProgram(): URL {
  if (program !== undefined && existsSync(program)) return program
  throw new MiError(
    'MI_UNSUPPORTED',
    `child processes run ${program === undefined ? 'child.js of @mi/core' : fileURLToPath(program)}, which is not there: ` +
      '@mi/core must be installed as it was published, not bundled into another file',
  )
}

/**
 * Starts a child process, which inherits the descriptors and shares the standard output.
 * @param title for those who list the system's processes
 * @throws MiError `MI_UNSUPPORTED` when the children's program is not there; what the system says when it cannot start one
 */
export function forkChild(title: string, descriptors: readonly number[]): ChildProcess {
  const { NODE_OPTIONS } = process.env
  return fork(childProgram(), [title], {
    execArgv: childExecArgv(process.execArgv),
    env: NODE_OPTIONS === undefined ? process.env : { ...process.env, NODE_OPTIONS: childNodeOptions(NODE_OPTIONS) },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc', ...descriptors],
  })
}
