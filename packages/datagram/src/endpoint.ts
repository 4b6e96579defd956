import type { Dispatcher, DispatchOptions, MiPeer } from '@mi/contract'
import {
  type DatagramAddress,
  type DatagramBatch,
  type DatagramBinding,
  type DatagramSocket,
  openDatagram,
} from '@mi/posix'
import type { PeerFilter } from './allow.js'
import type { SocketLimits } from './options.js'
import { Peer, ShownPeer } from './peer.js'
import { ReplySender } from './reply-sender.js'
import { RequestCounters } from './request-counters.js'
import { systemLimit, UDP_RECEIVE_BUFFER, UNIX_SEND_BUFFER } from './system-limit.js'

/** How long `close` waits for peers that are slow but have not stalled. */
const CLOSE_GRACE_MS = 5_000

/** Memory for the datagrams that are received in one go, in bytes. */
const BATCH_BYTES = 8_388_608

/**
 * Datagrams that are received in one go, at most. The queue of a UNIX socket holds about ten, so that taking all of them
 * leaves their senders idle until the last one is answered: a few at a time let both sides work. Measured with 8 requests
 * outstanding (Node.js 20.20, 2026-11-21): 0.92 of the floor's rate by threes, 0.81 by elevens.
 */
const LARGEST_BATCH = { unix: 3, udp: 64 } as const

/** What an endpoint needs to know. */
export interface EndpointContext {
  readonly type: 'unix' | 'udp'
  readonly limits: SocketLimits
  /** Undefined: everyone may send. */
  readonly filter: PeerFilter | undefined
  readonly prettyPrinting: boolean
  readonly dispatcher: Dispatcher
  readonly counters?: RequestCounters | undefined
}

/**
 * Opens a socket and serves it in this process.
 * @throws Error of @mi/posix when it cannot be opened
 */
export async function openEndpoint(binding: DatagramBinding, context: EndpointContext): Promise<Endpoint> {
  const { type, limits, filter } = context
  let endpoint: Endpoint | undefined
  let local: DatagramAddress | undefined
  const localAddress = (): DatagramAddress | undefined => local
  const socket = await openDatagram<Peer>({
    bind: binding,
    mode: 0o600,
    maxMessageBytes: limits.socketBufSize,
    maxBatch: Math.max(1, Math.min(LARGEST_BATCH[type], Math.floor(BATCH_BYTES / limits.socketBufSize))),
    ...(type === 'unix' ? { sendBufferBytes: UNIX_SEND_BUFFER } : { receiveBufferBytes: UDP_RECEIVE_BUFFER }),
    createPeer: (facts, handle) => new Peer(facts, handle, filter?.(facts) ?? true, localAddress),
    // Nothing arrives before the endpoint exists: the socket reads in a later turn of the event loop.
    onBatch: (batch) => endpoint?.take(batch),
    onWritable: () => endpoint?.onWritable(),
    onError: (error) => endpoint?.onError(error),
  })
  local = socket.address
  endpoint = new Endpoint(socket, context)
  return endpoint
}

/** One socket: what arrives is dispatched, and the replies go out. */
export class Endpoint {
  private readonly replies: ReplySender
  private readonly dispatcher: Dispatcher
  private readonly counters: RequestCounters
  private readonly refusal: string
  private readonly maxRequestBytes: number
  private readonly errorAt: number
  private inFlight = 0
  private onSettled: (() => void) | undefined
  private closing: Promise<void> | undefined
  /** One object for all requests: the peer that comes with a provisional reply shows whose it is. */
  private readonly dispatchOptions: DispatchOptions

  constructor(
    private readonly socket: DatagramSocket<Peer>,
    { limits, prettyPrinting, dispatcher, counters = new RequestCounters() }: EndpointContext,
  ) {
    const { socketBufSize } = limits
    const maxReplyBytes = Math.min(socketBufSize, systemLimit(socket.address.type) ?? socketBufSize)
    this.dispatcher = dispatcher
    this.counters = counters
    this.maxRequestBytes = socketBufSize
    this.refusal = `413 Request too large: the limit is ${socketBufSize} bytes (socketBufSize); send less, or raise the limit`
    this.errorAt = prettyPrinting ? ERROR_AT.pretty : ERROR_AT.compact
    this.replies = new ReplySender(socket, { limits, maxReplyBytes, prettyPrinting, dispatcher, counters })
    this.dispatchOptions = { onProvisional: this.onProvisional, maxReplyBytes }
  }

