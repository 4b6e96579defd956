import type { Dispatcher } from '@mi/contract'
import type { DatagramSocket } from '@mi/posix'
import { type DropReason, faultOf } from './faults.js'
import type { PendingReply } from './line.js'
import type { SocketLimits } from './options.js'
import { type PendingEvents, PendingReplies } from './pending-replies.js'
import type { Sender } from './sender.js'
import { refusedLimit } from './system-limit.js'
import type { Tally } from './tally.js'
import { tooLongReply } from './too-long.js'

/** What replies are to be. */
export interface ReplyOptions extends SocketLimits {
  /** Longest message that the system takes, in octets; undefined when it is not known. */
  readonly systemLimit: number | undefined
  readonly prettyPrinting: boolean
}

/** A UTF-16 unit takes three octets at most: a text of a third of the limit fits, however it is spelled. */
const OCTETS_PER_UNIT = 3

/** @mi/posix sends no longer texts; bytes it does. */
const LONGEST_TEXT = 65_536

/**
 * Sends replies, each as one datagram, in the order in which they are given for one peer. Those of one batch of requests
 * go out in one call. A peer that has no room is waited for apart, and holds up nobody else.
 */
export class Replies implements PendingEvents {
  private texts: (string | Uint8Array)[] = []
  private senders: Sender[] = []
  private readonly pending: PendingReplies
  /** The longest reply, in octets. */
  private readonly limit: number
  private readonly surelyFits: number
  private flushing: NodeJS.Immediate | undefined

  constructor(
    private readonly socket: DatagramSocket<Sender>,
    private readonly options: ReplyOptions,
    private readonly dispatcher: Pick<Dispatcher, 'drop' | 'log'>,
    private readonly tally: Tally,
  ) {
    this.limit = Math.min(options.socketBufSize, options.systemLimit ?? options.socketBufSize)
    this.surelyFits = Math.floor(this.limit / OCTETS_PER_UNIT)
    this.pending = new PendingReplies(socket, options, this)
  }

  /** Whether anybody is waited for. */
  get someWait(): boolean {
    return !this.pending.isEmpty
  }

  /** The peer has sent something: what waits for it is tried at the next `flush`. */
  wake(sender: Sender): void {
    this.pending.wake(sender)
  }

  /** Takes the final reply to a request. It goes out at the next `flush`. */
  add(sender: Sender, reply: string): void {
    const text = reply.length <= this.surelyFits ? reply : this.fitting(sender, reply, true)
    if (text === undefined) return
    if (!this.pending.isEmpty && this.pending.has(sender)) {
      this.pending.add(sender, asPending(text, true))
      return
    }
    this.texts.push(text)
    this.senders.push(sender)
  }

  /** Sends an answer that goes ahead of the final one, at once, behind what is held. */
  sendAhead(sender: Sender, reply: string): void {
    this.flush()
    const text = reply.length <= this.surelyFits ? reply : this.fitting(sender, reply, false)
    if (text === undefined) return
    if (this.pending.has(sender)) this.pending.add(sender, asPending(text, false))
    else if (this.socket.send([text], [sender]) > 0) this.unsent([text], [sender], false)
  }

  flush(): void {
    const { texts, senders } = this
    const count = texts.length
    if (count > 0) {
      // New ones, since the collector has to be told of each young text in an old array.
      this.texts = []
      this.senders = []
      const failed = this.socket.send(texts, senders)
      this.tally.settled(count - failed)
      if (failed > 0) this.unsent(texts, senders, true)
    }
    if (!this.pending.isEmpty) this.pending.tryAwake()
  }

  /** Once what is ready in this turn of the event loop is there, so that it goes out in one call. */
  flushSoon(): void {
    this.flushing ??= setImmediate(this.flushNow)
  }

  /** The system has room again. */
  retry(): void {
    this.pending.wakeAll()
    this.pending.tryAwake()
  }

  /** Waits until all is sent or given up; after `limitMs` the rest is given up. */
  async close(limitMs: number): Promise<void> {
    clearImmediate(this.flushing)
    this.flush()
    await this.pending.close(limitMs)
  }

  sent(count: number): void {
    this.tally.settled(count)
  }

  dropped(reason: DropReason, sender: Sender, replies: readonly PendingReply[]): void {
    const octets = replies.reduce((sum, reply) => sum + reply.octets, 0)
    this.tally.settled(replies.filter(({ final }) => final).length)
    this.dispatcher.drop(reason, { peer: sender.peer.address, octets }, replies.length)
  }

  instead(sender: Sender, { text, octets, final }: PendingReply): PendingReply | undefined {
    const reply = typeof text === 'string' ? text : Buffer.from(text).toString()
    const limit = refusedLimit(this.socket.address.type, octets, this.options.systemLimit)
    const shorter = asPending(this.replacement(sender, reply, octets, limit), final)
    return shorter.octets < octets ? shorter : undefined
  }

  private readonly flushNow = (): void => {
    this.flushing = undefined
    this.flush()
  }

  // Apart from the functions above, which run for every reply.

  /** @returns what fits: the reply, or an error in its place; undefined when the id alone is too long for that, and it is dropped */
  private fitting(sender: Sender, reply: string, final: boolean): string | Uint8Array | undefined {
    const octets = Buffer.byteLength(reply)
    if (octets <= this.limit) return octets > LONGEST_TEXT ? Buffer.from(reply) : reply
    const error = this.replacement(sender, reply, octets, this.limit)
    if (Buffer.byteLength(error) <= this.limit) return error
    this.dropped('reply_too_large', sender, [{ text: reply, octets, final }])
    return undefined
  }

  private replacement(sender: Sender, reply: string, octets: number, limit: number | undefined): string {
    this.dispatcher.log.warn({ peer: sender.peer.address, octets, limit }, 'a reply is too long for a datagram')
    return tooLongReply(reply, octets, limit, this.options.prettyPrinting)
  }

  /** Looks at what the last `send` did not send. */
  private unsent(texts: readonly (string | Uint8Array)[], senders: readonly Sender[], final: boolean): void {
    // A copy, since what is told of the results may lead to another `send`.
    const results = this.socket.results.slice(0, texts.length)
    for (const [index, sender] of senders.entries()) {
      const result = results[index] ?? 0
      if (result < 0) this.sortOut(sender, asPending(texts[index] ?? '', final), result)
    }
  }

  private sortOut(sender: Sender, reply: PendingReply, result: number): void {
    const fault = faultOf(result, sender)
    if (fault === 'no_room') this.pending.add(sender, reply)
    else if (fault === 'too_long') this.sendInstead(sender, reply)
    else this.dropped(fault, sender, [reply])
  }

  /** As its last resort this sends a text that is shorter each time. */
  private sendInstead(sender: Sender, reply: PendingReply): void {
    const instead = this.instead(sender, reply)
    if (instead === undefined) this.dropped('reply_too_large', sender, [reply])
    else if (this.pending.has(sender)) this.pending.add(sender, instead)
    else if (this.socket.send([instead.text], [sender]) > 0) {
      this.sortOut(sender, instead, this.socket.results[0] ?? 0)
    } else if (instead.final) this.tally.settled(1)
  }
}

function asPending(text: string | Uint8Array, final: boolean): PendingReply {
  return { text, octets: Buffer.byteLength(text), final }
}
