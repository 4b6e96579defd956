import { closeSync, constants, fstatSync, openSync, writeFileSync, writeSync } from 'node:fs'
import { constants as system } from 'node:os'

/** Why a reply FIFO cannot be written to. */
export type ReplyFault = 'no_reply_fifo' | 'no_reader' | 'not_a_fifo' | 'reader_gone' | 'reply_failed'

/**
 * Writes a text of no more than `PIPE_BUF` octets to the FIFO under a path: all of it or nothing. `writeFifo` of `@mi/posix`
 * or the one below.
 * @returns from zero up when it is written; or below zero the error number
 */
export type WriteFifo = (path: string, text: string) => number

const { EAGAIN, EINVAL, EIO, EISDIR, ELOOP, ENOENT, ENXIO, EPIPE } = system.errno

/** The pipe has no room: an error number that is no fault. */
export const FULL: number = -EAGAIN

/** How many octets a pipe takes in one piece. Linux has more than the 512 that POSIX asks for and macOS has. */
export const PIPE_BUF: number = process.platform === 'linux' ? 4_096 : 512

const FLAGS = constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW | constants.O_NOCTTY
const { S_IFMT, S_IFIFO } = constants

/** The default, which Node.js would make anew for each call. */
const PLAIN = { bigint: false } as const

/** Failures are error numbers, where a descriptor or a count of octets is none: one type is faster than two. */
export function faultOf(failure: number): ReplyFault {
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
    default:
      return 'reply_failed'
  }
}

/** `WriteFifo` by what Node.js has: it leaves JavaScript four times, that of @mi/posix once. */
export function writeFifo(path: string, text: string): number {
  const fd = openReplyFifo(path)
  if (fd < 0) return fd
  const written = writeText(fd, text)
  closeSync(fd)
  return written
}

/**
 * Opens a reply FIFO without waiting and without following links. It must be a FIFO with one link: neither a file that a
 * reply would overwrite, nor another user's FIFO under a second name.
 * @returns the descriptor, or below zero the error number; EINVAL for what is no such FIFO
 */
export function openReplyFifo(path: string): number {
  let fd: number
  try {
    fd = openSync(path, FLAGS)
  } catch (error) {
    return errnoOf(error)
  }
  const { nlink, mode } = fstatSync(fd, PLAIN)
  return nlink === 1 && (mode & S_IFMT) === S_IFIFO ? fd : refuse(fd)
}

/** @returns how many octets went in now; or below zero the error number */
export function writeNow(fd: number, reply: Buffer): number {
  try {
    return writeSync(fd, reply)
  } catch (error) {
    return errnoOf(error)
  }
}

function writeText(fd: number, text: string): number {
  try {
    // In Node.js 20 the shortest way from a string to write(2); for small texts the ways differ by a tenth of a reply's cost.
    writeFileSync(fd, text)
    return 0
  } catch (error) {
    return errnoOf(error)
  }
}

// Apart from the functions above, which run for every reply: the compiler inlines no more than fits a certain size.

function refuse(fd: number): number {
  closeSync(fd)
  return -EINVAL
}

/** Errors of node:fs carry the number, below zero. */
function errnoOf(error: unknown): number {
  const known = typeof error === 'object' && error !== null && 'errno' in error && typeof error.errno === 'number'
  return known && Number(error.errno) < 0 ? Number(error.errno) : -EIO
}
