import { MiError } from '@mi/contract'
import { errorText } from '@mi/internal/error-text'
import { addressText, type HepTransport } from '../destination/hep-id.js'
import type { HepArrival, HepCollectorCounts, HepCollectorEvents } from './arrivals.js'
import { type CaptureSocket, type HepAddress, listenOnTcp, listenOnUdp } from './capture-sockets.js'
import {
  type HepCollectorOptions,
  type ResolvedCollectorOptions,
  type ResolvedListen,
  resolveCollectorOptions,
} from './collector-options.js'
import { Intake } from './intake.js'

/** Receives HEP. Several `for await` loops may run; each sees what arrives from its beginning on. */
export interface HepCollector extends AsyncIterable<HepArrival>, AsyncDisposable {
  /** Where it listens; empty before `listen`. */
  readonly addresses: Readonly<Partial<Record<HepTransport, HepAddress>>>
  readonly counts: HepCollectorCounts
  /** Calls the listener at each event, until `off`. What a listener throws becomes an 'uncaughtException'. */
  on<E extends keyof HepCollectorEvents>(event: E, listener: (...args: HepCollectorEvents[E]) => void): HepCollector
  off<E extends keyof HepCollectorEvents>(event: E, listener: (...args: HepCollectorEvents[E]) => void): HepCollector
  /**
   * @throws MiError `MI_LISTEN` when one of the sockets cannot listen; then none is left open
   * @throws MiError `MI_CLOSED` after `close`
   */
  listen(): Promise<void>
  /** Closes all sockets and connections; loops end once they have seen what waits for them. May be called again. */
  close(): Promise<void>
}

/**
 * A small capture server: decodes HEP that arrives over UDP, TCP and TLS, and finds the request of each MI reply. Nothing
 * is opened before `listen`. Its methods may be detached.
 * @throws TypeError, RangeError for options that cannot work
 */
export function createHepCollector(options: HepCollectorOptions): HepCollector {
  const collector = new Collector(resolveCollectorOptions(options))
  const { emitter } = collector.intake
  const returned: HepCollector = {
    get addresses() {
      return collector.addresses
    },
    get counts() {
      return collector.intake.counts
    },
    on(event, listener) {
      emitter.on(event, listener)
      return returned
    },
    off(event, listener) {
      emitter.off(event, listener)
      return returned
    },
    listen: () => collector.listen(),
    close: () => collector.close(),
    [Symbol.asyncDispose]: () => collector.close(),
    [Symbol.asyncIterator]: () => collector.intake.loop(),
  }
  return returned
}

/** Opens and closes the sockets. */
class Collector {
  addresses: Partial<Record<HepTransport, HepAddress>> = {}
  readonly intake: Intake
  private sockets: CaptureSocket[] = []
  /** Undefined before `listen`, and when it has failed. */
  private listening: Promise<void> | undefined
  private closing: Promise<void> | undefined

  constructor(private readonly options: ResolvedCollectorOptions) {
    this.intake = new Intake(options)
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

  private async openAll(): Promise<void> {
    const { options, intake } = this
    const { udp, tcp, tls } = options
    try {
      if (udp !== undefined) await this.open('udp', udp, () => listenOnUdp(udp, intake))
      if (tcp !== undefined) await this.open('tcp', tcp, () => listenOnTcp(tcp, options, intake))
      if (tls !== undefined) await this.open('tls', tls, () => listenOnTcp(tls, options, intake))
    } catch (error) {
      await this.closeSockets()
      this.listening = undefined
      throw error
    }
  }

  private async open(
    transport: HepTransport,
    { host, port }: ResolvedListen,
    listen: () => Promise<CaptureSocket>,
  ): Promise<void> {
    let socket: CaptureSocket
    try {
      socket = await listen()
    } catch (cause) {
      const where = addressText({ transport, host, port })
      const text = `the collector cannot listen on ${where}: ${errorText(cause)}; choose another host or port`
      throw new MiError('MI_LISTEN', text, { cause })
    }
    this.sockets.push(socket)
    this.addresses = { ...this.addresses, [transport]: socket.address }
    // Closed meanwhile: it must not stay open.
    if (this.closing !== undefined) throw new MiError('MI_CLOSED', 'the collector was closed while it began to listen')
  }

  private async closeOnce(): Promise<void> {
    // A socket that is being opened is closed as well; `listen` reports its errors.
    await this.listening?.catch(() => undefined)
    await this.closeSockets()
    this.intake.close()
  }

  private async closeSockets(): Promise<void> {
    const { sockets } = this
    this.sockets = []
    this.addresses = {}
    await Promise.all(sockets.map((socket) => socket.close()))
  }
}
