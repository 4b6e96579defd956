import type { HepSender } from './events.js'

/** Where a listener is. */
export interface HepAddress {
  readonly address: string
  readonly port: number
}

/** One socket that a collector listens on. */
export interface Listener {
  readonly address: HepAddress
  /** Nothing is left open when it resolves. */
  close(): Promise<void>
}

/** What listeners tell the collector. */
export interface Sink {
  datagram(bytes: Buffer, sender: HepSender): void
  /** A new connection: gives what takes its octets. */
  connection(sender: HepSender): ConnectionSink
  problem(error: Error): void
}

/** What takes the octets of one connection. */
export interface ConnectionSink {
  /** @returns false when no packet can be found in it any more: the connection is to be closed */
  push(bytes: Buffer): boolean
  /** The connection has ended. */
  end(): void
}
