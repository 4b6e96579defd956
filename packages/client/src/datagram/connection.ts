import type { ClientReply, JsonRpcId } from '@mi/contract'
import { peerText } from '../peer-text.js'
import { idsIn, parsedOrText, protocolError } from '../read-reply.js'
import type { DatagramMessage, ServerSocket, SocketEvents } from './datagram-message.js'

/** How many turns of the loop may bring what arrived before the server went away: more than any buffer holds. */
const MAX_TURNS = 256

/** How much of a reply a hint shows, in characters. */
const SHOWN_LENGTH = 100

/** What a connection asks of the transport. */
export interface ConnectionOwner {
  /** A message is sent, maybe once more, and awaits its reply. */
  sent(message: DatagramMessage): void
  /** The server is gone: this connection takes no more messages. */
  retired(connection: Connection): void
  /** A message that was never sent, to be sent by another connection. */
  handedBack(message: DatagramMessage): void
  /** All is over. */
  closed(connection: Connection): void
}

/** The messages over one socket, from the first one to the end of the socket. */
export class Connection implements SocketEvents {
  private readonly waiting = new Matching()
  private socket: ServerSocket | undefined
  private isRetired = false
  private isClosed = false
  private arrived = 0

  /** @param where the transport and its server, for messages */
  constructor(
    private readonly owner: ConnectionOwner,
    private readonly where: string,
  ) {}

  /** Replies may still come that nobody waits for. */
  get hasStrays(): boolean {
    return this.waiting.hasStrays
  }

  attach(socket: ServerSocket): void {
    this.socket = socket
  }

  /** Takes over a message and sends it. */
  carry(message: DatagramMessage): void {
    const taken = this.waiting.add(message)
    if (taken !== undefined) {
      message.fail(
        new TypeError(`a request with the id ${JSON.stringify(taken)} is under way over ${this.where} already`),
      )
      return
    }
    message.connection = this
    this.socket?.send(message)
  }

  /** Sends a message once more. */
  repeat(message: DatagramMessage): void {
    message.repeats += 1
    this.socket?.send(message)
  }

  /**
   * Ends what `carry` began.
   * @param abandoned nobody waits for the reply any more; it may come all the same
   */
  forget(message: DatagramMessage, abandoned: boolean, wasSent: boolean): void {
    this.drop(message)
    const kept = (!wasSent || message.repeats > 0) && this.socket?.withdraw(message) === true
    if (message.repeats > 0 || (abandoned && (wasSent || !kept))) this.waiting.hasStrays = true
  }

  /** What is known about replies that did not come. @param silence for when nothing at all has arrived */
  hint(silence: string): string | undefined {
    return this.arrived === 0 ? silence : this.waiting.hint()
  }

  received(text: string | null): void {
    if (this.isClosed) return
    this.arrived += 1
    const reply = text === null ? null : parsedOrText(text)
    const message = this.waiting.find(reply)
    if (message === undefined) return
    if (reply !== null) message.succeed(reply)
    else message.fail(protocolError(`a reply over ${this.where} that is longer than a datagram may be`, null))
  }

  sent(message: DatagramMessage): void {
    if (message.phase === 'over') return
    message.phase = 'sent'
    message.content.onSent?.()
    if (message.awaitsReply) {
      this.owner.sent(message)
    } else {
      this.waiting.hasNotified = true
      message.succeed(null)
    }
  }

  failed(message: DatagramMessage, error: Error): void {
    message.fail(error)
  }

  refused(error: Error, unsent?: DatagramMessage): void {
    if (this.isClosed) return
    if (!this.isRetired) {
      this.isRetired = true
      this.owner.retired(this)
      this.failWhenQuiet(error)
    }
    if (unsent !== undefined) this.handBack(unsent, error)
    for (const message of this.waiting) {
      if (message.phase === 'unsent' && this.socket?.withdraw(message) === true) this.handBack(message, error)
    }
  }

  /** Closes the socket, and then fails what waits. */
  close(reason?: unknown): void {
    if (this.isClosed) return
    this.isClosed = true
    // Before the messages reject: their callers find no file.
    this.socket?.close()
    for (const message of this.waiting) message.fail(reason)
    this.owner.closed(this)
  }

  /** Once for each message: a server that goes away as often as it comes must not keep messages without end. */
  private handBack(message: DatagramMessage, error: Error): void {
    // A repetition that was refused: the message itself was sent, and its reply may have arrived.
    if (message.phase !== 'unsent') return
    if (message.hadSecondTry) {
      message.fail(error)
      return
    }
    message.hadSecondTry = true
    this.drop(message)
    this.owner.handedBack(message)
  }

