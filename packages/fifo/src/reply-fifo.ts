import { closeSync, constants, fstatSync, openSync, writeSync } from 'node:fs'

/** Why a reply FIFO cannot be written to. */
export type ReplyFault = 'no_reply_fifo' | 'no_reader' | 'not_a_fifo' | 'reader_gone' | 'reply_failed'

const FLAGS = constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW | constants.O_NOCTTY

/**
 * Opens a reply FIFO without waiting and without following links. It must be a FIFO with one link: neither a file that a
 * reply would overwrite, nor another user's FIFO under a second name.
 * @returns the descriptor, or why there is none
 */
export function openReplyFifo(path: string): number | ReplyFault {
  let fd: number
  try {
    fd = openSync(path, FLAGS)
  } catch (error) {
    return openFault(error)
  }
  const stats = fstatSync(fd)
  if (stats.nlink === 1 && (stats.mode & constants.S_IFMT) === constants.S_IFIFO) return fd
  closeSync(fd)
  return 'not_a_fifo'
}

/** @returns how many octets went in now, 0 when the pipe is full; or what is wrong */
export function writeNow(fd: number, reply: Buffer): number | ReplyFault {
  try {
    return writeSync(fd, reply)
  } catch (error) {
    return writeFault(error)
  }
}

/** As `writeNow`, for a text: the system call takes it as UTF-8. */
export function writeTextNow(fd: number, reply: string): number | ReplyFault {
  try {
    return writeSync(fd, reply)
  } catch (error) {
    return writeFault(error)
  }
}

// Apart from the functions above, which run for every reply and are the faster the smaller they are.

function openFault(error: unknown): ReplyFault {
  switch (codeOf(error)) {
    case 'ENXIO':
      return 'no_reader'
    case 'ENOENT':
      return 'no_reply_fifo'
    case 'ELOOP':
    case 'EISDIR':
      return 'not_a_fifo'
    default:
      return 'reply_failed'
  }
}

function writeFault(error: unknown): 0 | ReplyFault {
  const code = codeOf(error)
  if (code === 'EAGAIN') return 0
  return code === 'EPIPE' ? 'reader_gone' : 'reply_failed'
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
}
