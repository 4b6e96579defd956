import { ErrorCode, isCommandError, isMiError } from '@mi/contract'
import { exactJson } from './output/exact-number.js'
import { printable, printableJson } from './printable.js'
import { type Style, styleOf, type Terminal } from './terminal.js'

/** All went well. */
export const OK = 0
/** The server answered an error. */
export const REFUSED = 1
/** The server could not be asked, or its reply could not be understood. */
export const FAILED = 2

/** How a command ends: the exit status. */
export type Status = typeof OK | typeof REFUSED | typeof FAILED

/** A mistake of the user, found before a server is asked: in an argument or in the configuration. Ends `mi` with status 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
  /** What to do, each on a line below the message. */
  readonly advice: readonly string[]

  constructor(
    message: string,
    { advice = [], ...options }: ErrorOptions & { readonly advice?: readonly string[] } = {},
  ) {
    super(message, options)
    this.advice = advice
  }
}

/** What went wrong, for the user. */
export interface Failure {
  readonly status: Status
  /** The first line says what happened, the others what to do. */
  readonly lines: readonly string[]
}

/** The server that was asked, for messages. */
export interface AskedServer {
  /** Its URL, without a password. */
  readonly shown: string
  /** Where the choice came from: `-u`, a file. */
  readonly origin: string
}

/**
 * Explains an error.
 * @throws the error itself when it is a fault of `mi`
 */
export function failureOf(error: unknown, server?: AskedServer): Failure {
  if (isCommandError(error)) return { status: REFUSED, lines: [refusal(error.code, error.reason, error.data)] }
  if (error instanceof UsageError) return { status: FAILED, lines: [error.message, ...error.advice] }
  // The client refuses a request that is too long for a datagram (65,457 bytes) before it sends anything.
  if (error instanceof RangeError) return { status: FAILED, lines: [inWordsOfCli(error.message)] }
  if (!isMiError(error)) throw error
  const isLost = error.code === 'MI_CONNECTION' || error.code === 'MI_TIMEOUT'
  const lines = [inWordsOfCli(error.message), ...(isLost && server !== undefined ? [tried(server)] : [])]
  return { status: FAILED, lines }
}

function refusal(code: number, message: string, data: unknown): string {
  const more = data === undefined ? '' : `: ${typeof data === 'string' ? data : printableJson(exactJson(data))}`
  return `the server answered an error: ${message} (${code})${more}`
}

function tried({ shown, origin }: AskedServer): string {
  return `Tried ${shown} (from ${origin}). To use another server, pass -u URL, set MI_URL, or edit ~/.opensips-cli.cfg`
}

/** What the options and functions of the client are called in a terminal. */
const CLI_WORDS: readonly (readonly [option: RegExp, words: string])[] = [
  [/\b(?:as )?fifoName\b/g, 'with -u fifo:PATH'],
  [/\bas path\b/g, 'with -u unix:PATH'],
  [/\bgive that as url\b/g, 'give that with -u'],
  [/\bas url\b/g, 'with -u http://HOST:PORT/mi'],
  [/\breplyDir\b/g, '--reply-dir'],
  [/ \((?:replyMode|max[A-Z]\w+)\)/g, ''],
  [/\blower maxConcurrent\b/g, 'make fewer calls at once'],
  [/\btimeoutMs\b/g, '--timeout'],
  [/\ba longer time limit\b/g, 'a longer --timeout'],
  [/, and set announce to the address that the server can reach/g, ' with --listen'],
  [/(?:; )?\bsee the cause$/, ''],
  [/\blower maxRequestBytes\b/g, 'send less at once'],
  [/\b(?:as )?tls\.ca\b/g, 'with --ca FILE'],
  [/, and the name it is for as tls\.servername/g, ', and use the host name that it is for'],
  [/\bunix\(\) needs\b/g, 'unix: needs'],
  [/\bunix\(\) cannot\b/g, 'unix: cannot'],
  [/\buse udp\(\)/g, 'use udp:HOST:PORT'],
  [/\b(?:fifo|unix|udp|http|createClient)\(\): /g, ''],
]

/** A message of the client, which names its own options. */
export function inWordsOfCli(message: string): string {
  return CLI_WORDS.reduce((text, [option, words]) => text.replace(option, words), message)
}

/** A failure as it is printed on stderr. */
export function failureText({ lines }: Failure, style: Style, where = ''): string {
  const [first = '', ...more] = lines.map((line) => printable(line))
  return `${[`${style.error('mi:')} ${where}${first}`, ...more.map((line) => `    ${line}`)].join('\n')}\n`
}

/**
 * Prints a failure on stderr; in a script with the line that it is from.
 * @returns the exit status
 */
export function printFailure(
  failure: Failure,
  { stderr, env, line }: Pick<Terminal, 'stderr' | 'env' | 'line'>,
): Status {
  const where = line === undefined ? '' : `line ${line}: `
  stderr.write(failureText(failure, styleOf(stderr, env), where))
  return failure.status
}

/** Whether the parameters were wrong. */
export function isParameterRefusal(error: unknown): boolean {
  return isCommandError(error, ErrorCode.InvalidParams)
}

/** Whether the server has no such command. */
export function isNameRefusal(error: unknown): boolean {
  return isCommandError(error, ErrorCode.MethodNotFound)
}
