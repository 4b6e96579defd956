import { BoundedQueue } from '@mi/internal/bounded-queue'
import type { HepTransport } from '../destination/hep-id.js'
import type { HepError } from '../hep-error.js'
import type { HepMessage } from '../message.js'
import type { HepMiTrace } from './mi-traces.js'

/** Who sent a packet to a collector. */
export interface HepSender {
  readonly transport: HepTransport
  readonly address: string
  readonly port: number
}

/** A message that has arrived. */
export interface HepArrival {
  readonly message: HepMessage
  readonly sender: HepSender
  /** As `Date.now()` gives it. */
  readonly receivedAtMs: number
  /** Undefined for other messages than MI traces (protocol type 0x57). Versions 1 and 2 do not say what they carry. */
  readonly mi: HepMiTrace | undefined
}

/** Something that is not a packet. */
export interface HepMalformed {
  readonly error: HepError
  readonly sender: HepSender
  /** Bytes that were given up. */
  readonly bytes: number
  /** How many there were with this error code since the last event for it, this one included. */
  readonly count: number
}

/** The events of a collector. */
export interface HepCollectorEvents {
  /** A message, in the order of arrival. */
  message: [arrival: HepArrival]
  /**
   * Bytes that cannot be decoded. Over TCP and TLS the connection is closed when no further packet can be found. There is one
   * event for each error code and second: the first comes at once, then one stands for all in a second.
   */
  malformed: [malformed: HepMalformed]
  /**
   * Another error, of one connection or socket. The collector goes on. There is one event for each kind and second, as for
   * `malformed`; `count` is how many it stands for.
   */
  problem: [error: Error, count: number]
}

/** What a collector has counted. */
export interface HepCollectorCounts {
  readonly messages: number
  readonly malformed: number
  /** Requests that were forgotten without a reply, to stay within `maxOpenRequests` and `maxOpenBytes`. */
  readonly unanswered: number
  /** Messages that slow iterators have missed, to stay within `maxQueued` and `maxQueuedBytes`. */
  readonly missed: number
}

/** What a message takes in memory besides its payload and its texts, about. */
const MESSAGE_BYTES = 1_024
const CHUNK_BYTES = 256

/** The memory that zlib gives a small payload. */
const INFLATED_BYTES = 16_384

/** What one `for await` loop over a collector has yet to see, within bounds; then the oldest is missed. */
export class ArrivalLoop implements AsyncIterator<HepArrival, undefined> {
  private readonly waiting: BoundedQueue<HepArrival>
  private readonly asked: ((result: IteratorResult<HepArrival, undefined>) => void)[] = []
  private isDone = false

  /** @param onDone called once, when the loop has ended */
  constructor(
    maxQueued: number,
    maxQueuedBytes: number,
    private readonly onDone: (loop: ArrivalLoop) => void,
  ) {
    this.waiting = new BoundedQueue(maxQueued, maxQueuedBytes)
  }

  /** @returns how many messages were missed to make room */
  add(value: HepArrival): number {
    const reply = this.asked.shift()
    if (reply === undefined) return this.waiting.push(value, bytesOf(value.message))
    reply({ done: false, value })
    return 0
  }

  /** What waits is still handed out. */
  finish(): void {
    if (this.isDone) return
    this.isDone = true
    for (const reply of this.asked.splice(0)) reply({ done: true, value: undefined })
    this.onDone(this)
  }

  next(): Promise<IteratorResult<HepArrival, undefined>> {
    const value = this.waiting.shift()
    if (value !== undefined) return Promise.resolve({ done: false, value })
    if (this.isDone) return Promise.resolve({ done: true, value: undefined })
    return new Promise((resolve) => this.asked.push(resolve))
  }

  return(): Promise<IteratorResult<HepArrival, undefined>> {
    this.waiting.clear()
    this.finish()
    return Promise.resolve({ done: true, value: undefined })
  }
}

/** About what a message takes in memory. The payload is there once more as text, with up to two bytes for each of its. */
function bytesOf({ payload, chunks = [], compressed, ...fields }: HepMessage): number {
  let bytes = MESSAGE_BYTES + 3 * (payload?.length ?? 0) + (compressed === true ? INFLATED_BYTES : 0)
  for (const value of Object.values(fields)) if (typeof value === 'string') bytes += 2 * value.length
  for (const { body } of chunks) bytes += CHUNK_BYTES + body.length
  return bytes
}
