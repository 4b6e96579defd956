import { type ClientMessage, type ClientReply, type ClientTransport, MiError } from '@mi/contract'
import { Connection, type ConnectionOwner } from './connection.js'
import {
  DatagramMessage,
  type MessageOwner,
  type OpenSocket,
  type Phase,
  type ResolvedLimits,
} from './datagram-message.js'

/**
 * How long an open socket is kept that nobody uses, in milliseconds: long enough for calls in a row, too short to be
 * felt by a process that only waits for it to end.
 */
const IDLE_MS = 100

/** UTF-8 has at most so many bytes for each UTF-16 unit. */
const MAX_BYTES_PER_UNIT = 3

const TOO_LONG =
  'mi_datagram of OpenSIPS answers so where the reply does not fit into its buffer of 65457 bytes (socket_buf_size in 4.0): ' +
  'ask for less, or over the FIFO or HTTP'

const CUT_OFF =
  'mi_datagram of OpenSIPS answers so to a request that was cut, since it is longer than its buffer of 65457 bytes ' +
  '(socket_buf_size in 4.0): send less, or raise it'

/** What makes a transport of the one kind or the other. */
export interface DatagramKind {
  readonly name: string
  readonly address: string
  readonly limits: ResolvedLimits
  readonly open: OpenSocket
  /** What to say when nothing has ever arrived. */
  readonly silence: string
}

/**
 * Carries a client's calls over datagrams: one socket, opened by the first call and shared by all. It is closed when it
 * has been idle for a while; at once when the last call was given up, since a late reply then finds no socket.
 */
export class DatagramTransport implements ClientTransport, MessageOwner, ConnectionOwner {
  readonly name: string
  readonly address: string
  private readonly waiting = new Set<DatagramMessage>()
  /** Those that have their turn and wait for the socket. */
  private readonly unsent = new Set<DatagramMessage>()
  private readonly connections = new Set<Connection>()
  private readonly closing = new AbortController()
  private readonly retransmission: Retransmission | undefined
  private current: Connection | undefined
  private opening: Promise<void> | undefined
  private idleTimer: NodeJS.Timeout | undefined
  private running = 0
  private begun = 0
  private isBeginning = false
  private isClaimed = false

  constructor(private readonly kind: DatagramKind) {
    this.name = kind.name
    this.address = kind.address
    const { retries, retryMs } = kind.limits
    if (retries > 0) {
      this.retransmission = new Retransmission(retries, retryMs, (message) => message.connection?.repeat(message))
    }
  }

  /** The ids of two clients are the same, and only the id says whose reply it is. */
  claim(): void {
    if (this.isClaimed) throw new TypeError(`this transport over ${this.where} has a client; make one for each client`)
    this.isClaimed = true
  }

  request(content: ClientMessage): Promise<ClientReply | null> {
    return new Promise((resolve, reject) => {
      content.signal.throwIfAborted()
      this.assertFits(content.text)
      const { maxConcurrent, maxQueued } = this.kind.limits
      const isFree = this.running < maxConcurrent && this.waiting.size === 0
      if (!isFree && this.waiting.size >= maxQueued) {
        throw new MiError('MI_CONNECTION', `${maxQueued} calls over ${this.name} wait already; send fewer at once`)
      }
      const message = new DatagramMessage(content, this, resolve, reject)
      if (isFree) this.begin(message)
      else this.waiting.add(message)
    })
  }

  hint({ ids, text }: ClientMessage, reply: string | undefined): string | undefined {
    if (reply === undefined) return ids.length === 0 ? undefined : this.current?.hint(this.kind.silence)
    if (reply.startsWith('500 ')) return TOO_LONG
    if (reply.startsWith('400 ')) return `This request has ${Buffer.byteLength(text)} bytes. ${CUT_OFF}`
    return undefined
  }

  async close(): Promise<void> {
    clearTimeout(this.idleTimer)
    this.idleTimer = undefined
    this.closing.abort()
    for (const connection of this.connections) connection.close()
    await this.opening
  }

  ended(message: DatagramMessage, before: Phase, abandoned: boolean): void {
    if (before === 'waiting') {
      this.waiting.delete(message)
      return
    }
    this.running -= 1
    this.unsent.delete(message)
    this.retransmission?.forget(message)
    message.connection?.forget(message, abandoned, before === 'sent')
    if (this.waiting.size > 0) this.beginWaiting()
    if (this.running === 0) this.rest()
  }