  /** The system may report that the server is gone before it hands over the replies that came first. */
  private failWhenQuiet(error: Error): void {
    let before = -1
    let turns = 0
    const look = (): void => {
      if (this.isClosed) return
      turns += 1
      if (this.waiting.size === 0 || this.arrived === before || turns > MAX_TURNS) {
        this.close(error)
        return
      }
      before = this.arrived
      setImmediate(look)
    }
    setImmediate(look)
  }

  private drop(message: DatagramMessage): void {
    message.connection = undefined
    this.waiting.delete(message)
  }
}

/**
 * Which reply belongs to which message: the id says so. One without an id (`500 Internal error`, an error with id null)
 * belongs to the only message in flight, if nothing else that was sent over the same socket can be what it answers; else to
 * none, since a wrong reply is worse than no reply.
 */
class Matching implements Iterable<DatagramMessage> {
  /** Replies may still come that nobody waits for: to messages that were given up, or were sent more than once. */
  hasStrays = false
  /** A notification was sent, and nothing was answered since: a server that cannot take it may say so, without an id. */
  hasNotified = false
  private readonly messages = new Set<DatagramMessage>()
  private readonly byId = new Map<JsonRpcId, DatagramMessage>()
  private unclear = 0
  private lastUnclear = ''
  private strange = 0
  private lastStrange = ''

  get size(): number {
    return this.messages.size
  }

  [Symbol.iterator](): Iterator<DatagramMessage> {
    return this.messages[Symbol.iterator]()
  }

  /** @returns the id that another message has already; the message is not added then */
  add(message: DatagramMessage): JsonRpcId | undefined {
    const { ids } = message.content
    for (const id of ids) {
      if (this.byId.has(id)) return id
    }
    this.messages.add(message)
    for (const id of ids) this.byId.set(id, message)
    return undefined
  }

  delete(message: DatagramMessage): void {
    if (!this.messages.delete(message)) return
    for (const id of message.content.ids) this.byId.delete(id)
  }

  /**
   * The message that a reply belongs to, or undefined when it belongs to none.
   * @param reply null for what was longer than a datagram may be
   */
  find(reply: ClientReply | null): DatagramMessage | undefined {
    if (reply === null) return this.findWithoutId('longer than a datagram may be')
    const text = typeof reply === 'string' ? reply : reply.text
    const ids = typeof reply === 'string' ? idAtEnd(reply) : idsIn(reply.json)
    if (ids.length === 0) return this.findWithoutId(shownStart(text))
    for (const id of ids) {
      const message = this.byId.get(id)
      if (message === undefined) continue
      this.hasNotified = false
      return message
    }
    // The late reply to a message that was given up, or one more to a message that has its reply.
    this.strange += 1
    this.lastStrange = shownStart(text)
    return undefined
  }

  /** What is known about messages without a reply, where some replies came that could not be matched. */
  hint(): string | undefined {
    const hints: string[] = []
    if (this.unclear > 0) {
      hints.push(
        `${this.unclear} of the replies that came had no id and could belong to several calls, the last one ` +
          `${this.lastUnclear}; send such calls one at a time to see which`,
      )
    }
    if (this.strange > 0) {
      hints.push(
        `${this.strange} of the replies that came had an id that no waiting call has, the last one ${this.lastStrange}: ` +
          'they were late, or meant for another program',
      )
    }
    return hints.length === 0 ? undefined : hints.join('. ')
  }

  private findWithoutId(said: string): DatagramMessage | undefined {
    const [only] = this.messages
    if (this.messages.size === 1 && only?.phase === 'sent' && !this.hasStrays && !this.hasNotified) return only
    this.unclear += 1
    this.lastUnclear = said
    return undefined
  }
}

/** The id of a text that is not quite JSON, where OpenSIPS puts it: `{"result":nan,"id":7}`. */
function idAtEnd(text: string): number[] {
  const [, id] = /[{,]\s*"id":\s*(\d{1,15})\s*}\s*$/.exec(text.slice(-SHOWN_LENGTH)) ?? []
  return id === undefined ? [] : [Number(id)]
}

function shownStart(reply: string): string {
  return peerText(JSON.stringify(reply.slice(0, SHOWN_LENGTH)))
}
