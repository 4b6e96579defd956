import { closeSync, constants, fstatSync, openSync, writeFileSync, writeSync } from 'node:fs'

/** Why a reply FIFO cannot be written to. */
export type ReplyFault = 'no_reply_fifo' | 'no_reader' | 'not_a_fifo' | 'reader_gone' | 'reply_failed'

const FLAGS = constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW | constants.O_NOCTTY
const { S_IFMT, S_IFIFO } = constants

/** The default, which Node.js would make anew for each call. */
const PLAIN = { bigint: false } as const

/** A fault as a number below zero, where a descriptor or a count of octets is none: one type is faster than two. */
const faults: readonly ReplyFault[] = ['no_reply_fifo', 'no_reader', 'not_a_fifo', 'reader_gone', 'reply_failed']

const codes = (fault: ReplyFault): number => -1 - faults.indexOf(fault)
const NOT_A_FIFO = codes('not_a_fifo')

/** @param code below zero, from one of the functions below */
export function faultOf(code: number): ReplyFault {
  return faults[-1 - code] ?? 'reply_failed'
}

/**
 * Opens a reply FIFO without waiting and without following links. It must be a FIFO with one link: neither a file that a
 * reply would overwrite, nor another user's FIFO under a second name.
 * @returns the descriptor, or below zero why there is none
 */
export function openReplyFifo(path: string): number {
  let fd: number
  try {
    fd = openSync(path, FLAGS)
  } catch (error) {
    return openFault(error)
  }
  const { nlink, mode } = fstatSync(fd, PLAIN)
  return nlink === 1 && (mode & S_IFMT) === S_IFIFO ? fd : refuse(fd)
}

/** @returns how many octets went in now, 0 when the pipe is full; or below zero what is wrong */
export function writeNow(fd: number, reply: Buffer): number {
  try {
    return writeSync(fd, reply)
  } catch (error) {
    return writeFault(error)
  }
}

/**
 * Writes a text of no more than PIPE_BUF octets, which go in all together or not at all.
 * @returns above zero when it is written, 0 when the pipe is full; or below zero what is wrong
 */
export function writeSmallNow(fd: number, reply: string): number {
  try {
    // In Node.js 20 the shortest way from a string to write(2); for small texts the ways differ by a tenth of a reply's cost.
    writeFileSync(fd, reply)
    return 1
  } catch (error) {
    return writeFault(error)
  }
}

// Apart from the functions above, which run for every reply: the compiler inlines no more than fits a certain size.

function refuse(fd: number): number {
  closeSync(fd)
  return NOT_A_FIFO
}

function openFault(error: unknown): number {
  switch (codeOf(error)) {
    case 'ENXIO':
      return codes('no_reader')
    case 'ENOENT':
      return codes('no_reply_fifo')
    case 'ELOOP':
    case 'EISDIR':
      return NOT_A_FIFO
    default:
      return codes('reply_failed')
  }
}

function writeFault(error: unknown): number {
  const code = codeOf(error)
  if (code === 'EAGAIN') return 0
  return codes(code === 'EPIPE' ? 'reader_gone' : 'reply_failed')
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
}
