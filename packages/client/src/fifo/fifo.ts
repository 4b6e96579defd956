import { type ClientTransport, MiError } from '@mi/contract'
import { FifoTransport } from './fifo-transport.js'
import { type FifoTransportOptions, resolveFifoOptions } from './options.js'

export type { FifoTransportOptions } from './options.js'

/**
 * Carries a client's requests over the FIFO file of mi_fifo, that of OpenSIPS or of `@mi/fifo`. Nothing is opened
 * before the first request.
 * @throws MiError `MI_UNSUPPORTED` on Windows, which has no FIFO files
 * @throws TypeError for an unknown option or a wrong path, RangeError for a number or length out of bounds
 */
export function fifo(options: FifoTransportOptions = {}): ClientTransport {
  if (process.platform === 'win32') {
    throw new MiError('MI_UNSUPPORTED', 'fifo(): Windows has no FIFO files; use a transport over the network')
  }
  return new FifoTransport(resolveFifoOptions(options))
}
