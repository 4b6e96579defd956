import { gzipSync } from 'node:zlib'
import type { HepMessageInput } from '../../message.js'
import { familyOf, writeIpv4Address, writeIpv6Address } from '../addresses.js'
import { IPV4 } from '../families.js'
import { assertPayload } from '../payload.js'
import { ChunkType, hasField } from './chunk-types.js'
import { writeBody, writeHead, writeText, writeU8, writeU16, writeU32, writeU64 } from './chunk-writer.js'

/**
 * Writes a packet of version 3 from `start` on, and returns where it ends: beyond `end` when the room was too small.
 * The order of chunks is OpenSIPS's; those that OpenSIPS does not write come behind them, by their number.
 */
export function writeV3(message: HepMessageInput, target: Buffer, start: number, end: number): number {
  const family = familyOf(message)
  let at = start + 6
  at = writeU8(target, at, ChunkType.family, family)
  at = writeU8(target, at, ChunkType.ipProto, message.ipProto)
  at = writeU16(target, at, ChunkType.srcPort, message.srcPort)
  at = writeU16(target, at, ChunkType.dstPort, message.dstPort)
  at = writeU32(target, at, ChunkType.timeSec, message.timeSec)
  at = writeU32(target, at, ChunkType.timeUsec, message.timeUsec)
  at = writeU8(target, at, ChunkType.protoType, message.protoType)
  at = writeU32(target, at, ChunkType.captureId, message.captureId)
  at = family === IPV4 ? writeIpv4Ends(message, target, at) : writeIpv6Ends(message, target, at, end)
  at = writePayload(message, target, at, end)
  at = writeText(target, at, end, ChunkType.extraCorrelation, message.extraCorrelation)
  at = writeOthers(message, target, at, end)
  if (message.chunks !== undefined) at = writeChunks(message.chunks, target, at, end)
  target[start] = 0x48
  target[start + 1] = 0x45
  target[start + 2] = 0x50
  target[start + 3] = 0x33
  target[start + 4] = (at - start) >>> 8
  target[start + 5] = at - start
  return at
}

function writeIpv4Ends({ srcIp, dstIp }: HepMessageInput, target: Buffer, start: number): number {
  let at = start
  if (srcIp !== undefined) {
    writeHead(target, at, ChunkType.srcIpv4, 10)
    writeIpv4Address(target, at + 6, 'srcIp', srcIp)
    at += 10
  }
  if (dstIp !== undefined) {
    writeHead(target, at, ChunkType.dstIpv4, 10)
    writeIpv4Address(target, at + 6, 'dstIp', dstIp)
    at += 10
  }
  return at
}

/** Also for messages without addresses, of which it writes nothing. */
function writeIpv6Ends({ srcIp, dstIp }: HepMessageInput, target: Buffer, start: number, end: number): number {
  let at = start
  if (srcIp !== undefined) {
    if (at + 22 > end) return at + 22
    writeHead(target, at, ChunkType.srcIpv6, 22)
    writeIpv6Address(target, at + 6, 'srcIp', srcIp)
    at += 22
  }
  if (dstIp !== undefined) {
    if (at + 22 > end) return at + 22
    writeHead(target, at, ChunkType.dstIpv6, 22)
    writeIpv6Address(target, at + 6, 'dstIp', dstIp)
    at += 22
  }
  return at
}

function writePayload({ payload, compressed }: HepMessageInput, target: Buffer, at: number, end: number): number {
  if (payload === undefined) return at
  // gzip, the only container that OpenSIPS reads.
  if (compressed === true) return writeBody(target, at, end, ChunkType.compressedPayload, gzipSync(payload))
  if (typeof payload === 'string') return writeText(target, at, end, ChunkType.payload, payload)
  assertPayload(payload)
  return writeBody(target, at, end, ChunkType.payload, payload)
}

function writeOthers(message: HepMessageInput, target: Buffer, start: number, end: number): number {
  let at = start
  if (message.keepAliveSec !== undefined) at = writeU16(target, at, ChunkType.keepAliveSec, message.keepAliveSec)
  if (message.authKey !== undefined) at = writeText(target, at, end, ChunkType.authKey, message.authKey)
  if (message.correlationId !== undefined)
    at = writeText(target, at, end, ChunkType.correlationId, message.correlationId)
  if (message.vlanId !== undefined) at = writeU16(target, at, ChunkType.vlanId, message.vlanId)
  if (message.nodeName !== undefined) at = writeText(target, at, end, ChunkType.nodeName, message.nodeName)
  if (message.srcMac !== undefined) at = writeU64(target, at, end, ChunkType.srcMac, message.srcMac)
  if (message.dstMac !== undefined) at = writeU64(target, at, end, ChunkType.dstMac, message.dstMac)
  if (message.ethernetType !== undefined) at = writeU16(target, at, ChunkType.ethernetType, message.ethernetType)
  if (message.tcpFlags !== undefined) at = writeU8(target, at, ChunkType.tcpFlags, message.tcpFlags)
  if (message.ipTos !== undefined) at = writeU8(target, at, ChunkType.ipTos, message.ipTos)
  if (message.mos !== undefined) at = writeU16(target, at, ChunkType.mos, message.mos)
  if (message.rFactor !== undefined) at = writeU16(target, at, ChunkType.rFactor, message.rFactor)
  if (message.geoLocation !== undefined) at = writeText(target, at, end, ChunkType.geoLocation, message.geoLocation)
  if (message.jitter !== undefined) at = writeU32(target, at, ChunkType.jitter, message.jitter)
  if (message.transactionType !== undefined)
    at = writeText(target, at, end, ChunkType.transactionType, message.transactionType)
  if (message.jsonKeys !== undefined) at = writeText(target, at, end, ChunkType.jsonKeys, message.jsonKeys)
  if (message.tagValues !== undefined) at = writeText(target, at, end, ChunkType.tagValues, message.tagValues)
  if (message.tagType !== undefined) at = writeU16(target, at, ChunkType.tagType, message.tagType)
  if (message.eventType !== undefined) at = writeU16(target, at, ChunkType.eventType, message.eventType)
  return writeText(target, at, end, ChunkType.groupId, message.groupId)
}

function writeChunks(
  chunks: NonNullable<HepMessageInput['chunks']>,
  target: Buffer,
  start: number,
  end: number,
): number {
  let at = start
  for (const { vendor, type, body } of chunks) {
    if ((vendor & 0xffff) !== vendor || (type & 0xffff) !== type) {
      throw new RangeError(
        `encodeHep(): a chunk's vendor and type must be integers from 0 to 65535, not ${vendor}, ${type}`,
      )
    }
    if (hasField(vendor, type)) {
      throw new TypeError(`encodeHep(): the generic chunk ${type} has a field of its own: set that instead`)
    }
    if (!(body instanceof Uint8Array)) throw new TypeError(`encodeHep(): the body of a chunk must be a Uint8Array`)
    at = writeBody(target, at, end, type, body, vendor)
  }
  return at
}
