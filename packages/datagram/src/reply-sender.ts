import type { Dispatcher } from '@mi/contract'
import type { DatagramSocket } from '@mi/posix'
import type { SocketLimits } from './options.js'
import type { Peer } from './peer.js'
import { type WaitingReply, waitingReply } from './peer-queue.js'
import { ReplyOutcomes, sendFault } from './reply-outcomes.js'
import { ReplySockets } from './reply-sockets.js'
import type { RequestCounters } from './request-counters.js'
import { WaitingReplies } from './waiting-replies.js'

/** A UTF-16 unit takes three bytes at most: a text of a third of the limit fits, whatever its characters. */
const BYTES_PER_UNIT = 3

/** @mi/posix sends no longer strings, but longer bytes. */
const LONGEST_TEXT = 65_536

/** What a sender of replies needs to know. */
export interface ReplyOptions {
  readonly limits: SocketLimits
  readonly maxReplyBytes: number
  readonly prettyPrinting: boolean
  readonly dispatcher: Pick<Dispatcher, 'drop' | 'log'>
  readonly counters: RequestCounters
}

/**
 * Sends replies, each as one datagram, in the order in which they are given for one peer. Those of one batch of requests
 * go out in one call. Replies to a peer that has no room wait separately, and hold up nobody else.
 */
export class ReplySender {
  private texts: (string | Uint8Array)[] = []
  private peers: Peer[] = []
  private readonly sockets: ReplySockets
  private readonly waiting: WaitingReplies
  private readonly outcomes: ReplyOutcomes
  private readonly counters: RequestCounters
  private readonly maxReplyBytes: number
  private readonly surelyFits: number
  private flushing: NodeJS.Immediate | undefined

  constructor(
    socket: DatagramSocket<Peer>,
    { limits, maxReplyBytes, prettyPrinting, dispatcher, counters }: ReplyOptions,
  ) {
    this.sockets = new ReplySockets(socket, dispatcher.log, () => this.retry())
    this.outcomes = new ReplyOutcomes(dispatcher, counters, prettyPrinting)
    this.waiting = new WaitingReplies(this.sockets, limits, this.outcomes)
    this.counters = counters
    this.maxReplyBytes = maxReplyBytes
    this.surelyFits = Math.floor(maxReplyBytes / BYTES_PER_UNIT)
  }

  /** The peer has just sent something: what waits for it is tried at the next `flush`. */
  wake(peer: Peer): void {
    if (this.waiting.queues.size > 0) this.waiting.wake(peer)
  }

  /** Takes the final reply to a request. It goes out at the next `flush`. */
  add(peer: Peer, reply: string): void {
    const text = reply.length <= this.surelyFits ? reply : this.fitting(peer, reply, true)
    if (text === undefined) return
    if (this.waiting.queues.size > 0 && this.waiting.has(peer)) {
      this.waiting.add(peer, waitingReply(text, true))
      return
    }
    this.texts.push(text)
    this.peers.push(peer)
  }

  /** Sends a provisional reply at once, after what was added before. */
  sendAhead(peer: Peer, reply: string): void {
    this.flush()
    const text = reply.length <= this.surelyFits ? reply : this.fitting(peer, reply, false)
    if (text !== undefined) this.sendNow(peer, waitingReply(text, false))
  }

  flush(): void {
    const { texts, peers } = this
    const count = texts.length
    if (count > 0) {
      // New arrays: in old ones the garbage collector has to record each young text.
      this.texts = []
      this.peers = []
      const socket = this.sockets.current
      const failed = socket.send(texts, peers)
      this.counters.settled(count - failed)
      if (failed > 0) this.sortOut(texts, peers, socket.results)
    }
    if (this.waiting.queues.size > 0) this.waiting.tryAwake()
  }

  /** When everything that is ready in this turn of the event loop is there, so that it goes out in one call. */
  flushSoon(): void {
    this.flushing ??= setImmediate(this.flushNow)
  }

  /** The system has room again. */
  retry(): void {
    this.waiting.wakeAll()
    this.waiting.tryAwake()
  }

  /** Waits until all is sent or dropped; after `limitMs` the rest is dropped. */
  async close(limitMs: number): Promise<void> {
    clearImmediate(this.flushing)
    this.flush()
    await this.waiting.close(limitMs)
    this.sockets.close()
  }

  private readonly flushNow = (): void => {
    this.flushing = undefined
    this.flush()
  }

  // Separate from the functions above, which run for every reply.

  /**
   * @returns the reply, or an error in its place where it is too long: the engine bounds its replies, but that of a batch
   * whose errors alone are too long; undefined when it was dropped
   */
  private fitting(peer: Peer, reply: string, isFinal: boolean): string | Uint8Array | undefined {
    const bytes = Buffer.byteLength(reply)
    if (bytes > this.maxReplyBytes) {
      return this.outcomes.replacement(peer, { text: reply, bytes, isFinal }, this.maxReplyBytes)?.text
    }
    return bytes > LONGEST_TEXT ? Buffer.from(reply) : reply
  }

  /** Looks at what `send` did not send. */
  private sortOut(texts: readonly (string | Uint8Array)[], peers: readonly Peer[], lastResults: Int32Array): void {
    // A copy: what follows may lead to another `send`.
    const results = lastResults.slice(0, texts.length)
    for (const [index, peer] of peers.entries()) {
      const result = results[index] ?? 0
      if (result < 0) this.refused(peer, waitingReply(texts[index] ?? '', true), result)
    }
  }

  private refused(peer: Peer, reply: WaitingReply, result: number): void {
    const fault = sendFault(result, peer)
    if (fault === 'no_room') this.waiting.add(peer, reply)
    else if (fault === 'too_long') {
      const error = this.outcomes.replacement(peer, reply)
      if (error !== undefined) this.sendNow(peer, error)
    } else this.outcomes.dropped(fault, peer, [reply], result)
  }

  private sendNow(peer: Peer, reply: WaitingReply): void {
    const socket = this.sockets.current
    if (this.waiting.has(peer)) this.waiting.add(peer, reply)
    else if (socket.send([reply.text], [peer]) > 0) this.refused(peer, reply, socket.results[0] ?? 0)
    else this.outcomes.sent(reply)
  }
}
