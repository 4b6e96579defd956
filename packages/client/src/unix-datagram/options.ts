import { join, resolve } from 'node:path'
import { type DatagramLimits, type ResolvedLimits, resolveLimits } from '../datagram/options.js'
import { newReplySocketName } from './reply-socket-name.js'

/** Where the server's socket is, and where its answers are to arrive. */
export interface UnixDatagramTransportOptions extends DatagramLimits {
  /** The server's socket (mi_datagram `socket_name`). */
  readonly path: string
  /** Where the reply socket is made: a directory that the server sees under the same path. @default '/tmp/' */
  readonly replyDir?: string | undefined
  /** Permission bits of the reply socket: the server's user must be able to write to it. @default 0o622 */
  readonly replyMode?: number | undefined
  /**
   * How many calls may be in flight at once; further calls wait in order. The queue of a UNIX socket holds some 10
   * datagrams, and OpenSIPS drops answers that find no room in it. @default 10
   */
  readonly maxConcurrent?: number | undefined
}

export interface ResolvedUnixDatagramOptions {
  readonly path: string
  readonly replyDir: string
  readonly replyMode: number
  readonly limits: ResolvedLimits
}

/** The system's `sun_path`, less its final zero. */
const maxPathBytes = process.platform === 'linux' ? 107 : 103

/** What is taken as a whole here, in octets. */
export const maxAnswerBytes = 65_535

/** @throws TypeError for a path that is none, RangeError for a number or length out of bounds */
export function resolveUnixDatagramOptions(options: UnixDatagramTransportOptions): ResolvedUnixDatagramOptions {
  const given: Partial<UnixDatagramTransportOptions> | null | undefined = options
  const path = resolvePath('path', given?.path)
  const replyDir = resolvePath('replyDir', given?.replyDir ?? '/tmp/')
  assertShort(`path ${path} is too long`, path)
  assertShort(`replyDir ${replyDir} is too long with the name of a reply socket`, join(replyDir, newReplySocketName()))
  const { replyMode = 0o622 } = options
  if (!Number.isInteger(replyMode) || replyMode < 0 || replyMode > 0o777) {
    throw new RangeError('unixDatagram(): replyMode must be permission bits, such as 0o622')
  }
  const bounds = { maxRequestBytes: maxAnswerBytes, maxConcurrent: 10 }
  return { path, replyDir, replyMode, limits: resolveLimits('unixDatagram()', options, bounds) }
}

/** Absolute from the start: a later change of the working directory must not lose a file. */
function resolvePath(option: string, path: unknown): string {
  if (typeof path !== 'string' || path === '' || path.includes('\0')) {
    throw new TypeError(`unixDatagram(): ${option} must be a path`)
  }
  return resolve(path)
}

function assertShort(problem: string, path: string): void {
  const length = Buffer.byteLength(path)
  if (length <= maxPathBytes) return
  throw new RangeError(`unixDatagram(): ${problem}: ${length} octets, and a UNIX socket takes ${maxPathBytes}`)
}
