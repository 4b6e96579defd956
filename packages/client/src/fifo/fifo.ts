import { type ClientTransport, MiError } from '@mi/contract'
import { type FindPosix, findPosix } from '../find-posix.js'
import { FifoTransport } from './fifo-transport.js'
import { type FifoTransportOptions, resolveFifoOptions } from './options.js'

export type { FifoTransportOptions } from './options.js'

/**
 * Carries a client's requests over the FIFO file of mi_fifo, that of OpenSIPS or of `@mi/fifo`. Nothing is opened
 * before the first request.
 * @throws MiError `MI_UNSUPPORTED` on Windows, which has no FIFO files
 * @throws TypeError for a path that is none, RangeError for a number or length out of bounds
 */
export function fifo(options: FifoTransportOptions = {}): ClientTransport {
  return fifoTransport(options, findPosix)
}

/** The same with another way to `@mi/posix`. */
export function fifoTransport(options: FifoTransportOptions, find: FindPosix): ClientTransport {
  if (process.platform === 'win32') {
    throw new MiError('MI_UNSUPPORTED', 'fifo(): Windows has no FIFO files; use a transport over the network')
  }
  return new FifoTransport(resolveFifoOptions(options), find)
}