  sent(message: DatagramMessage): void {
    this.retransmission?.watch(message)
  }

  retired(connection: Connection): void {
    if (this.current === connection) this.current = undefined
  }

  handedBack(message: DatagramMessage): void {
    this.send(message)
  }

  closed(connection: Connection): void {
    this.retired(connection)
    this.connections.delete(connection)
  }

  private begin(message: DatagramMessage): void {
    this.running += 1
    this.begun += 1
    message.phase = 'unsent'
    this.send(message)
  }

  /** Not by recursion: thousands may fail one behind the other. */
  private beginWaiting(): void {
    if (this.isBeginning) return
    this.isBeginning = true
    try {
      for (const message of this.waiting) {
        if (this.running >= this.kind.limits.maxConcurrent) break
        this.waiting.delete(message)
        this.begin(message)
      }
    } finally {
      this.isBeginning = false
    }
  }

  private send(message: DatagramMessage): void {
    if (this.current !== undefined) {
      this.current.carry(message)
      return
    }
    this.unsent.add(message)
    this.opening ??= this.open()
  }

  private async open(): Promise<void> {
    while (this.unsent.size > 0) {
      const connection = new Connection(this, this.where)
      try {
        connection.attach(await this.kind.open(connection, this.closing.signal))
        this.connections.add(connection)
      } catch (error) {
        for (const message of [...this.unsent]) message.fail(error)
        continue
      }
      if (this.unsent.size === 0) {
        connection.close()
        break
      }
      this.current = connection
      for (const message of this.unsent) {
        // It may have retired by now.
        if (this.current !== connection) break
        this.unsent.delete(message)
        connection.carry(message)
      }
    }
    this.opening = undefined
  }

  private rest(): void {
    if (this.current === undefined) return
    if (this.current.hasStrays) this.current.close()
    else if (!this.closing.signal.aborted) this.idleTimer ??= setTimeout(this.closeIdle, IDLE_MS, this.begun)
  }

  /** @param begun how many calls had begun when the timer was set: one for all of them, not one for each */
  private readonly closeIdle = (begun: number): void => {
    this.idleTimer = undefined
    if (this.running > 0) return
    if (this.begun === begun) this.current?.close()
    else this.rest()
  }

  private assertFits(text: string): void {
    const { maxRequestBytes } = this.kind.limits
    if (text.length * MAX_BYTES_PER_UNIT <= maxRequestBytes) return
    const length = Buffer.byteLength(text)
    if (length <= maxRequestBytes) return
    throw new RangeError(
      `a request of ${length} bytes over ${this.where} is longer than a datagram may be: ` +
        `${maxRequestBytes} bytes (maxRequestBytes); send less at once, or use the FIFO`,
    )
  }

  private get where(): string {
    return `${this.name} (${this.address})`
  }
}

/** Sends messages again that are not answered in time. One timer serves them all: the pause is the same for each. */
class Retransmission {
  /** When each is due, by the clock of `performance`; in order, since the pause is the same. */
  private readonly due = new Map<DatagramMessage, number>()
  private timer: NodeJS.Timeout | undefined

  /**
   * @param retries how often each is sent again at most
   * @param retryMs the pause before each time
   */
  constructor(
    private readonly retries: number,
    private readonly retryMs: number,
    private readonly repeat: (message: DatagramMessage) => void,
  ) {}

  /** A message has been sent, maybe once more. */
  watch(message: DatagramMessage): void {
    if (message.repeats >= this.retries) return
    this.due.delete(message)
    this.due.set(message, performance.now() + this.retryMs)
    this.timer ??= setTimeout(this.look, this.retryMs)
  }

  /** A message is over. */
  forget(message: DatagramMessage): void {
    if (!this.due.delete(message) || this.due.size > 0) return
    clearTimeout(this.timer)
    this.timer = undefined
  }

  private readonly look = (): void => {
    this.timer = undefined
    // Timers may fire up to a millisecond early.
    const now = performance.now() + 1
    for (const [message, at] of this.due) {
      if (at > now) {
        this.timer ??= setTimeout(this.look, at - now + 1)
        return
      }
      this.due.delete(message)
      this.repeat(message)
    }
  }
}
