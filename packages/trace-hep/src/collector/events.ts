import type { HepTransport } from '../destination/hep-id.js'
import type { HepError } from '../hep-error.js'
import type { HepMessage } from '../message.js'
import type { HepMiRequest } from '../mi/read-payload.js'

/** Who sent a packet to a collector. */
export interface HepSender {
  readonly transport: HepTransport
  readonly address: string
  readonly port: number
}

/** What an MI trace says. A reply comes with the request that it answers, if that was seen. */
export type HepMiTrace =
  | ({ readonly kind: 'request' } & HepMiRequest)
  | {
      readonly kind: 'reply'
      readonly reply: string
      readonly request: HepMiRequest | undefined
      /** Milliseconds from the request to this reply, by the clock of the server that traced them. */
      readonly elapsedMs: number | undefined
    }

/** A message that has arrived. */
export interface HepArrival {
  readonly message: HepMessage
  readonly sender: HepSender
  /** As `Date.now()` gives it. */
  readonly receivedAtMs: number
  /** Undefined when it is no trace of MI (protocol type 0x57), as of versions 1 and 2, which do not say what they carry. */
  readonly mi: HepMiTrace | undefined
}

/** Something that is no packet. */
export interface HepMalformed {
  readonly error: HepError
  readonly sender: HepSender
  /** Octets that were given up. */
  readonly bytes: number
}

/** The events of a collector. */
export interface HepCollectorEvents {
  /** A message, in the order of arrival. */
  message: [arrival: HepArrival]
  /** Octets that cannot be decoded. Over TCP and TLS the connection is closed when no further packet can be found. */
  malformed: [malformed: HepMalformed]
  /** What went wrong otherwise, with one connection or socket. The collector goes on. */
  problem: [error: Error]
}

/** What a collector has counted. */
export interface HepCollectorCounts {
  readonly messages: number
  readonly malformed: number
  /** Requests that were forgotten without a reply, because more than `maxOpenRequests` came after them. */
  readonly unanswered: number
  /** Messages that slow iterators have missed, because more than `maxQueuedMessages` waited. */
  readonly missed: number
}
