import { BlockList, isIP, isIPv4 } from 'node:net'
import type { PeerFacts } from '@mi/posix'

/** Who may send requests to a UNIX socket, by what the kernel says of the sender. One match is enough. */
export interface AllowedUsers {
  /** User ids. */
  readonly uids?: readonly number[] | undefined
  /** Ids of groups; a process's first group is meant, not its further ones. */
  readonly gids?: readonly number[] | undefined
}

/** What `allow` may be as plain JSON. */
export type ListedPeers = readonly string[] | AllowedUsers

/**
 * Who may send requests. For UDP a list of addresses and ranges (`'127.0.0.1'`, `'10.0.0.0/8'`, `'::1'`, `'fd00::/8'`), or a
 * `BlockList` of node:net whose members are let in; for a UNIX socket users and groups.
 */
export type AllowedPeers = ListedPeers | BlockList

/** Whether a peer may send requests. */
export type PeerFilter = (facts: PeerFacts) => boolean

/**
 * @returns undefined when everyone may
 * @throws TypeError for the kind of the other socket type, an empty list, or an entry that is no address or range
 */
export function peerFilter(allow: AllowedPeers | undefined, type: 'unix' | 'udp'): PeerFilter | undefined {
  if (allow === undefined) return undefined
  return type === 'udp' ? addressFilter(allow) : userFilter(allow)
}

function addressFilter(allow: AllowedPeers): PeerFilter {
  const list = allow instanceof BlockList ? allow : toBlockList(allow)
  return ({ address }) => address.type !== 'unix' && isListed(list, address.address)
}

function toBlockList(allow: ListedPeers): BlockList {
  if (!isStringList(allow)) {
    throw new TypeError(
      "datagram(): allow of a UDP socket must be a list of addresses such as ['127.0.0.1', '10.0.0.0/8'], or a BlockList; " +
        'users and groups are for UNIX sockets',
    )
  }
  if (allow.length === 0)
    throw new TypeError('datagram(): allow is empty and would let nobody in; leave it out for all')
  const list = new BlockList()
  for (const entry of allow) addEntry(list, entry)
  return list
}

function addEntry(list: BlockList, entry: string): void {
  const [, address = '', prefix] = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(entry) ?? []
  const version = isIP(address)
  const bits = version === 4 ? 32 : 128
  const length = prefix === undefined ? bits : Number(prefix)
  if (version === 0 || address.includes('%') || length > bits) {
    throw new TypeError(
      `datagram(): allow: '${entry}' is no IP address or range; give '10.0.0.1', '10.0.0.0/8', '::1' or 'fd00::/8'`,
    )
  }
  list.addSubnet(address, length, version === 4 ? 'ipv4' : 'ipv6')
}

/** An IPv4 peer of an IPv6 socket has both forms, and may be listed under either. */
function isListed(list: BlockList, text: string): boolean {
  const [address = ''] = text.split('%', 1)
  const mapped = /^::ffff:(.*)$/i.exec(address)?.[1] ?? ''
  if (isIPv4(mapped) && list.check(mapped, 'ipv4')) return true
  return list.check(address, isIPv4(address) ? 'ipv4' : 'ipv6')
}

function userFilter(allow: AllowedPeers): PeerFilter {
  if (isStringList(allow) || allow instanceof BlockList) {
    throw new TypeError(
      'datagram(): allow of a UNIX socket must be users and groups such as { uids: [0], gids: [1000] }; addresses are for UDP',
    )
  }
  const uids = ids('uids', allow.uids)
  const gids = ids('gids', allow.gids)
  if (uids.size + gids.size === 0) {
    throw new TypeError('datagram(): allow has no uids and no gids and would let nobody in; leave it out for all')
  }
  return ({ credentials }) => credentials !== undefined && (uids.has(credentials.uid) || gids.has(credentials.gid))
}

/** @returns undefined for a `BlockList`, whose entries cannot be told to another process */
export function listedPeers(allow: AllowedPeers | undefined): ListedPeers | undefined {
  return allow instanceof BlockList ? undefined : allow
}

function ids(name: string, values: readonly number[] = []): ReadonlySet<number> {
  for (const value of values) {
    if (!Number.isInteger(value) || value < 0 || value > 0xffff_fffe) {
      throw new TypeError(`datagram(): allow.${name} must hold numbers from 0 up, not ${JSON.stringify(value)}`)
    }
  }
  return new Set(values)
}

function isStringList(allow: unknown): allow is readonly string[] {
  return Array.isArray(allow) && allow.every((entry) => typeof entry === 'string')
}
