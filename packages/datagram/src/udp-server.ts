import { lookup } from 'node:dns/promises'
import { BlockList, isIP } from 'node:net'
import type { MiLogger } from '@mi/contract'
import { udpListenError } from './listen-errors.js'
import type { ResolvedDatagramOptions } from './options.js'
import type { OpenStation, Station } from './station.js'

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8)
loopback.addAddress('::1', 'ipv6')

/**
 * Listens on UDP. Warns, once, when others than this machine's own programs may run commands.
 * @throws MiError `MI_LISTEN`
 */
export async function listenOnUdp(
  { socketName, filter }: Pick<ResolvedDatagramOptions, 'socketName' | 'filter'>,
  { host, port }: { readonly host: string; readonly port: number },
  open: OpenStation,
  log: MiLogger,
): Promise<Station> {
  let station: Station
  try {
    const { address, family } = await resolve(host)
    station = await open({ type: family === 6 ? 'udp6' : 'udp4', address, port }, () => undefined)
  } catch (cause) {
    throw udpListenError(socketName, cause)
  }
  if (filter === undefined && !isLoopback(station)) {
    const advice = "give `allow`, such as ['127.0.0.1', '10.0.0.0/8'], or listen on a loopback address"
    log.warn({ address: socketName }, `whoever reaches this port may run every command; ${advice}`)
  }
  return station
}

async function resolve(host: string): Promise<{ readonly address: string; readonly family: number }> {
  const family = isIP(host)
  return family === 0 ? await lookup(host) : { address: host, family }
}

function isLoopback({ address }: Station): boolean {
  if (address.type === 'unix') return true
  return loopback.check(address.address.split('%', 1)[0] ?? '', address.type === 'udp6' ? 'ipv6' : 'ipv4')
}
