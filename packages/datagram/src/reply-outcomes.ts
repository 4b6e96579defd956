import { constants } from 'node:os'
import type { Sender } from './sender.js'

/** Why a reply was given up. */
export type DropReason =
  | 'peer_gone'
  | 'no_reply_address'
  | 'reply_failed'
  | 'reply_too_large'
  | 'peer_stalled'
  | 'too_many_pending'
  | 'closed'

/** Why a reply was not sent: there is no room now, it is longer than the system takes, or it never will be. */
export type SendFault = 'no_room' | 'too_long' | 'peer_gone' | 'no_reply_address' | 'reply_failed'

const { EAGAIN, ECONNREFUSED, ECONNRESET, EMSGSIZE, ENOBUFS, ENOENT, ENOTCONN, ENOTDIR, EPERM, EPROTOTYPE } =
  constants.errno

/**
 * What a UNIX peer that is no longer there looks like: no file, nobody behind it, something else in its place, or (EPERM)
 * a socket of that name that has connected elsewhere.
 */
const goneUnixPeer: ReadonlySet<number> = new Set([
  ENOENT,
  ENOTDIR,
  ECONNREFUSED,
  ECONNRESET,
  ENOTCONN,
  EPROTOTYPE,
  EPERM,
])

/** @param result below zero, of `DatagramSocket.results` */
export function faultOf(result: number, sender: Sender): SendFault {
  const errno = -result
  if (errno === EAGAIN || errno === ENOBUFS) return 'no_room'
  if (errno === EMSGSIZE) return 'too_long'
  if (!sender.canBeAnswered) return 'no_reply_address'
  return sender.address.type === 'unix' && goneUnixPeer.has(errno) ? 'peer_gone' : 'reply_failed'
}
