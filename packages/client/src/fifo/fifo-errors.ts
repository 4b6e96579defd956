import { type Stats, statSync } from 'node:fs'
import { MiError } from '@mi/contract'
import { errorCode, errorText } from '@mi/internal/error-text'

/** MAX_MI_FIFO_BUFFER of mi_fifo: what it reads at once, header and all (3.4 to 4.0). */
const MAX_OPENSIPS_BYTES = 4096

/** `:`, the name of a reply FIFO and `:`; the end of the line does not count (tried with 3.6.8 and 4.0.1). */
const HEADER_BYTES = 35

/** One path that could not be written to. */
export interface Attempt {
  readonly path: string
  readonly cause: unknown
  /** Undefined where it cannot be looked at. */
  readonly file: Stats | undefined
}

export function statOf(path: string): Stats | undefined {
  try {
    return statSync(path)
  } catch {
    // The message then does without.
    return undefined
  }
}

/**
 * `MI_CONNECTION`: what was tried, why each failed, and how to fix it. The cause is that of the path that came nearest
 * to a server.
 * @param uid the user of this process, where the platform has one
 */
export function connectionError(attempts: readonly Attempt[], uid = process.getuid?.()): MiError {
  const problems = attempts.map((attempt) => problem(attempt, uid))
  const nearest = attempts.findLast(({ cause }) => errorCode(cause) !== 'ENOENT') ?? attempts.at(-1)
  const message = `${problems.join(', and ')}; ${nearest === undefined ? 'no path was given' : remedy(nearest)}`
  return new MiError('MI_CONNECTION', message, { cause: nearest?.cause })
}

function problem({ path, cause, file }: Attempt, uid: number | undefined): string {
  const kind = file === undefined ? undefined : otherKind(file)
  if (kind !== undefined) return `${path} is ${kind}, not a FIFO`
  switch (errorCode(cause)) {
    case 'ENOENT':
      return `${path} does not exist`
    case 'ENXIO':
      return `no server reads ${path}`
    case 'EPIPE':
      return `the server stopped reading ${path} before it had the whole request`
    case 'EACCES':
    case 'EPERM':
      return `no permission to write to ${path} as user ${uid ?? 'of this process'}${file === undefined ? '' : owner(file)}`
    default:
      return `cannot write to ${path} (${errorText(cause)})`
  }
}

function remedy({ cause, file }: Attempt): string {
  if (file !== undefined && otherKind(file) !== undefined)
    return "give the fifo_name of the server's mi_fifo as fifoName"
  switch (errorCode(cause)) {
    case 'ENOENT':
    case 'ENXIO':
    case 'EPIPE':
      return 'start the server, or give the fifo_name of its mi_fifo as fifoName'
    case 'EACCES':
    case 'EPERM':
      return "run as its user or in its group, or change fifo_user, fifo_group or fifo_mode of the server's mi_fifo"
    case 'EMFILE':
    case 'ENFILE':
      return TOO_MANY_FILES
    default:
      return 'see the cause'
  }
}

/** Each call has its reply FIFO open. */
export const TOO_MANY_FILES =
  'there are as many open files as the system allows: lower maxConcurrent, or raise the limit (ulimit -n, LimitNOFILE of systemd)'

function owner({ uid, gid, mode }: Stats): string {
  return ` (it belongs to user ${uid} and group ${gid}, mode ${(mode & 0o7777).toString(8).padStart(4, '0')})`
}

function otherKind(file: Stats): string | undefined {
  if (file.isFIFO()) return undefined
  if (file.isSocket()) return 'a UNIX socket'
  if (file.isDirectory()) return 'a directory'
  return file.isFile() ? 'a regular file' : 'a device'
}

/**
 * Why no reply came, as far as that can be known, and what to check.
 * @param text the request
 * @param hasHeard whether replies came before: the reply directory is then the right one
 */
export function silenceHint(text: string, replyDir: string, hasHeard: boolean): string | undefined {
  const bytes = Buffer.byteLength(text) + HEADER_BYTES
  if (bytes > MAX_OPENSIPS_BYTES) {
    return (
      `The request has ${bytes} bytes with its header, and mi_fifo of OpenSIPS drops what has more than ` +
      `${MAX_OPENSIPS_BYTES}: use UDP, a UNIX socket or HTTP for such requests`
    )
  }
  if (hasHeard) return undefined
  // OpenSIPS puts the name right behind what reply_dir says.
  return (
    `No reply has come to ${replyDir}: that must be the reply_dir of the server's mi_fifo, which must end with '/' there; ` +
    'set replyDir (reply_dir in a URL). With PrivateTmp of systemd the server has another /tmp'
  )
}
