import { isIP } from 'node:net'
import { type DatagramLimits, type ResolvedLimits, resolveLimits } from '../datagram/options.js'

/** Where the server is, and how much may be under way. */
export interface UdpTransportOptions extends DatagramLimits {
  /** A host name or an IP address (the host in mi_datagram's `socket_name`, `udp:host:port`). @default '127.0.0.1' */
  readonly host?: string | undefined
  /** The port there: 1 to 65535. */
  readonly port: number
  /**
   * How many calls may be in flight at once; further calls wait in order. What the buffers of either end cannot hold is
   * lost, and default ones hold some 270 small datagrams. @default 128
   */
  readonly maxConcurrent?: number | undefined
}

export interface ResolvedUdpOptions {
  readonly host: string
  readonly port: number
  readonly limits: ResolvedLimits
}

/** The most that a datagram over IPv4 carries: 65535 octets less the headers of IP and UDP. */
const maxPayloadBytes = 65_507

/** @throws TypeError for a host that is none, RangeError for a number out of bounds */
export function resolveUdpOptions(options: UdpTransportOptions): ResolvedUdpOptions {
  const given: Partial<UdpTransportOptions> | null | undefined = options
  const { host = '127.0.0.1', port } = given ?? {}
  if (typeof host !== 'string' || !isHost(host)) {
    throw new TypeError(`udp(): host must be a host name or an IP address without port, not ${JSON.stringify(host)}`)
  }
  if (typeof port !== 'number' || !Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new RangeError(`udp(): port must be a whole number from 1 to 65535, not ${String(port)}`)
  }
  const bounds = { maxRequestBytes: maxPayloadBytes, maxConcurrent: 128 }
  return { host: host.replace(/^\[(.*)\]$/, '$1'), port, limits: resolveLimits('udp()', options, bounds) }
}

/** `localhost`, `192.0.2.1`, `::1` and `[::1]`; nothing that looks like a URL or has a port. */
function isHost(text: string): boolean {
  const bare = text.replace(/^\[(.*)\]$/, '$1')
  return bare === text ? isIP(text) !== 0 || /^[^\s:/[\]]+$/.test(text) : isIP(bare) === 6
}
