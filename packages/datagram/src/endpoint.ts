import type { Dispatcher, MiPeer } from '@mi/contract'
import {
  type DatagramAddress,
  type DatagramBatch,
  type DatagramBinding,
  type DatagramSocket,
  openDatagram,
} from '@mi/posix'
import type { PeerFilter } from './allow.js'
import { echoTest } from './echo.js'
import type { SocketLimits } from './options.js'
import { Replies } from './replies.js'
import { Sender, SenderPeer } from './sender.js'
import type { Station } from './station.js'
import { systemLimit, UDP_RECEIVE_BUFFER, UNIX_SEND_BUFFER } from './system-limit.js'
import { Tally } from './tally.js'
import { tooLongRequest } from './too-long.js'

/** How long `close` waits for peers that are slow but not stalled. */
const CLOSE_GRACE_MS = 5_000

/** Memory for the datagrams that are received in one go, in octets. */
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
  readonly tally?: Tally | undefined
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
  const socket = await openDatagram<Sender>({
    bind: binding,
    mode: 0o600,
    maxMessageBytes: limits.socketBufSize,
    maxBatch: Math.max(1, Math.min(LARGEST_BATCH[type], Math.floor(BATCH_BYTES / limits.socketBufSize))),
    ...(type === 'unix' ? { sendBufferBytes: UNIX_SEND_BUFFER } : { receiveBufferBytes: UDP_RECEIVE_BUFFER }),
    createPeer: (facts, handle) => new Sender(facts, handle, filter?.(facts) ?? true, localAddress),
    // Nothing arrives before the socket is there: it reads in a later turn of the event loop.
    onBatch: (batch) => endpoint?.take(batch),
    onWritable: () => endpoint?.onWritable(),
    onError: (error) => endpoint?.onError(error),
  })
  local = socket.address
  endpoint = new Endpoint(socket, context)
  return endpoint
}

/** One socket: what arrives is dispatched, what is answered goes out. */
export class Endpoint implements Station {
  private readonly replies: Replies
  private readonly dispatcher: Dispatcher
  private readonly tally: Tally
  private readonly refusal: string
  private readonly limit: number
  private readonly isEcho: (text: string, reply: string) => boolean
  private inFlight = 0
  private settled: (() => void) | undefined
  private closing: Promise<void> | undefined
  /** One for all requests: the peer that comes with the text tells which it belongs to. */
  private readonly onProvisional = (text: string, peer: MiPeer): void => {
    if (peer instanceof SenderPeer) this.replies.sendAhead(peer.sender, text)
  }
  private readonly dispatchOptions = { onProvisional: this.onProvisional }

  constructor(
    private readonly socket: DatagramSocket<Sender>,
    { limits, prettyPrinting, dispatcher, tally = new Tally() }: EndpointContext,
  ) {
    this.dispatcher = dispatcher
    this.tally = tally
    this.limit = limits.socketBufSize
    this.refusal = tooLongRequest(this.limit)
    this.isEcho = echoTest(prettyPrinting)
    this.replies = new Replies(
      socket,
      { ...limits, systemLimit: systemLimit(socket.address.type), prettyPrinting },
      dispatcher,
      tally,
    )
  }

  get address(): DatagramAddress {
    return this.socket.address
  }

  /** Dispatches what came in one go. The hot path: nothing is made here for a request. */
  take({ texts, peers }: DatagramBatch<Sender>): void {
    const { dispatcher, replies, dispatchOptions } = this
    this.tally.received(texts.length)
    let unanswered = 0
    let refused = 0
    let echoes = 0
    for (let index = 0; index < texts.length; index++) {
      const text = texts[index]
      const sender = peers[index]
      if (text === undefined || sender === undefined) continue
      if (!sender.allowed) {
        refused++
        continue
      }
      if (replies.someWait) replies.wake(sender)
      if (text === null) {
        this.refuse(sender)
        continue
      }
      const reply = dispatcher.dispatch(text, sender.peer, dispatchOptions)
      if (typeof reply === 'string') {
        if (!this.isEcho(text, reply)) replies.add(sender, reply)
        else echoes += this.ignoreEcho(sender)
      } else if (reply === null) unanswered++
      else void this.answerLater(sender, reply)
    }
    if (refused > 0) this.turnAway(peers, refused)
    this.tally.settled(unanswered + refused + echoes)
    replies.flush()
  }

  onWritable(): void {
    this.replies.retry()
  }

  /** Of receiving; over node:dgram also of sending, which then was counted as sent. */
  onError(err: NodeJS.ErrnoException): void {
    if (this.socket.native) this.dispatcher.log.error({ err }, 'receiving datagrams failed')
    else this.dispatcher.drop('reply_failed', { err })
  }

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
        this.settled = resolve
      })
    }
    await this.replies.close(CLOSE_GRACE_MS)
    this.socket.close()
  }

  private refuse(sender: Sender): void {
    this.dispatcher.drop('request_too_large', { peer: sender.peer.address, limit: this.limit })
    this.replies.add(sender, this.refusal)
  }

  private ignoreEcho(sender: Sender): number {
    this.dispatcher.drop('no_request', { peer: sender.peer.address })
    return 1
  }

  /** One line for those of a batch: whoever may not ask may not fill the log either. */
  private turnAway(peers: readonly Sender[], count: number): void {
    const last = peers.findLast(({ allowed }) => !allowed)
    this.dispatcher.drop('not_allowed', { peer: last?.peer.address, ...last?.credentials }, count)
  }

  private async answerLater(sender: Sender, promise: Promise<string | null>): Promise<void> {
    this.inFlight++
    try {
      const reply = await promise
      if (reply === null) this.tally.settled(1)
      else {
        this.replies.add(sender, reply)
        this.replies.flushSoon()
      }
    } finally {
      this.inFlight--
      if (this.inFlight === 0) this.settled?.()
    }
  }
}
