import type { DatagramOptions, DatagramPeer, DatagramSocket } from './datagram.js'
import { addonMissing, loadAddon } from './load-addon.js'
import { openFallback } from './open-fallback.js'
import { openNative } from './open-native.js'

/**
 * Opens a datagram socket.
 * @throws TypeError, RangeError for options that make no sense
 * @throws Error of the system, with `code` (`EADDRINUSE`, `EACCES`, `ENOENT`), `syscall` and `path` or `address`
 * @throws Error `ERR_POSIX_UNAVAILABLE` for a UNIX socket when the addon cannot be loaded
 */
export async function openDatagram<P extends DatagramPeer = DatagramPeer>(
  options: DatagramOptions<P>,
): Promise<DatagramSocket<P>> {
  assertOptions(options)
  const found = loadAddon()
  if ('addon' in found) return openNative(found.addon, options)
  if (options.bind.type === 'unix') throw addonMissing('a UNIX datagram socket')
  return openFallback(options)
}

function assertOptions(options: Pick<DatagramOptions, 'bind' | 'connect' | 'maxMessageBytes' | 'maxBatch'>): void {
  const { bind, connect, maxMessageBytes, maxBatch } = options
  assertWithin('maxMessageBytes', maxMessageBytes, 1, 2 ** 20)
  assertWithin('maxBatch', maxBatch, 1, 1024)
  if (bind.type === 'fd') {
    assertWithin('bind.fd', bind.fd, 0, 2 ** 31 - 1)
    return
  }
  if (bind.type !== 'unix') assertWithin('bind.port', bind.port, 0, 65_535)
  if (connect === undefined) return
  if (connect.type !== bind.type) {
    throw new TypeError(`openDatagram(): a ${bind.type} socket cannot be connected to a ${connect.type} address`)
  }
  if (connect.type !== 'unix') assertWithin('connect.port', connect.port, 1, 65_535)
}

function assertWithin(name: string, value: number | undefined, low: number, high: number): void {
  if (value === undefined || (Number.isInteger(value) && value >= low && value <= high)) return
  throw new RangeError(`openDatagram(): ${name} must be an integer from ${low} to ${high}, not ${value}`)
}
