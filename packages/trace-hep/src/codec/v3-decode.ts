import { constants } from 'node:buffer'
import { unzipSync } from 'node:zlib'
import { errorText } from '@mi/internal/error-text'
import { HepError, type HepErrorPlace } from '../hep-error.js'
import type { HepChunk, HepMessage } from '../message.js'
import { IPV4, IPV6, ipv4Text, ipv6Text } from './addresses.js'
import { copied, uint8, uint16, uint32, utf8Text } from './bytes.js'
import type { ResolvedDecodeOptions } from './codec-options.js'
import { CHUNK, CHUNK_HEAD_BYTES, CHUNK_LENGTHS, CHUNK_OF_TYPE, chunkName } from './v3-chunks.js'

/** Bytes before the first chunk: `HEP3` and the length of the packet. */
export const PACKET_HEAD_BYTES = 6

/** `HEP3` */
const MAGIC = 0x48455033

type MessageRead = { -readonly [Name in keyof HepMessage]: HepMessage[Name] }

/**
 * The length that a packet of version 3 says it has, its head included.
 * @throws HepError `HEP_TRUNCATED`, `HEP_VERSION`, `HEP_LENGTH` when there is no head at `at`
 */
export function packetLength(bytes: Buffer, at = 0): number {
  const received = bytes.length - at
  if (received < PACKET_HEAD_BYTES) throw truncatedPacket(received, PACKET_HEAD_BYTES)
  if (uint32(bytes, at) !== MAGIC) {
    throw new HepError('HEP_VERSION', { chunk: 'packet', offset: 0 }, "it begins with 'H', but not with 'HEP3'")
  }
  const total = uint16(bytes, at + 4)
  if (total >= PACKET_HEAD_BYTES) return total
  throw new HepError('HEP_LENGTH', { chunk: 'packet', offset: 4 }, `a length of ${total} bytes; at least 6 are needed`)
}

/** Reads a packet of version 3. Chunks may come in any order; of two equal ones the last counts. */
export function decodeV3(bytes: Buffer, options: ResolvedDecodeOptions): HepMessage {
  const total = packetLength(bytes)
  if (bytes.length < total) throw truncatedPacket(bytes.length, total)
  const reader = new MessageReader(bytes, options)
  let next = PACKET_HEAD_BYTES
  for (let at = next; at < total; at = next) {
    if (total - at < CHUNK_HEAD_BYTES) {
      const what = `6 bytes are needed, but only ${total - at} are left`
      throw new HepError('HEP_TRUNCATED', { chunk: 'chunk head', offset: at }, what)
    }
    const vendor = uint16(bytes, at)
    const type = uint16(bytes, at + 2)
    const length = uint16(bytes, at + 4)
    next = at + length
    if (length < CHUNK_HEAD_BYTES || next > total) throw wrongChunkLength(vendor, type, at, length, total - at)
    // A type means something under vendor 0 only; vendors use the same numbers for their own.
    const expected = vendor === 0 ? CHUNK_LENGTHS[type] : undefined
    if (expected === undefined) reader.keep(vendor, type, at, next)
    else if (expected === 0 || expected === length) reader.take(type, at, next)
    else if (options.lenient) reader.keep(vendor, type, at, next)
    else {
      const what = `a length of ${length} bytes; it must be ${expected}`
      throw new HepError('HEP_LENGTH', { chunk: chunkName(0, type), offset: at }, what)
    }
  }
  return reader.finish(bytes.length - total)
}

function truncatedPacket(received: number, needed: number): HepError {
  const what = `${needed} bytes are needed, but only ${received} are there`
  return new HepError('HEP_TRUNCATED', { chunk: 'packet', offset: 0 }, what)
}

