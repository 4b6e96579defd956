import { constants } from 'node:os'
import { getSystemErrorName } from 'node:util'
import { type Dispatcher, ErrorCode } from '@mi/contract'
import { prettyPrint } from '@mi/internal/pretty-print'
import type { Peer } from './peer.js'
import { type WaitingReply, waitingReply } from './peer-queue.js'
import type { RequestCounters } from './request-counters.js'

/** Why a reply was dropped. */
export const REPLY_DROPS = [
  'peer_gone',
  'no_reply_address',
  'reply_failed',
  'reply_too_large',
  'peer_stalled',
  'send_buffer_full',
  'too_many_pending',
  'closed',
] as const

export type DropReason = (typeof REPLY_DROPS)[number]

/** Why a reply was not sent: there is no room now, it is longer than the system takes, or it never will be. */
export type SendFault = 'no_room' | 'too_long' | 'peer_gone' | 'no_reply_address' | 'reply_failed'

const { EAGAIN, ECONNREFUSED, ECONNRESET, EMSGSIZE, ENOBUFS, ENOENT, ENOTCONN, ENOTDIR, EPERM, EPROTOTYPE } =
  constants.errno

/**
 * How the system reports that a UNIX peer is gone: no file, no socket behind it, something else in its place, or (EPERM) a
 * socket of that name that is connected elsewhere.
 */
const GONE_UNIX_PEER: ReadonlySet<number> = new Set([
  ENOENT,
  ENOTDIR,
  ECONNREFUSED,
  ECONNRESET,
  ENOTCONN,
  EPROTOTYPE,
  EPERM,
])

/** @param result below zero, of `DatagramSocket.results` */
export function sendFault(result: number, peer: Peer): SendFault {
  const errno = -result
  if (errno === EAGAIN || errno === ENOBUFS) return 'no_room'
  if (errno === EMSGSIZE) return 'too_long'
  if (!peer.canBeAnswered) return 'no_reply_address'
  return peer.address.type === 'unix' && GONE_UNIX_PEER.has(errno) ? 'peer_gone' : 'reply_failed'
}

/** Accounts for the replies that were not sent at once, and makes the error that replaces one that is too long. */
export class ReplyOutcomes {
  constructor(
    private readonly dispatcher: Pick<Dispatcher, 'drop' | 'log'>,
    private readonly counters: RequestCounters,
    private readonly prettyPrinting: boolean,
  ) {}

  /** A reply that had waited went out. */
  sent({ isFinal }: WaitingReply): void {
    if (isFinal) this.counters.settled(1)
  }

  /** @param result of the system, below zero, where that is why */
  dropped(reason: DropReason, peer: Peer, replies: readonly WaitingReply[], result?: number | undefined): void {
    const bytes = replies.reduce((sum, reply) => sum + reply.bytes, 0)
    this.counters.settled(replies.filter(({ isFinal }) => isFinal).length)
    const error = result === undefined ? {} : { error: getSystemErrorName(result) }
    this.dispatcher.drop(reason, { peer: peer.shown.address, bytes, ...error }, replies.length)
  }

  /**
   * The JSON-RPC error that is sent in place of a reply that is too long.
   * @param limit in bytes; left out: the system refused the reply, and does not say what it takes
   * @returns undefined, and the reply is dropped, when even the error is too long: the id may be as long as a request
   */
  replacement(
    peer: Peer,
    { text, bytes, isFinal }: WaitingReply,
    limit?: number | undefined,
  ): WaitingReply | undefined {
    this.dispatcher.log.warn({ peer: peer.shown.address, bytes, limit }, 'a reply is too long for a datagram')
    const error = waitingReply(
      this.tooLong(typeof text === 'string' ? text : Buffer.from(text).toString(), bytes, limit),
      isFinal,
    )
    if (error.bytes <= (limit ?? bytes - 1)) return error
    this.dropped('reply_too_large', peer, [{ text, bytes, isFinal }])
    return undefined
  }

  private tooLong(reply: string, bytes: number, limit: number | undefined): string {
    const data =
      limit === undefined
        ? `Reply of ${bytes} bytes is longer than the system sends as one datagram`
        : `Reply exceeds the limit of ${limit} bytes`
    const error = JSON.stringify({ code: ErrorCode.ServerError, message: 'Server error', data })
    const text = `{"jsonrpc":"2.0","error":${error},"id":${replyId(reply)}}`
    return this.prettyPrinting ? (prettyPrint(text, Number.POSITIVE_INFINITY) ?? text) : text
  }
}

/** The member `id` at the end of an object that is the whole text: so the engine ends its replies. */
const ID_AT_THE_END = /"id":\s*("(?:[^"\\]|\\.)*"|[^\s"{}[\],]+)\s*\}\s*$/y

/** The id as it is written: 12345678901234567890 or 1.0 would not survive being parsed and printed. `null` for a batch. */
function replyId(reply: string): string {
  if (!reply.startsWith('{')) return 'null'
  // In JSON, "id": with a scalar and the last brace behind it can only be a member of the outermost object.
  ID_AT_THE_END.lastIndex = Math.max(0, reply.lastIndexOf('"id":'))
  return ID_AT_THE_END.exec(reply)?.[1] ?? 'null'
}
