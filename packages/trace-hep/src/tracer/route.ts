import { isIP, isIPv4 } from 'node:net'
import type { IpEndpoint, MiPeer } from '@mi/contract'

/** The two ends of a command as its traces show them, addresses of one family. */
export interface Route {
  readonly srcIp: string
  readonly srcPort: number
  readonly dstIp: string
  readonly dstPort: number
}

/** What OpenSIPS shows on both sides of its FIFO, which has no addresses; here of every peer without. */
const SUBSTITUTE: Route = { srcIp: '127.0.0.2', srcPort: 0, dstIp: '127.0.0.2', dstPort: 0 }

/** The routes of peers. They are found out once for each peer object, for transports keep those. */
export class Routes {
  private readonly known = new WeakMap<MiPeer, Route>()

  of(peer: MiPeer): Route {
    const known = this.known.get(peer)
    if (known !== undefined) return known
    const { source, destination } = peer
    if (source === undefined && destination === undefined) return SUBSTITUTE
    const route = routeBetween(source, destination)
    this.known.set(peer, route)
    return route
  }
}

/** An end that is not known becomes the unspecified address of the other's family. */
function routeBetween(source: IpEndpoint | undefined, destination: IpEndpoint | undefined): Route {
  const from = plainAddress(source)
  const to = plainAddress(destination)
  if (from === undefined && to === undefined) return SUBSTITUTE
  const isV4 = couldBeV4(from) && couldBeV4(to)
  return {
    srcIp: inFamily(isV4, from),
    srcPort: plainPort(source),
    dstIp: inFamily(isV4, to),
    dstPort: plainPort(destination),
  }
}

/** Without the zone of a link-local address, which HEP has no place for; an IPv4 address on an IPv6 socket as IPv4. */
function plainAddress(endpoint: IpEndpoint | undefined): string | undefined {
  const [address = ''] = endpoint?.address.split('%', 1) ?? []
  if (isIP(address) === 0) return undefined
  const mapped = /^::ffff:([\d.]+)$/i.exec(address)?.[1]
  return mapped !== undefined && isIPv4(mapped) ? mapped : address
}

/** Also of the address that a socket for all is bound to. */
function couldBeV4(address: string | undefined): boolean {
  return address === undefined || address === '::' || isIPv4(address)
}

function inFamily(isV4: boolean, address: string | undefined): string {
  if (isV4) return address === undefined || address === '::' ? '0.0.0.0' : address
  if (address === undefined) return '::'
  return isIPv4(address) ? `::ffff:${address}` : address
}

function plainPort(endpoint: IpEndpoint | undefined): number {
  const { port = 0 } = endpoint ?? {}
  return Number.isInteger(port) && port >= 0 && port <= 65_535 ? port : 0
}
