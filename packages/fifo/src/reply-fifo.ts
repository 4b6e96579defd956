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
  const stats = fstatSync(fd)
  if (stats.isFIFO() && stats.nlink === 1) return fd
  closeSync(fd)
  return 'not_a_fifo'
}

/** @returns how many octets went in now, 0 when the pipe is full; or what is wrong */
export function writeNow(fd: number, reply: Buffer | string): number | ReplyFault {
  try {
    return typeof reply === 'string' ? writeSync(fd, reply) : writeSync(fd, reply)
  } catch (error) {
    const code = codeOf(error)
    if (code === 'EAGAIN') return 0
    return code === 'EPIPE' ? 'reader_gone' : 'reply_failed'
  }
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
}
