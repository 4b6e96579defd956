import { closeSync, constants, fstatSync, openSync, writeFileSync, writeSync } from 'node:fs'
import { constants as system } from 'node:os'
import { getSystemErrorName } from 'node:util'

/** Why replies are dropped. The README's table lists them. */
export const REPLY_DROPS = [
  'no_reply_fifo',
  'no_reader',
  'not_a_fifo',
  'reader_gone',
  'reader_stalled',
  'reply_failed',
  'too_many_open',
  'too_many_pending',
  'closed',
] as const

/** Why a reply is given up, and the system's error if there is one. */
export interface ReplyFault {
  readonly reason: (typeof REPLY_DROPS)[number]
  /** `EACCES`. */
  readonly error?: string
}

/**
 * Writes a text of at most `PIPE_BUF` bytes to the FIFO under a path: all of it or nothing. `writeFifo` of `@mi/posix`
 * or the one below.
 * @returns from zero up when it is written; or below zero the error number
 */
export type WriteFifo = (path: string, text: string | Uint8Array) => number

const { EAGAIN, EINVAL, EIO, EISDIR, ELOOP, EMFILE, ENFILE, ENOENT, ENXIO, EPIPE } = system.errno

/** The pipe has no room: an error number that is not a fault. */
export const FULL: number = -EAGAIN

/** How many bytes a pipe takes in one piece. Linux has more than the 512 that POSIX asks for and macOS has. */
export const PIPE_BUF: number = process.platform === 'linux' ? 4_096 : 512

const FLAGS = constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW | constants.O_NOCTTY
const { S_IFMT, S_IFIFO } = constants

/** The default, which Node.js would make anew for each call. */
const PLAIN = { bigint: false } as const

/** @param failure below zero: the error number */
export function faultOf(failure: number): ReplyFault {
  return { reason: reasonOf(failure), error: getSystemErrorName(failure) }
}

function reasonOf(failure: number): ReplyFault['reason'] {
  switch (-failure) {
    case ENXIO:
      return 'no_reader'
    case ENOENT:
      return 'no_reply_fifo'
    case EINVAL:
    case ELOOP:
    case EISDIR:
      return 'not_a_fifo'
    case EPIPE:
      return 'reader_gone'
    case EMFILE:
    case ENFILE:
      return 'too_many_open'
    default:
      return 'reply_failed'
  }
}

/** Opens the reply FIFOs that stay open for a while, and never more than so many: others need descriptors too. */
export class OpenReplyFifos {
  private count = 0

  constructor(private readonly max: number) {}

  /** As `openReplyFifo`; EMFILE when too many are open. */
  open(path: string): number {
    if (this.count >= this.max) return -EMFILE
    const fd = openReplyFifo(path)
    if (fd >= 0) this.count++
    return fd
  }

  close(fd: number): void {
    closeSync(fd)
    this.count--
  }

  /** One of them was closed by the socket that it was handed to. */
  forget(): void {
    this.count--
  }
}

/** `WriteFifo` by what Node.js has: it leaves JavaScript four times, that of @mi/posix once. */
export function writeFifo(path: string, text: string | Uint8Array): number {
  const fd = openReplyFifo(path)
  if (fd < 0) return fd
  const written = writeText(fd, text)
  closeSync(fd)
  return written
}

/**
 * Opens a reply FIFO without waiting and without following links. It must be a FIFO with one link: neither a file that a
 * reply would overwrite, nor another user's FIFO under a second name.
 * @returns the descriptor, or below zero the error number; EINVAL for anything else
 */
function openReplyFifo(path: string): number {
  let fd: number
  try {
    fd = openSync(path, FLAGS)
  } catch (error) {
    return errnoOf(error)
  }
  const { nlink, mode } = fstatSync(fd, PLAIN)
  return nlink === 1 && (mode & S_IFMT) === S_IFIFO ? fd : refuse(fd)
}

/** @returns how many bytes went in now; or below zero the error number */
export function writeNow(fd: number, reply: Buffer): number {
  try {
    return writeSync(fd, reply)
  } catch (error) {
    return errnoOf(error)
  }
}

function writeText(fd: number, text: string | Uint8Array): number {
  try {
    // In Node.js 20 the shortest way from a string to write(2); for small texts the ways differ by a tenth of a reply's cost.
    writeFileSync(fd, text)
    return 0
  } catch (error) {
    return errnoOf(error)
  }
}

// Not part of the functions above, which run for every reply: the compiler inlines functions up to a certain size only.

function refuse(fd: number): number {
  closeSync(fd)
  return -EINVAL
}

/** Errors of node:fs carry the number, below zero. */
function errnoOf(error: unknown): number {
  const known = typeof error === 'object' && error !== null && 'errno' in error && typeof error.errno === 'number'
  return known && Number(error.errno) < 0 ? Number(error.errno) : -EIO
}
