import { isIP } from 'node:net'
import type { ClientTransport } from '@mi/contract'
import { OptionChecks, type OptionNames, shown } from '@mi/internal/options'
import { type DatagramLimits, resolveLimits } from '../datagram/datagram-message.js'
import { DatagramTransport } from '../datagram/datagram-transport.js'
import { endpoint, openUdpSocket } from './udp-socket.js'

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

const OPTIONS: OptionNames<UdpTransportOptions> = {
  host: true,
  port: true,
  maxConcurrent: true,
  maxRequestBytes: true,
  maxQueued: true,
  retries: true,
  retryMs: true,
}

/** The most that a datagram over IPv4 carries: 65535 bytes less the headers of IP and UDP. */
const MAX_PAYLOAD_BYTES = 65_507

/**
 * Carries a client's requests over UDP to mi_datagram, that of OpenSIPS or of `@mi/datagram`. Nothing is opened before
 * the first request. A transport is for one client.
 * @throws TypeError for an unknown option or a wrong host, RangeError for a port or number out of bounds
 */
export function udp(options: UdpTransportOptions): ClientTransport {
  const check = new OptionChecks('udp()')
  const { host: given = '127.0.0.1' } = check.known(options, OPTIONS)
  if (typeof given !== 'string' || !isHost(given)) {
    throw new TypeError(`udp(): host must be a host name or an IP address without port, not ${shown(given)}`)
  }
  const host = given.replace(/^\[(.*)\]$/, '$1')
  const port = check.integer('port', options.port, 1, 65_535)
  return new DatagramTransport({
    name: 'udp',
    address: endpoint(host, port),
    limits: resolveLimits(check, options, { maxRequestBytes: MAX_PAYLOAD_BYTES, maxConcurrent: 128 }),
    open: (events, signal) => openUdpSocket({ host, port }, events, signal),
    silence:
      'Nothing has come from there, and UDP does not say why: check host and port, the firewalls between, and that ' +
      'the server replies from the very address that was asked. A command that answers later, such as t_uac_dlg, needs a longer ' +
      'time limit',
  })
}

/** `localhost`, `192.0.2.1`, `::1` and `[::1]`; nothing that looks like a URL or has a port. */
function isHost(text: string): boolean {
  const bare = text.replace(/^\[(.*)\]$/, '$1')
  return bare === text ? isIP(text) !== 0 || /^[^\s:/[\]]+$/.test(text) : isIP(bare) === 6
}
