import type { ClientTransport } from '@mi/contract'
import { DatagramTransport } from '../datagram/datagram-transport.js'
import { endpoint } from './endpoint.js'
import { resolveUdpOptions, type UdpTransportOptions } from './options.js'
import { openUdpLink } from './udp-link.js'

export type { UdpTransportOptions } from './options.js'

/**
 * Carries a client's requests over UDP to mi_datagram, that of OpenSIPS or of `@mi/datagram`. Nothing is opened before
 * the first request. A transport is for one client.
 * @throws TypeError for a host that is none, RangeError for a port or number out of bounds
 */
export function udp(options: UdpTransportOptions): ClientTransport {
  const { host, port, limits } = resolveUdpOptions(options)
  return new DatagramTransport({
    name: 'udp',
    address: endpoint(host, port),
    limits,
    open: (events, signal) => openUdpLink({ host, port }, events, signal),
    silence:
      'Nothing has come from there, and UDP does not tell why: check host and port, the firewalls between, and that ' +
      'the server answers from the very address that it was asked at',
  })
}
