import { BlockList, isIP, isIPv4 } from 'node:net'
import type { PeerFacts } from '@mi/posix'
import type { SocketName } from './socket-name.js'

/** Who may send requests to a UNIX socket, by what the kernel says of the sender. One match is enough. */
export interface AllowedUsers {
  /** User ids. */
  readonly uids?: readonly number[] | undefined
  /** Group ids: of a process the first group counts, not its further ones. */
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
 * @param name what the socket listens on
 * @returns undefined when everyone may
 * @throws TypeError for the kind of the other socket type, an empty list, or an entry that nobody can match
 */
export function peerFilter(allow: AllowedPeers | undefined, name: SocketName): PeerFilter | undefined {
  if (allow === undefined) return undefined
  return name.type === 'udp' ? addressFilter(allow, isIPv4(name.host)) : userFilter(allow)
}

function addressFilter(allow: AllowedPeers, isForIPv4: boolean): PeerFilter {
  const lists = allow instanceof BlockList ? { ipv4: allow, ipv6: allow } : addressLists(allow, isForIPv4)
  return ({ address }) => address.type !== 'unix' && isListed(lists, address.address)
}

/** Apart, since a list of IPv6 ranges takes IPv4 addresses for mapped ones: `::/0` would hold them all. */
interface AddressLists {
  readonly ipv4: BlockList
  readonly ipv6: BlockList
}

function addressLists(allow: ListedPeers, isForIPv4: boolean): AddressLists {
  if (!isStringList(allow)) {
    throw new TypeError(
      "datagram(): allow of a UDP socket must be a list of addresses such as ['127.0.0.1', '10.0.0.0/8'], or a BlockList; " +
        'users and groups are for UNIX sockets',
    )
  }
  if (allow.length === 0)
    throw new TypeError('datagram(): allow is empty and would let nobody in; omit it to let everyone in')
  const lists = { ipv4: new BlockList(), ipv6: new BlockList() }
  for (const entry of allow) addEntry(lists, entry)
  if (isForIPv4 && allow.every((entry) => entry.includes(':'))) {
    throw new TypeError(
      'datagram(): allow has only IPv6 entries and would let nobody in, since socketName is an IPv4 address; ' +
        "give IPv4 entries such as '10.0.0.0/8', or '0.0.0.0/0' for all",
    )
  }
  return lists
}

function addEntry(lists: AddressLists, entry: string): void {
  const [, address = '', prefix] = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(entry) ?? []
  const version = isIP(address)
  const bits = version === 4 ? 32 : 128
  const length = prefix === undefined ? bits : Number(prefix)
  if (version === 0 || address.includes('%') || length > bits) {
    throw new TypeError(
      `datagram(): allow: '${entry}' is not an IP address or range; give '10.0.0.1', '10.0.0.0/8', '::1' or 'fd00::/8'`,
    )
  }
  const family = version === 4 ? 'ipv4' : 'ipv6'
  lists[family].addSubnet(address, length, family)
}

/** An IPv4 peer of an IPv6 socket has both forms, and may be listed under either. */
function isListed(lists: AddressLists, text: string): boolean {
  const [address = ''] = text.split('%', 1)
  if (isIPv4(address)) return lists.ipv4.check(address, 'ipv4')
  const mapped = /^::ffff:(.*)$/i.exec(address)?.[1] ?? ''
  return (isIPv4(mapped) && lists.ipv4.check(mapped, 'ipv4')) || lists.ipv6.check(address, 'ipv6')
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
    throw new TypeError('datagram(): allow has no uids and no gids and would let nobody in; omit it to let everyone in')
  }
  return ({ credentials }) => credentials !== undefined && (uids.has(credentials.uid) || gids.has(credentials.gid))
}

/** @returns undefined for a `BlockList`, whose entries cannot be handed to another process */
export function listedPeers(allow: AllowedPeers | undefined): ListedPeers | undefined {
  return allow instanceof BlockList ? undefined : allow
}

function ids(name: string, values: readonly number[] = []): ReadonlySet<number> {
  for (const value of values) {
    if (!Number.isInteger(value) || value < 0 || value > 0xffff_fffe) {
      throw new TypeError(
        `datagram(): allow.${name} must hold numbers from 0 to 4294967294, not ${JSON.stringify(value)}`,
      )
    }
  }
  return new Set(values)
}

function isStringList(allow: unknown): allow is readonly string[] {
  return Array.isArray(allow) && allow.every((entry) => typeof entry === 'string')
}
