import { isIPv4, isIPv6 } from 'node:net'
import type { Addon } from './addon.js'
import type { DatagramAddress } from './datagram.js'

/**
 * The system's form of an address (`struct sockaddr`).
 * @throws RangeError for a UNIX path that is too long, TypeError for one with a NUL in it and for anything but an IP address of its
 * type
 */
export function toSockaddr(addon: Addon, address: DatagramAddress): Uint8Array {
  if (address.type === 'unix') {
    // The system would take what is before it for the path.
    if (address.path.indexOf('\0') > 0) {
      throw new TypeError(`a UNIX socket path cannot hold a NUL: ${JSON.stringify(address.path)}`)
    }
    const sockaddr = addon.unixAddress(address.path)
    if (sockaddr !== undefined) return sockaddr
    throw new RangeError(`a UNIX socket path must have at most 107 bytes: ${address.path}`)
  }
  const isOfType = address.type === 'udp4' ? isIPv4 : isIPv6
  const sockaddr = isOfType(address.address) ? addon.ipAddress(address.address, address.port) : undefined
  if (sockaddr === undefined) {
    throw new TypeError(`'${address.address}' is not an ${address.type === 'udp4' ? 'IPv4' : 'IPv6'} address`)
  }
  return sockaddr
}

/** For messages. */
export function describe(address: DatagramAddress): string {
  return address.type === 'unix' ? address.path : `${address.type} ${address.address} port ${address.port}`
}
