import type { HepChunk, HepMessage } from '../../message.js'
import { copied } from '../copied.js'
import { IPV4, IPV6 } from '../families.js'
import { ipv4TextAt } from '../ipv4-ends.js'
import { ipv6Text } from '../ipv6.js'
import { octet, uint16, uint32 } from '../octets.js'
import type { ResolvedDecodeOptions } from '../options.js'
import { rareChunk } from './chunk-kinds.js'
import { ChunkType } from './chunk-types.js'
import { CHUNK_HEAD_BYTES } from './chunk-writer.js'
import { otherFamily, unknownFamily } from './faults.js'
import { inflate } from './inflate.js'
import { readText } from './read-text.js'

type MessageRead = { -readonly [Name in keyof HepMessage]: HepMessage[Name] }

/**
 * Puts a message together from its generic chunks, whose sizes were checked. The fields of every MI trace are there from the
 * beginning, so that all messages have one shape; the others are added where a packet has them.
 */
export class MessageReader {
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
  /** That of the address chunks read so far; 0 before there is one. */
  private addressFamily = 0
  private payloadAt = 0
  private payloadEnd = 0

  constructor(
    private readonly bytes: Buffer,
    private readonly options: ResolvedDecodeOptions,
  ) {}

  /** A generic chunk, from its head on. */
  take(type: number, at: number, next: number): void {
    const { bytes, message } = this
    const body = at + CHUNK_HEAD_BYTES
    switch (type) {
      case ChunkType.family:
        message.family = this.familyRead(octet(bytes, body), at)
        break
      case ChunkType.ipProto:
        message.ipProto = octet(bytes, body)
        break
      case ChunkType.srcIpv4:
        this.takeFamily(IPV4, type, at)
        message.srcIp = ipv4TextAt(bytes, body)
        break
      case ChunkType.dstIpv4:
        this.takeFamily(IPV4, type, at)
        message.dstIp = ipv4TextAt(bytes, body)
        break
      case ChunkType.srcIpv6:
        this.takeFamily(IPV6, type, at)
        message.srcIp = ipv6Text(bytes, body)
        break
      case ChunkType.dstIpv6:
        this.takeFamily(IPV6, type, at)
        message.dstIp = ipv6Text(bytes, body)
        break
      case ChunkType.srcPort:
        message.srcPort = uint16(bytes, body)
        break
      case ChunkType.dstPort:
        message.dstPort = uint16(bytes, body)
        break
      case ChunkType.timeSec:
        message.timeSec = uint32(bytes, body)
        break
      case ChunkType.timeUsec:
        message.timeUsec = uint32(bytes, body)
        break
      case ChunkType.protoType:
        message.protoType = octet(bytes, body)
        break
      case ChunkType.captureId:
        message.captureId = uint32(bytes, body)
        break
      case ChunkType.payload:
      case ChunkType.compressedPayload:
        // Only the last is copied or inflated, at the end: many of them in a packet cost no more than one.
        this.payloadAt = at
        this.payloadEnd = next
        break
      case ChunkType.correlationId:
        message.correlationId = readText(bytes, type, at, next, this.options.lenient)
        break
      default:
        this.takeRare(type, at, next)
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

  private familyRead(family: number, at: number): number {
    if (!this.options.lenient) {
      if (family !== IPV4 && family !== IPV6) throw unknownFamily(family, at)
      if (this.addressFamily !== 0 && this.addressFamily !== family) {
        throw otherFamily(this.addressFamily, ChunkType.family, at)
      }
    }
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

  private takeRare(type: number, at: number, next: number): void {
    const { bytes, message } = this
    const body = at + CHUNK_HEAD_BYTES
    const rare = rareChunk(type)
    if (rare === undefined) this.keep(0, type, at, next)
    else if (rare.kind === 'integer') message[rare.field] = bytes.readUIntBE(body, rare.bytes)
    else if (rare.kind === 'bigint') message[rare.field] = bytes.readBigUInt64BE(body)
    else message[rare.field] = readText(bytes, type, at, next, this.options.lenient)
  }

  private readPayload(at: number, next: number): void {
    const { bytes, message, options } = this
    const body = at + CHUNK_HEAD_BYTES
    if (uint16(bytes, at + 2) === ChunkType.payload) {
      message.payload = copied(bytes, body, next)
      return
    }
    try {
      message.payload = inflate(copied(bytes, body, next), options.maxInflatedBytes, at)
      message.compressed = true
    } catch (error) {
      if (!options.lenient) throw error
      // Kept as it came, behind the other chunks: nothing is lost.
      this.keep(0, ChunkType.compressedPayload, at, next)
    }
  }
}
