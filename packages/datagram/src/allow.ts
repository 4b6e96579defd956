import { BlockList, isIPv4 } from 'node:net'
import { AddressList, isAddressList } from '@mi/internal/address-list'
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
  if (!isAddressList(allow)) {
    throw new TypeError(
      "datagram(): allow of a UDP socket must be a list of addresses such as ['127.0.0.1', '10.0.0.0/8'], or a BlockList; " +
        'users and groups are for UNIX sockets',
    )
  }
  if (!(allow instanceof BlockList) && allow.length === 0)
    throw new TypeError('datagram(): allow is empty and would let nobody in; omit it to let everyone in')
  const list = new AddressList(allow, 'datagram(): allow')
  if (isForIPv4 && !(allow instanceof BlockList) && allow.every((entry) => entry.includes(':'))) {
    throw new TypeError(
      'datagram(): allow has only IPv6 entries and would let nobody in, since socketName is an IPv4 address; ' +
        "give IPv4 entries such as '10.0.0.0/8', or '0.0.0.0/0' for all",
    )
  }
  return ({ address }) => address.type !== 'unix' && list.has(address.address)
}

function userFilter(allow: AllowedPeers): PeerFilter {
  if (isAddressList(allow)) {
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