  /** Dispatches what came in one go. The hot path: nothing is made here for a request. */
  take({ texts, peers }: DatagramBatch<Peer>): void {
    const { dispatcher, replies, dispatchOptions, errorAt } = this
    this.counters.received(texts.length)
    let unanswered = 0
    let refused = 0
    for (let index = 0; index < texts.length; index++) {
      const text = texts[index]
      const peer = peers[index]
      if (text === undefined || peer === undefined) continue
      if (!peer.isAllowed) {
        refused++
        continue
      }
      replies.wake(peer)
      if (text === null) {
        this.refuse(peer)
        continue
      }
      const reply = dispatcher.dispatch(text, peer.shown, dispatchOptions)
      if (typeof reply === 'string') {
        if (!isEcho(text, reply, errorAt)) replies.add(peer, reply)
        else unanswered += this.ignoreEcho(peer, text)
      } else if (reply === null) unanswered++
      else void this.answerLater(peer, reply)
    }
    if (refused > 0) this.turnAway(peers, refused)
    this.counters.settled(unanswered + refused)
    replies.flush()
  }

  onWritable(): void {
    this.replies.retry()
  }

  /** Of receiving; over node:dgram also of sending, after the reply was counted as sent. */
  onError(err: NodeJS.ErrnoException): void {
    if (this.socket.native) this.dispatcher.log.error({ err }, 'receiving datagrams failed')
    else this.dispatcher.drop('reply_failed', { err })
  }

  /** Takes no new requests, sends the replies still owed, and closes the socket. May be called again. */
  close(): Promise<void> {
    this.closing ??= this.closeOnce()
    return this.closing
  }

  private async closeOnce(): Promise<void> {
    this.socket.pause()
    // Not within a batch: a command may have asked for the close.
    await new Promise<void>((resolve) => setImmediate(resolve))
    if (this.inFlight > 0) {
      await new Promise<void>((resolve) => {
        this.onSettled = resolve
      })
    }
    await this.replies.close(CLOSE_GRACE_MS)
    this.socket.close()
  }

  private readonly onProvisional = (text: string, peer: MiPeer): void => {
    if (peer instanceof ShownPeer) this.replies.sendAhead(peer.peer, text)
  }

  private refuse(peer: Peer): void {
    this.dispatcher.drop('request_too_large', { peer: peer.shown.address, limit: this.maxRequestBytes })
    this.replies.add(peer, this.refusal)
  }

  private ignoreEcho(peer: Peer, text: string): number {
    this.dispatcher.drop('no_request', { peer: peer.shown.address, text: text.slice(0, EXCERPT_LENGTH) })
    return 1
  }

  /** One line for those of a batch: a peer that may not ask may not fill the log either. */
  private turnAway(peers: readonly Peer[], count: number): void {
    const last = peers.findLast(({ isAllowed }) => !isAllowed)
    this.dispatcher.drop('not_allowed', { peer: last?.shown.address, ...last?.credentials }, count)
  }

  private async answerLater(peer: Peer, promise: Promise<string | null>): Promise<void> {
    this.inFlight++
    try {
      const reply = await promise
      if (reply === null) this.counters.settled(1)
      else {
        this.replies.add(peer, reply)
        this.replies.flushSoon()
      }
    } finally {
      this.inFlight--
      if (this.inFlight === 0) this.onSettled?.()
    }
  }
}

/** Characters of a text that are shown in logs, at most. */
const EXCERPT_LENGTH = 80

const OPEN_BRACKET = 0x5b
const SMALL_E = 0x65

/** Where the engine's replies have the first letter of `error`, or of `result`: in one line, and indented. */
const ERROR_AT = { compact: '{"jsonrpc":"2.0","e'.length - 1, pretty: '{\n\t"jsonrpc":\t"2.0",\n\t"e'.length - 1 }

/**
 * Whether the reply to a text is that text again, up to blanks: then the text is a reply of another server, since no request
 * is answered by itself. Two servers that answered each other's errors would never end.
 */
function isEcho(text: string, reply: string, errorAt: number): boolean {
  if (reply === text) return true
  // This runs for every reply: only errors and batches are compared without their blanks.
  if (reply.charCodeAt(errorAt) !== SMALL_E && reply.charCodeAt(0) !== OPEN_BRACKET) return false
  return withoutBlanks(reply) === withoutBlanks(text)
}

function withoutBlanks(text: string): string {
  return text.replace(/[ \t\r\n]+/g, '')
}
