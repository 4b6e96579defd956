import type { MiLogger } from '@mi/contract'
import { errorText } from '@mi/internal/error-text'
import { type FindPosix, findPosix } from '@mi/internal/optional-posix'
import type { HepVersion } from '../message.js'
import type { ResolvedDestination } from './destination-options.js'
import { addressText } from './hep-id.js'
import { type Link, type LinkEvents, Retries } from './link.js'
import { PacketBuffer, PacketQueue } from './packets.js'
import { TcpLink } from './tcp-link.js'
import { UdpLink } from './udp-link.js'

/**
 * What a destination is doing:
 * - `closed` not open: before `listen`, or after `close`
 * - `connecting` a connection or socket is being opened
 * - `connected` messages go out
 * - `retrying` waits before it connects again
 * - `cooldown` a longer pause, after `hepMaxRetries` tries
 */
export type HepDestinationState = 'closed' | 'connecting' | 'connected' | 'retrying' | 'cooldown'

/** A destination at one moment. The counts go on over `close` and `listen`. */
export interface HepDestinationStatus {
  readonly name: string
  /** `tcp:10.0.0.2:9060`, `udp:[::1]:9060`. */
  readonly address: string
  readonly version: HepVersion
  readonly state: HepDestinationState
  /** Messages that the system took. */
  readonly sent: number
  /** Messages that wait, those that are being written included. */
  readonly queued: number
  /** Messages that were lost: no room, an error, or the tracer was closed. */
  readonly dropped: number
  /** The last error; undefined when there was none. */
  readonly lastError: string | undefined
}

/** How long `close` waits for what is on its way. */
const FLUSH_MS = 1_000

/** Packets that a link is offered at once. */
const OFFERED_PACKETS = 256

/** What a destination needs besides its options. */
export interface DestinationContext {
  readonly log: MiLogger
  /** How `@mi/posix` is found. */
  readonly findPosix?: FindPosix | undefined
}

/**
 * The way to one capture server. Packets are gathered until the commands of this turn of the event loop are done, and then
 * sent together; what cannot go waits in a bounded queue. Nothing here throws, and no command waits for it.
 */
export class Destination {
  /**
   * Where packets are written before `written` is called. Requests and replies lie apart: many in a row then have the same
   * length, and @mi/posix sends such a row at little more than the cost of one packet.
   */
  readonly requests = new PacketBuffer()
  readonly replies = new PacketBuffer()
  private readonly queue: PacketQueue
  private readonly retries: Retries
  /** Its links need these two. */
  readonly log: MiLogger
  readonly findPosix: FindPosix
  private readonly address: string
  private state: HepDestinationState = 'closed'
  private link: Link | undefined
  private openedAt = Number.POSITIVE_INFINITY
  private sent = 0
  private dropped = 0
  private lastError: string | undefined
  private flushIsDue = false
  private isClosing = false
  /** Whether `open` was called after the last `close`. */
  private isWanted = false
  private closing: Promise<void> | undefined
  /** While it closes: called whenever something has changed. */
  private onChange: (() => void) | undefined
  private readonly flushDue = (): void => {
    this.flushIsDue = false
    this.flush()
  }

  constructor(
    readonly options: ResolvedDestination,
    context: DestinationContext,
  ) {
    this.log = context.log
    this.findPosix = context.findPosix ?? findPosix
    this.address = addressText(options)
    this.queue = new PacketQueue(options.maxQueued)
    this.retries = new Retries(options, () => this.connect())
  }

  get isOpen(): boolean {
    return this.state !== 'closed' && !this.isClosing
  }

  status(): HepDestinationStatus {
    const { options, address, state, sent, dropped, lastError } = this
    const queued = this.requests.count + this.replies.count + this.waiting
    return { name: options.name, address, version: options.version, state, sent, queued, dropped, lastError }
  }

  /** Connects in the background. A destination that is being closed opens again when that is done. */
  async open(): Promise<void> {
    this.isWanted = true
    await this.closing
    // Closed again meanwhile: nobody would close a link that is opened now.
    if (!this.isWanted || this.state !== 'closed') return
    const { transport, version, refusedTransport } = this.options
    if (refusedTransport !== undefined) {
      this.log.warn(this.fields(), `HEP version ${version} cannot go over ${refusedTransport}: ${transport} is used`)
    }
    this.connect()
  }

  /** A packet of so many bytes is in one of the buffers. */
  written(buffer: PacketBuffer, bytes: number): void {
    buffer.add(bytes)
    if (buffer.isFull) this.flush()
    else if (!this.flushIsDue) {
      this.flushIsDue = true
      queueMicrotask(this.flushDue)
    }
  }

