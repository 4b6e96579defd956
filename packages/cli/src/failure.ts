import { type CommandError, ErrorCode, isCommandError, isMiError } from '@mi/contract'
import { printable, printableJson } from './output/printable.js'
import type { Style } from './output/style.js'
import type { Server } from './server/server.js'
import { UsageError } from './usage-error.js'

/** Ended well. */
export const ok = 0
/** The server answered an error. */
export const refused = 1
/** The server could not be asked, or its answer not be understood. */
export const notAsked = 2

/** How a command ends. */
export type Status = typeof ok | typeof refused | typeof notAsked

/** What went wrong, for the user. */
export interface Failure {
  readonly status: Status
  /** The first line says what, those behind it what to do. */
  readonly lines: readonly string[]
}

/**
 * Says in plain words what an error means.
 * @param server the one that was asked, if any was
 * @throws the error itself when it is none that is expected
 */
export function failureOf(error: unknown, server?: Server): Failure {
  if (isCommandError(error)) return { status: refused, lines: [refusal(error.code, error.message, error.data)] }
  if (error instanceof UsageError) return { status: notAsked, lines: [error.message] }
  // The client refuses what no datagram can carry, over 65,457 octets for one, before anything is sent.
  if (error instanceof RangeError) return { status: notAsked, lines: [error.message] }
  if (!isMiError(error)) throw error
  const isLost = error.code === 'MI_CONNECTION' || error.code === 'MI_TIMEOUT'
  const lines = [error.message, ...(isLost && server !== undefined ? [asked(server)] : [])]
  return { status: notAsked, lines }
}

function refusal(code: number, message: string, data: unknown): string {
  const more = data === undefined ? '' : `: ${typeof data === 'string' ? data : printableJson(JSON.stringify(data))}`
  return `the server answered an error: ${message} (${code})${more}`
}

function asked({ url, origin }: Server): string {
  const where = url === 'fifo:' ? 'the FIFO at its usual place' : withoutPassword(url)
  return `Asked was ${where}, by ${origin}; another server: mi -u URL, or MI_URL, or ~/.opensips-cli.cfg`
}

/** A URL as it may be shown. A password may have an @ itself: the last one ends it. */
export function withoutPassword(url: string): string {
  return url.replace(/^(https?:\/\/)[^/?#]*@/, '$1')
}

/** A failure as it is printed on stderr. */
export function failureText({ lines }: Failure, style: Style): string {
  const [first = '', ...more] = lines.map((line) => printable(line))
  return `${[`${style.error('mi:')} ${first}`, ...more.map((line) => `    ${line}`)].join('\n')}\n`
}

/** Whether the parameters were wrong: then it helps to know the right ones. */
export function isParameterRefusal(error: unknown): boolean {
  return isCommandError(error, ErrorCode.InvalidParams)
}

/** Whether the server has no such command. */
export function isNameRefusal(error: unknown): error is CommandError {
  return isCommandError(error, ErrorCode.MethodNotFound)
}
