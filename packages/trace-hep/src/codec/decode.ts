import { HepError, isHepError } from '../hep-error.js'
import type { HepMessage } from '../message.js'
import { asBuffer } from './bytes.js'
import { type HepDecodeOptions, type ResolvedDecodeOptions, resolveDecodeOptions } from './codec-options.js'
import { decodeV1V2 } from './v1-v2.js'
import { decodeV3, PACKET_HEAD_BYTES, packetLength } from './v3-decode.js'

/** The first byte of `HEP3`. */
const LETTER_H = 0x48

/** Memory for unfinished packets that grew beyond this is not kept for the next one. */
const LARGEST_KEPT_BYTES = 4_096

const NOTHING = Buffer.alloc(0)

/**
 * Reads one packet, such as a datagram holds. The message shares no memory with `bytes`, which may be used again. Payloads
 * are not looked into, and fields are not judged once they are read: an empty packet of version 3 is a message.
 * @throws HepError whatever the bytes are; nothing else is thrown because of them
 * @throws TypeError, RangeError for options that cannot work
 */
export function decodeHep(bytes: Uint8Array, options?: HepDecodeOptions): HepMessage {
  return decodePacket(asBuffer(bytes), resolveDecodeOptions('decodeHep()', options))
}

/** As `decodeHep`, with options that were checked before. */
export function decodePacket(packet: Buffer, options: ResolvedDecodeOptions): HepMessage {
  const first = packet[0]
  if (first === LETTER_H) return decodeV3(packet, options)
  if (first === 1 || first === 2) return decodeV1V2(first, packet, options)
  if (first === undefined) throw new HepError('HEP_TRUNCATED', { chunk: 'packet', offset: 0 }, 'there are no bytes')
  const what = `it begins with byte ${first}, but HEP begins with 1, 2 or 'HEP3'`
  throw new HepError('HEP_VERSION', { chunk: 'packet', offset: 0 }, what)
}

/**
 * The payload as text. Bytes that are not UTF-8 become U+FFFD: OpenSIPS cuts texts by bytes. '' when there is no payload,
 * and when it holds only NULs, which OpenSIPS adds to versions 1 and 2.
 */
export function hepPayloadText({ payload }: Pick<HepMessage, 'payload'>): string {
  if (payload === undefined || payload.every((byte) => byte === 0)) return ''
  return payload.toString('utf8')
}

/** Called for each packet of a stream, in its order. */
export interface HepStreamEvents {
  message(message: HepMessage): void
  /** A packet that cannot be read, with its number of bytes. The packets after it can. */
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
  /** Bytes of a packet that is not whole yet, at most 65535. Not 0 at the end of a connection: a packet was lost. */
  readonly pendingBytes: number
}

/**
 * The events are called within `push`. An error that one of them throws goes to the caller of `push` and ends the stream, as
 * a wrong beginning does. Its methods may be detached.
 * @throws TypeError, RangeError for options that cannot work
 */
export function createHepStream(events: HepStreamEvents, options?: HepDecodeOptions): HepStream {
  const stream = new PacketStream(events, resolveDecodeOptions('createHepStream()', options))
  return {
    push: (bytes) => stream.push(bytes),
    get pendingBytes() {
      return stream.keptBytes
    },
  }
}

class PacketStream {
  /** The beginning of a packet from earlier reads: the first `keptBytes` of it. */
  private kept = NOTHING
  keptBytes = 0
  private ended: { readonly cause: unknown } | undefined = undefined

  constructor(
    private readonly events: HepStreamEvents,
    private readonly options: ResolvedDecodeOptions,
  ) {}

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

  /** Goes on with the packet that is kept, and returns how many bytes it took. */
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
    if (this.kept.length > LARGEST_KEPT_BYTES) this.kept = NOTHING
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