  /** Counts messages that were not written or that were lost. */
  drop(count = 1): void {
    this.dropped += count
  }

  /** Sends what waits, for at most a second, and drops the rest. */
  close(): Promise<void> {
    this.isWanted = false
    if (this.state !== 'closed' && !this.isClosing) {
      this.isClosing = true
      this.closing = this.closeOnce()
    }
    return this.closing ?? Promise.resolve()
  }

  private get waiting(): number {
    return this.queue.length + (this.link?.unsettled ?? 0)
  }

  private fields(): { readonly destination: string; readonly address: string } {
    return { destination: this.options.name, address: this.address }
  }

  private connect(): void {
    this.state = 'connecting'
    const events: LinkEvents = {
      opened: () => this.onOpened(),
      sent: (count) => {
        this.sent += count
        this.onChange?.()
      },
      lost: (count, error) => {
        this.drop(count)
        this.lastError = errorText(error)
        this.onChange?.()
      },
      ready: () => this.drain(),
      closed: (error) => this.onClosed(error),
    }
    try {
      this.link = this.openLink(events)
    } catch (error) {
      // node:tls throws on wrong options; thrown from a timer that would end the process.
      this.onClosed(error instanceof Error ? error : new Error(errorText(error)))
    }
  }

  private openLink(events: LinkEvents): Link {
    const { options } = this
    if (options.transport === 'udp') return new UdpLink(options, this, events)
    // Half of the queue at most, so that there is always something old to drop.
    return new TcpLink({ ...options, maxPackets: Math.max(1, options.maxQueued >> 1) }, events)
  }

  private onOpened(): void {
    this.state = 'connected'
    this.openedAt = performance.now()
    this.log.info(this.fields(), 'the capture server is connected')
    this.drain()
    this.onChange?.()
  }

  private onClosed(err: Error): void {
    const unsettled = this.link?.unsettled ?? 0
    const heldMs = Math.max(0, performance.now() - this.openedAt)
    this.link = undefined
    this.openedAt = Number.POSITIVE_INFINITY
    this.drop(unsettled)
    this.onChange?.()
    if (this.isClosing) return
    this.lastError = errorText(err)
    this.state = this.retries.failed(heldMs)
    this.log.warn(
      { ...this.fields(), err, state: this.state },
      'no connection to the capture server; trying again later',
    )
  }

  /** Hands on what was written in this turn, requests before their replies. */
  private flush(): void {
    this.handOn(this.requests)
    this.handOn(this.replies)
  }

  private handOn(buffer: PacketBuffer): void {
    if (buffer.count === 0) return
    const packets = buffer.take()
    const taken = this.state === 'connected' && this.queue.length === 0 ? (this.link?.send(packets) ?? 0) : 0
    for (let index = taken; index < packets.length; index++) this.enqueue(packets[index] ?? new Uint8Array())
  }

  private enqueue(packet: Uint8Array): void {
    const dropped = this.queue.add(Buffer.from(packet), this.link?.unsettled ?? 0)
    if (dropped === 0) return
    this.drop(dropped)
    if (!this.queue.overflows)
      this.log.warn(this.fields(), 'too many messages wait for the capture server; the oldest are dropped')
    this.queue.overflows = true
  }

  private drain(): void {
    const { queue } = this
    while (this.state === 'connected' && this.link !== undefined && queue.length > 0) {
      const offered = queue.first(OFFERED_PACKETS)
      const taken = this.link.send(offered)
      queue.remove(taken)
      if (taken < offered.length) return
    }
  }

  private async closeOnce(): Promise<void> {
    this.flush()
    this.retries.cancel()
    let isLate = false
    const timer = setTimeout(() => {
      isLate = true
      this.onChange?.()
    }, FLUSH_MS)
    const isOnItsWay = (): boolean => this.link !== undefined && !isLate
    while (this.waiting > 0 && isOnItsWay()) await this.changed()
    if (this.state === 'connected') this.link?.end()
    while (this.state === 'connected' && isOnItsWay()) await this.changed()
    clearTimeout(timer)
    this.giveUp()
  }

  private changed(): Promise<void> {
    return new Promise((resolve) => {
      this.onChange = resolve
    })
  }

  private giveUp(): void {
    const { waiting } = this
    this.link?.destroy()
    this.link = undefined
    this.queue.remove(this.queue.length)
    this.openedAt = Number.POSITIVE_INFINITY
    this.state = 'closed'
    this.isClosing = false
    this.onChange = undefined
    if (waiting === 0) return
    this.drop(waiting)
    this.log.warn(
      { ...this.fields(), count: waiting },
      'dropped at close: the capture server did not take them in time',
    )
  }
}
