import { type ChildProcess, fork } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { deserialize, serialize } from 'node:v8'
import { type ChildrenOptions, MiError } from '@mi/contract'
import type { OwnProcess, SharedOptions } from '@mi/core'
import { errorText } from '@mi/internal/error-text'
import type { Configuration } from './channel.js'

/** Number, in the child, of the first descriptor that it inherits: after the standard streams and the channel. */
const FIRST_DESCRIPTOR = 4

/** How long a process that has exited may have messages on their way. */
const LAST_MESSAGES_MS = 1_000

/** Options of Node.js that are for the main program alone: what it evaluates, the port of its debugger. */
const OWN_OPTION =
  /^(?:--inspect(?:-|=|$)|--debug-port|--input-type|--watch(?:-|=|$)|--test(?:-|=|$)|--check$|--interactive$|-c$|-i$)/

/** Options of the main program alone whose value is the next argument. */
const OWN_OPTION_WITH_VALUE = /^(?:--eval|--print|-e|-p|-pe|--input-type|--inspect-port|--debug-port|--watch-path)$/

/** The program that children run; it stands beside this code once the package is built. A bundle in CommonJS has no URL. */
const PROGRAM = URL.canParse('./child.js', import.meta.url) ? new URL('./child.js', import.meta.url) : undefined

/** What is the same for all children of a transport. */
export type SharedConfiguration = Omit<Configuration, 'index' | 'level'>

/** How a child process ended. */
export interface ProcessEnd {
  readonly code: number | null
  readonly signal: string | null
  /** Why it was never started. */
  readonly error: Error | undefined
}

/**
 * The configuration of the children of a transport, as a copy.
 * @param group statistics group of the transport
 * @throws TypeError for `modules` that are not a URL, or options that are not plain data
 * @throws RangeError for a count below 1, or a number that is not a descriptor
 */
export function sharedConfiguration(
  group: string,
  { count, descriptors, modules, transport, options }: ChildrenOptions,
  { startedAt, args }: Pick<OwnProcess, 'startedAt' | 'args'>,
  engine: SharedOptions,
): SharedConfiguration {
  if (!(Number.isInteger(count) && count >= 1)) {
    throw new RangeError(`startChildren(): count must be an integer from 1 up, not ${count}`)
  }
  for (const descriptor of descriptors) {
    if (Number.isInteger(descriptor) && descriptor >= 0) continue
    throw new RangeError(`startChildren(): ${descriptor} is not a descriptor that a child could inherit`)
  }
  return copied({
    modules: moduleUrl(modules),
    transport: transport.href,
    options,
    descriptors: descriptors.map((_descriptor, index) => FIRST_DESCRIPTOR + index),
    group,
    startedAt,
    args,
    engine,
  })
}

function moduleUrl(modules: URL | string): string {
  if (URL.canParse(String(modules))) return String(modules)
  throw new TypeError(
    `the modules of the children must be a URL such as new URL('./commands.js', import.meta.url), not '${modules}'`,
  )
}

function copied<T>(configuration: T): T {
  try {
    return deserialize(serialize(configuration))
  } catch (cause) {
    throw new TypeError(`child processes can only be given plain data: ${errorText(cause)}`, { cause })
  }
}

/**
 * The URL of the program that children run.
 * @throws MiError `MI_UNSUPPORTED` when it is not there
 */
export function childProgram(): URL {
  if (PROGRAM !== undefined && existsSync(PROGRAM)) return PROGRAM
  throw new MiError(
    'MI_UNSUPPORTED',
    `child processes run ${PROGRAM === undefined ? 'child.js of @mi/processes' : fileURLToPath(PROGRAM)}, which is not ` +
      'there: @mi/processes must be installed as it was published, not bundled into another file',
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
    // Carries what JSON does not, such as limits of Infinity.
    serialization: 'advanced',
    execArgv: childExecArgv(process.execArgv),
    env: NODE_OPTIONS === undefined ? process.env : { ...process.env, NODE_OPTIONS: childNodeOptions(NODE_OPTIONS) },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc', ...descriptors],
  })
}

/**
 * The options of Node.js that a child gets of those that its parent runs with: all but what would start the parent's program,
 * or a second debugger on the same port.
 */
export function childExecArgv(execArgv: readonly string[]): string[] {
  return execArgv.filter((argument, index) => {
    if (OWN_OPTION.test(argument) || OWN_OPTION_WITH_VALUE.test(argument)) return false
    return !OWN_OPTION_WITH_VALUE.test(execArgv[index - 1] ?? '')
  })
}

/** `NODE_OPTIONS` without those of the debugger. */
export function childNodeOptions(options: string): string {
  return options.replaceAll(/(?<=^|\s)--inspect(?:-[a-z-]+)?(?:=\S+)?(?=\s|$)/g, '').trim()
}

/** Resolves when a process has ended and what it had sent before has arrived. */
export async function processEnd(child: ChildProcess): Promise<ProcessEnd> {
  const end = await new Promise<ProcessEnd>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal, error: undefined }))
    child.on('error', (error) => {
      // Without a pid it was never started, and 'exit' does not come. Else a message could not be sent, and 'exit' comes.
      if (child.pid === undefined) resolve({ code: null, signal: null, error })
    })
  })
  if (child.connected) await disconnected(child)
  return end
}

/** 'exit' may come before the last messages; 'disconnect' comes after them. */
function disconnected(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, LAST_MESSAGES_MS)
    child.once('disconnect', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}