function wrongChunkLength(vendor: number, type: number, offset: number, length: number, left: number): HepError {
  const place: HepErrorPlace = { chunk: chunkName(vendor, type), offset }
  return length < CHUNK_HEAD_BYTES
    ? new HepError('HEP_LENGTH', place, `a length of ${length} bytes; at least 6 are needed`)
    : new HepError('HEP_TRUNCATED', place, `a length of ${length} bytes, but only ${left} are left`)
}

/**
 * Puts a message together from its generic chunks, whose sizes were checked. The fields of every MI trace are there from the
 * beginning, so that all messages have one shape; the others are added where a packet has them.
 */
class MessageReader {
  private readonly message: MessageRead = {
    version: 3,
    family: undefined,
    ipProto: undefined,
    srcIp: undefined,
    dstIp: undefined,
    srcPort: undefined,
    dstPort: undefined,
    timeSec: undefined,
    timeUsec: undefined,
    protoType: undefined,
    captureId: undefined,
    payload: undefined,
    correlationId: undefined,
  }
  private chunks: HepChunk[] | undefined = undefined
  /** The family of the address chunks read so far; 0 before there is one. */
  private addressFamily = 0
  /** The IPv4 address that was read last. */
  private ipv4Value = -1
  private ipv4Text = ''
  private payloadAt = 0
  private payloadEnd = 0

  constructor(
    private readonly bytes: Buffer,
    private readonly options: ResolvedDecodeOptions,
  ) {}

  /**
   * A generic chunk, from its head on. The chunks of MI traces are spelled out, with the numbers of the table: going by the
   * table takes 1.1 times as long for its numbers, and 1.3 times for its fields.
   */
  take(type: number, at: number, next: number): void {
    const { bytes, message } = this
    const body = at + CHUNK_HEAD_BYTES
    switch (type) {
      case 0x01:
        message.family = this.familyRead(uint8(bytes, body), at)
        break
      case 0x02:
        message.ipProto = uint8(bytes, body)
        break
      case 0x03:
        this.takeFamily(IPV4, type, at)
        message.srcIp = this.ipv4(body)
        break
      case 0x04:
        this.takeFamily(IPV4, type, at)
        message.dstIp = this.ipv4(body)
        break
      case 0x05:
        this.takeFamily(IPV6, type, at)
        message.srcIp = ipv6Text(bytes, body)
        break
      case 0x06:
        this.takeFamily(IPV6, type, at)
        message.dstIp = ipv6Text(bytes, body)
        break
      case 0x07:
        message.srcPort = uint16(bytes, body)
        break
      case 0x08:
        message.dstPort = uint16(bytes, body)
        break
      case 0x09:
        message.timeSec = uint32(bytes, body)
        break
      case 0x0a:
        message.timeUsec = uint32(bytes, body)
        break
      case 0x0b:
        message.protoType = uint8(bytes, body)
        break
      case 0x0c:
        message.captureId = uint32(bytes, body)
        break
      case 0x0f:
      case 0x10:
        // Only the last is copied or inflated, at the end: many of them in a packet cost no more than one.
        this.payloadAt = at
        this.payloadEnd = next
        break
      case 0x11:
        message.correlationId = this.text(type, at, next)
        break
      default:
        this.takeByTable(type, at, next)
    }
  }

  /** A chunk that has no field, from its head on. */
  keep(vendor: number, type: number, at: number, next: number): void {
    this.chunks ??= []
    this.chunks.push({ vendor, type, body: copied(this.bytes, at + CHUNK_HEAD_BYTES, next) })
  }

  finish(surplusBytes: number): HepMessage {
    const { message } = this
    // Without a chunk for it, or read leniently, the family is that of the addresses.
    if (this.addressFamily !== 0) message.family = this.addressFamily
    if (this.payloadAt !== 0) this.readPayload(this.payloadAt, this.payloadEnd)
    if (this.chunks !== undefined) message.chunks = this.chunks
    if (surplusBytes > 0) message.surplusBytes = surplusBytes
    return message
  }

