import { type ClientMessage, MiError } from '@mi/contract'
import type { AbortSource } from '../life.js'
import { describeTransport, type TransportFacts } from '../transport-facts.js'
import { Call, type CallOwner, type Phase } from './call.js'
import { Connection, type ConnectionOwner } from './connection.js'
import type { OpenLink } from './link.js'
import type { ResolvedLimits } from './options.js'
import { Retransmission } from './retransmission.js'

/**
 * How long an open socket is kept that nobody uses, in milliseconds: long enough for calls in a row, too short to be
 * felt by a process that only waits for it to end.
 */
const idleMs = 100

/** UTF-8 has at most so many octets for each UTF-16 unit. */
const maxBytesPerUnit = 3

/** What makes a transport of the one kind or the other. */
export interface DatagramKind {
  readonly name: string
  readonly address: string
  readonly limits: ResolvedLimits
  readonly open: OpenLink
  /** What to say when nothing has ever arrived. */
  readonly silence: string
}

/**
 * Carries a client's calls over datagrams: one socket, opened by the first call and shared by all. It is closed when it
 * has been idle for a while; at once when the last call was given up, since a late answer then finds no socket.
 */
export class DatagramTransport implements TransportFacts, CallOwner, ConnectionOwner {
  readonly name: string
  readonly address: string
  private readonly waiting = new Set<Call>()
  /** Those that have their turn and wait for the socket. */
  private readonly unsent = new Set<Call>()
  private readonly connections = new Set<Connection>()
  private readonly life = new AbortController()
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
      this.retransmission = new Retransmission(retries, retryMs, (call) => call.connection?.repeat(call))
    }
  }

  /** The ids of two clients are the same, and only the id tells whose answer it is. */
  claim(): void {
    if (this.isClaimed) {
      throw new TypeError(`this transport over ${describeTransport(this)} has a client; make one for each client`)
    }
    this.isClaimed = true
  }

  request(message: ClientMessage): Promise<string | null> {
    return this.requestDuring(message, message.signal)
  }

  requestDuring(message: Omit<ClientMessage, 'signal'>, life: AbortSource): Promise<string | null> {
    return new Promise((resolve, reject) => {
      if (this.life.signal.aborted) throw this.closedError('is closed')
      life.throwIfAborted()
      this.assertFits(message.text)
      const { maxConcurrent, maxWaiting } = this.kind.limits
      const isFree = this.running < maxConcurrent && this.waiting.size === 0
      if (!isFree && this.waiting.size >= maxWaiting) {
        throw new MiError('MI_CONNECTION', `${maxWaiting} calls over ${this.name} wait already; send fewer at once`)
      }
      const call = new Call(message, life, this, resolve, reject)
      if (isFree) this.begin(call)
      else this.waiting.add(call)
    })
  }

  async close(): Promise<void> {
    if (!this.life.signal.aborted) {
      const reason = this.closedError('was closed meanwhile')
      this.life.abort(reason)
      clearTimeout(this.idleTimer)
      for (const call of [...this.waiting, ...this.unsent]) call.fail(reason)
      for (const connection of this.connections) connection.close(reason)
    }
    await this.opening
  }

  silenceHint(): string | undefined {
    return this.current?.hint(this.kind.silence)
  }

  ended(call: Call, before: Phase, abandoned: boolean): void {
    if (before === 'waiting') {
      this.waiting.delete(call)
      return
    }
    this.running -= 1
    this.unsent.delete(call)
    this.retransmission?.forget(call)
    call.connection?.forget(call, abandoned, before === 'sent')
    if (this.waiting.size > 0) this.beginWaiting()
    if (this.running === 0) this.rest()
  }

  sent(call: Call): void {
    this.retransmission?.watch(call)
  }

  retired(connection: Connection): void {
    if (this.current === connection) this.current = undefined
  }

  handedBack(call: Call): void {
    this.send(call)
  }

  closed(connection: Connection): void {
    this.retired(connection)
    this.connections.delete(connection)
  }

  private begin(call: Call): void {
    this.running += 1
    this.begun += 1
    call.phase = 'unsent'
    this.send(call)
  }

  /** Not by recursion: thousands may fail one behind the other. */
  private beginWaiting(): void {
    if (this.isBeginning) return
    this.isBeginning = true
    try {
      for (const call of this.waiting) {
        if (this.running >= this.kind.limits.maxConcurrent) break
        this.waiting.delete(call)
        this.begin(call)
      }
    } finally {
      this.isBeginning = false
    }
  }

  private send(call: Call): void {
    if (this.current !== undefined) {
      this.current.carry(call)
      return
    }
    this.unsent.add(call)
    this.opening ??= this.open()
  }

  private async open(): Promise<void> {
    while (this.unsent.size > 0) {
      const connection = new Connection(this, describeTransport(this))
      try {
        connection.attach(await this.kind.open(connection, this.life.signal))
        this.connections.add(connection)
      } catch (error) {
        for (const call of [...this.unsent]) call.fail(error)
        continue
      }
      if (this.unsent.size === 0) {
        connection.close()
        break
      }
      this.current = connection
      for (const call of this.unsent) {
        // It may have retired by now.
        if (this.current !== connection) break
        this.unsent.delete(call)
        connection.carry(call)
      }
    }
    this.opening = undefined
  }

  private rest(): void {
    if (this.current === undefined) return
    if (this.current.hasStrays) this.current.close()
    else if (!this.life.signal.aborted) this.idleTimer ??= setTimeout(this.closeIdle, idleMs, this.begun)
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
    if (text.length * maxBytesPerUnit <= maxRequestBytes) return
    const length = Buffer.byteLength(text)
    if (length <= maxRequestBytes) return
    throw new RangeError(
      `a request of ${length} octets over ${describeTransport(this)} is longer than a datagram may be: ` +
        `${maxRequestBytes} octets (maxRequestBytes); send less at once, or use the FIFO`,
    )
  }

  private closedError(what: string): MiError {
    return new MiError('MI_CLOSED', `the transport over ${this.name} ${what}`)
  }
}
