import { type HepError, isHepError } from '../hep-error.js'
import type { HepMessage } from '../message.js'
import { asBuffer } from './as-buffer.js'
import { type HepDecodeOptions, type ResolvedDecodeOptions, resolveDecodeOptions } from './options.js'
import { decodeV3 } from './v3/decode.js'
import { PACKET_HEAD_BYTES, packetLength } from './v3/packet-length.js'

/** What a stream of packets holds, in its order. */
export interface HepStreamEvents {
  message(message: HepMessage): void
  /** A packet that cannot be read, with its number of octets. The packets after it can. */
  broken(error: HepError, bytes: number): void
}

/** Cuts what TCP or TLS delivers into packets of version 3 and decodes them. It opens nothing and keeps no time. */
export interface HepStream {
  /**
   * Takes what was read: a part of a packet, several, or both. The memory may be used again afterwards.
   * @throws HepError `HEP_VERSION`, `HEP_LENGTH` where no packet begins, after all packets before it were handed on. No
   *   later beginning can be found: close the connection. Every further `push` throws the same error.
   */
  push(bytes: Uint8Array): void
  /** Octets of a packet that is not whole yet, at most 65535. Not 0 at the end of a connection: a packet was lost. */
  readonly pendingBytes: number
}

/**
 * The events are called within `push`. An error that one of them throws goes to the caller of `push` and ends the stream, as
 * a wrong beginning does.
 * @throws TypeError, RangeError for options that cannot work
 */
export function createHepStream(events: HepStreamEvents, options?: HepDecodeOptions): HepStream {
  return new PacketStream(events, resolveDecodeOptions(options))
}

/** Memory for unfinished packets that grew beyond this is not kept for the next one. */
const LARGEST_KEPT_BYTES = 4_096

const nothing = Buffer.alloc(0)

class PacketStream implements HepStream {
  /** The beginning of a packet from earlier reads: the first `keptBytes` of it. */
  private kept = nothing
  private keptBytes = 0
  private ended: { readonly cause: unknown } | undefined = undefined

  constructor(
    private readonly events: HepStreamEvents,
    private readonly options: ResolvedDecodeOptions,
  ) {}

  get pendingBytes(): number {
    return this.keptBytes
  }

  push(bytes: Uint8Array): void {
    if (this.ended !== undefined) throw this.ended.cause
    const read = asBuffer(bytes)
    try {
      this.cut(read)
    } catch (cause) {
      this.ended = { cause }
      this.forget()
      throw cause
    }
  }

  private cut(bytes: Buffer): void {
    let at = this.keptBytes > 0 ? this.complete(bytes) : 0
    while (bytes.length - at >= PACKET_HEAD_BYTES) {
      const end = at + packetLength(bytes, at)
      if (end > bytes.length) break
      this.decode(bytes.subarray(at, end))
      at = end
    }
    if (at < bytes.length) this.append(bytes, at, bytes.length, bytes.length - at)
  }

  /** Goes on with the packet that is kept, and returns how many octets it took. */
  private complete(bytes: Buffer): number {
    const head = Math.min(Math.max(PACKET_HEAD_BYTES - this.keptBytes, 0), bytes.length)
    this.append(bytes, 0, head, PACKET_HEAD_BYTES)
    if (this.keptBytes < PACKET_HEAD_BYTES) return head
    const total = packetLength(this.kept)
    const end = Math.min(head + total - this.keptBytes, bytes.length)
    this.append(bytes, head, end, total)
    if (this.keptBytes === total) {
      const packet = this.kept.subarray(0, total)
      this.forget()
      this.decode(packet)
    }
    return end
  }

  /** @param most how long the packet can become, as far as is known: memory grows with what arrives, not with promises */
  private append(bytes: Buffer, start: number, end: number, most: number): void {
    const needed = this.keptBytes + end - start
    if (needed > this.kept.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(needed, Math.min(this.kept.length * 2, most)))
      this.kept.copy(larger, 0, 0, this.keptBytes)
      this.kept = larger
    }
    bytes.copy(this.kept, this.keptBytes, start, end)
    this.keptBytes = needed
  }

  private forget(): void {
    this.keptBytes = 0
    if (this.kept.length > LARGEST_KEPT_BYTES) this.kept = nothing
  }

  private decode(packet: Buffer): void {
    let message: HepMessage
    try {
      message = decodeV3(packet, this.options)
    } catch (error) {
      if (!isHepError(error)) throw error
      this.events.broken(error, packet.length)
      return
    }
    this.events.message(message)
  }
}