  private takeByTable(type: number, at: number, next: number): void {
    const { bytes, message } = this
    const chunk = CHUNK_OF_TYPE[type]
    const body = at + CHUNK_HEAD_BYTES
    if (chunk?.body === 'u8' || chunk?.body === 'u16' || chunk?.body === 'u32') {
      message[chunk.name] = bytes.readUIntBE(body, chunk.bodyBytes)
    } else if (chunk?.body === 'u64') message[chunk.name] = bytes.readBigUInt64BE(body)
    else if (chunk?.body === 'text') message[chunk.name] = this.text(type, at, next)
    else this.keep(0, type, at, next)
  }

  private text(type: number, at: number, next: number): string {
    const text = utf8Text(this.bytes, at + CHUNK_HEAD_BYTES, next, this.options.lenient)
    if (text !== undefined) return text
    throw new HepError('HEP_TEXT', { chunk: chunkName(0, type), offset: at }, 'the text is not UTF-8')
  }

  /** Both ends of a FIFO, and of what runs on one host, are the same. */
  private ipv4(body: number): string {
    const value = uint32(this.bytes, body)
    if (this.ipv4Value !== value) {
      this.ipv4Value = value
      this.ipv4Text = ipv4Text(this.bytes, body)
    }
    return this.ipv4Text
  }

  private familyRead(family: number, at: number): number {
    if (this.options.lenient) return family
    if (family !== IPV4 && family !== IPV6) {
      const what = `${family} is neither ${IPV4} (IPv4) nor ${IPV6} (IPv6)`
      throw new HepError('HEP_FAMILY', { chunk: 'family', offset: at }, what)
    }
    const other = this.addressFamily
    if (other !== 0 && other !== family) throw otherFamily(other, CHUNK.family.type, at)
    return family
  }

  private takeFamily(family: number, type: number, at: number): void {
    const { message } = this
    if (this.addressFamily === family) return
    const said = this.addressFamily === 0 ? message.family : this.addressFamily
    if (said !== undefined && said !== family) {
      if (!this.options.lenient) throw otherFamily(said, type, at)
      message.srcIp = undefined
      message.dstIp = undefined
    }
    this.addressFamily = family
  }

  private readPayload(at: number, next: number): void {
    const { bytes, message, options } = this
    const body = copied(bytes, at + CHUNK_HEAD_BYTES, next)
    if (uint16(bytes, at + 2) === CHUNK.payload.type) {
      message.payload = body
      return
    }
    try {
      message.payload = inflate(body, options.maxInflatedBytes, at)
      message.compressed = true
    } catch (error) {
      if (!options.lenient) throw error
      // Kept as it came, after the other chunks: nothing is lost.
      this.keep(0, CHUNK.compressedPayload.type, at, next)
    }
  }
}

function otherFamily(family: number, type: number, offset: number): HepError {
  const what = `the packet is of family ${family}, but this is of another`
  return new HepError('HEP_FAMILY', { chunk: chunkName(0, type), offset }, what)
}

/**
 * Inflates a compressed payload: gzip, as OpenSIPS sends it, or zlib. An empty one stays empty.
 * @throws HepError `HEP_INFLATE`, `HEP_INFLATE_LIMIT`
 */
function inflate(compressed: Buffer, maxInflatedBytes: number, offset: number): Buffer {
  if (compressed.length === 0) return compressed
  const place: HepErrorPlace = { chunk: 'compressedPayload', offset }
  try {
    // zlib refuses a limit over that of a Buffer as a wrong option, which would look like a wrong payload.
    return unzipSync(compressed, { maxOutputLength: Math.min(maxInflatedBytes, constants.MAX_LENGTH) })
  } catch (cause) {
    if (cause instanceof RangeError) {
      throw new HepError('HEP_INFLATE_LIMIT', place, `it inflates to more than ${maxInflatedBytes} bytes`, { cause })
    }
    throw new HepError('HEP_INFLATE', place, `it cannot be inflated: ${errorText(cause)}`, { cause })
  }
}
