import { EventEmitter } from 'node:events'
import { MiError } from '@mi/contract'
import type { HepTransport } from '../destination/hep-id.js'
import { addressText } from '../destination/status.js'
import { Arrivals } from './arrivals.js'
import type { HepArrival, HepCollectorCounts, HepCollectorEvents } from './events.js'
import { Intake } from './intake.js'
import type { HepAddress, Listener } from './listener.js'
import {
  type HepCollectorOptions,
  type ResolvedCollectorOptions,
  type ResolvedListen,
  resolveCollectorOptions,
} from './options.js'
import { listenOnTcp, listenOnTls } from './stream-listener.js'
import { listenOnUdp } from './udp-listener.js'

/** Receives HEP. Several `for await` loops may run, and see each what arrives from their beginning on. */
export interface HepCollector extends AsyncIterable<HepArrival>, AsyncDisposable {
  /** Where it listens; empty before `listen`. */
  readonly addresses: Readonly<Partial<Record<HepTransport, HepAddress>>>
  readonly counts: HepCollectorCounts
  /** Calls the listener at each event, until `off`. What a listener throws becomes an 'uncaughtException'. */
  on<E extends keyof HepCollectorEvents>(event: E, listener: (...args: HepCollectorEvents[E]) => void): HepCollector
  off<E extends keyof HepCollectorEvents>(event: E, listener: (...args: HepCollectorEvents[E]) => void): HepCollector
  /**
   * @throws MiError `MI_LISTEN` when one of the sockets cannot listen; none is left open then
   * @throws MiError `MI_CLOSED` after `close`
   */
  listen(): Promise<void>
  /** Closes all sockets and connections; loops end once they have seen what waits for them. May be called again. */
  close(): Promise<void>
}

/**
 * A small capture server: decodes HEP that arrives over UDP, TCP and TLS, and finds the request of each MI reply. Nothing
 * is opened before `listen`.
 * @throws TypeError, RangeError for options that cannot work
 */
export function createHepCollector(options: HepCollectorOptions): HepCollector {
  return new Collector(resolveCollectorOptions(options))
}

class Collector implements HepCollector {
  addresses: Partial<Record<HepTransport, HepAddress>> = {}
  private readonly emitter = new EventEmitter()
  private readonly intake: Intake
  private readonly loops = new Set<Arrivals>()
  private listeners: Listener[] = []
  /** Undefined before `listen`, and when it has failed. */
  private listening: Promise<void> | undefined
  private closing: Promise<void> | undefined
  private missed = 0

  constructor(private readonly options: ResolvedCollectorOptions) {
    this.intake = new Intake(options, {
      message: (arrival) => {
        this.emitter.emit('message', arrival)
        for (const loop of this.loops) loop.add(arrival)
      },
      malformed: (malformed) => this.emitter.emit('malformed', malformed),
      problem: (error) => this.emitter.emit('problem', error),
    })
  }

  get counts(): HepCollectorCounts {
    const { messages, malformed, unanswered } = this.intake
    return { messages, malformed, unanswered, missed: this.missed }
  }

  on<E extends keyof HepCollectorEvents>(event: E, listener: (...args: HepCollectorEvents[E]) => void): this {
    this.emitter.on(event, listener)
    return this
  }

  off<E extends keyof HepCollectorEvents>(event: E, listener: (...args: HepCollectorEvents[E]) => void): this {
    this.emitter.off(event, listener)
    return this
  }

  async listen(): Promise<void> {
    if (this.closing !== undefined) throw new MiError('MI_CLOSED', 'this collector is closed; make a new one')
    if (this.listening !== undefined) throw new TypeError('listen() was already called')
    this.listening = this.openAll()
    await this.listening
  }

  close(): Promise<void> {
    this.closing ??= this.closeOnce()
    return this.closing
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  [Symbol.asyncIterator](): AsyncIterator<HepArrival, undefined> {
    const loop: Arrivals = new Arrivals(
      this.options.maxQueuedMessages,
      () => {
        this.missed++
      },
      () => this.loops.delete(loop),
    )
    if (this.closing === undefined) this.loops.add(loop)
    else loop.finish()
    return loop
  }

  private async openAll(): Promise<void> {
    try {
      const { udp, tcp, tls, maxConnections } = this.options
      if (udp !== undefined) await this.open('udp', udp, () => listenOnUdp(udp, this.intake))
      if (tcp !== undefined) await this.open('tcp', tcp, () => listenOnTcp(tcp, maxConnections, this.intake))
      if (tls !== undefined) await this.open('tls', tls, () => listenOnTls(tls, maxConnections, this.intake))
    } catch (error) {
      await this.closeListeners()
      this.listening = undefined
      throw error
    }
  }

  private async open(
    transport: HepTransport,
    { host, port }: ResolvedListen,
    listen: () => Promise<Listener>,
  ): Promise<void> {
    let listener: Listener
    try {
      listener = await listen()
    } catch (cause) {
      const where = addressText({ transport, host, port })
      const why = cause instanceof Error ? cause.message : String(cause)
      throw new MiError('MI_LISTEN', `the collector cannot listen on ${where}: ${why}; choose another host or port`, {
        cause,
      })
    }
    this.listeners.push(listener)
    this.addresses = { ...this.addresses, [transport]: listener.address }
    // Closed meanwhile: it must not stay open.
    if (this.closing !== undefined) throw new MiError('MI_CLOSED', 'the collector was closed while it began to listen')
  }

  private async closeOnce(): Promise<void> {
    // A socket that is being opened is closed as well; what went wrong with it is told by `listen`.
    await this.listening?.catch(() => undefined)
    await this.closeListeners()
    for (const loop of [...this.loops]) loop.finish()
  }

  private async closeListeners(): Promise<void> {
    const { listeners } = this
    this.listeners = []
    this.addresses = {}
    await Promise.all(listeners.map((listener) => listener.close()))
  }
}
