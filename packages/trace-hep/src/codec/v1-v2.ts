import { HepError } from '../hep-error.js'
import type { HepMessage, HepMessageInput } from '../message.js'
import { familyOf, IPV4, IPV6, ipv4Text, ipv6Text, writeAddress } from './addresses.js'
import { copied, integerError, MAX_PACKET_BYTES } from './bytes.js'
import type { HepV2Time, ResolvedDecodeOptions } from './codec-options.js'

/** Bytes before the addresses: version, header length, family, protocol, two ports. */
const FIXED_BYTES = 8
const IPV4_BYTES = 4
const IPV6_BYTES = 16

/** Bytes of version 2's time and capture id; the two at the end of the longer form are padding. */
const TIME_BYTES = { le12: 12, be10: 10 }

/** Reads a packet of version 1 or 2: what follows its header, to the end, is the payload. */
export function decodeV1V2(version: 1 | 2, bytes: Buffer, options: ResolvedDecodeOptions): HepMessage {
  assertBytes(bytes, 'header', 0, FIXED_BYTES)
  const family = bytes.readUInt8(2)
  const known = family === IPV4 || family === IPV6
  if (!known && !options.lenient) {
    const what = `${family} is neither ${IPV4} (IPv4) nor ${IPV6} (IPv6)`
    throw new HepError('HEP_FAMILY', { chunk: 'family', offset: 2 }, what)
  }
  // For a family that it does not know OpenSIPS writes as many zeros as two IPv6 addresses have bytes.
  const addressBytes = family === IPV4 ? IPV4_BYTES : IPV6_BYTES
  const headerBytes = FIXED_BYTES + 2 * addressBytes
  if (bytes[1] !== headerBytes && !options.lenient) {
    const what = `${bytes[1]} bytes, but a header of family ${family} has ${headerBytes}`
    throw new HepError('HEP_LENGTH', { chunk: 'headerLength', offset: 1 }, what)
  }
  assertBytes(bytes, 'addresses', FIXED_BYTES, headerBytes)
  const addressText = family === IPV4 ? ipv4Text : ipv6Text
  const time = version === 2 ? readTime(bytes, headerBytes, options.v2Time) : undefined
  const payloadAt = headerBytes + (version === 2 ? TIME_BYTES[options.v2Time] : 0)
  return {
    version,
    family,
    ipProto: bytes.readUInt8(3),
    srcIp: known ? addressText(bytes, FIXED_BYTES) : undefined,
    dstIp: known ? addressText(bytes, FIXED_BYTES + addressBytes) : undefined,
    srcPort: bytes.readUInt16BE(4),
    dstPort: bytes.readUInt16BE(6),
    timeSec: time?.seconds,
    timeUsec: time?.microseconds,
    protoType: undefined,
    captureId: time?.captureId,
    payload: copied(bytes, payloadAt, bytes.length),
    correlationId: undefined,
  }
}

interface Time {
  readonly seconds: number
  readonly microseconds: number
  readonly captureId: number
}

function readTime(bytes: Buffer, at: number, v2Time: HepV2Time): Time {
  assertBytes(bytes, 'time', at, at + TIME_BYTES[v2Time])
  return v2Time === 'be10'
    ? {
        seconds: bytes.readUInt32BE(at),
        microseconds: bytes.readUInt32BE(at + 4),
        captureId: bytes.readUInt16BE(at + 8),
      }
    : {
        seconds: bytes.readUInt32LE(at),
        microseconds: bytes.readUInt32LE(at + 4),
        captureId: bytes.readUInt16LE(at + 8),
      }
}

function assertBytes(bytes: Buffer, chunk: string, offset: number, end: number): void {
  if (bytes.length >= end) return
  const received = Math.max(bytes.length - offset, 0)
  const what = `${end - offset} bytes are needed, but only ${received} are there`
  throw new HepError('HEP_TRUNCATED', { chunk, offset }, what)
}

/** Bytes into which a packet certainly fits. */
export function roomForV1V2({ payload = '' }: HepMessageInput): number {
  const payloadBytes = typeof payload === 'string' ? Buffer.byteLength(payload) : payload.length
  return Math.min(FIXED_BYTES + 2 * IPV6_BYTES + TIME_BYTES.le12 + payloadBytes, MAX_PACKET_BYTES)
}

/**
 * Writes a packet of version 1 or 2 from `start` on, and returns where it ends. Fields that are undefined become 0.
 * @throws TypeError without both addresses
 * @throws HepError `HEP_TOO_LARGE` when it does not end before `end`
 */
export function writeV1V2(
  version: 1 | 2,
  message: HepMessageInput,
  v2Time: HepV2Time,
  target: Buffer,
  start: number,
  end: number,
): number {
  const { srcIp, dstIp, payload = '' } = message
  const family = familyOf(message)
  if (family === undefined || srcIp === undefined || dstIp === undefined) {
    throw new TypeError(`encodeHep(): version ${version} needs srcIp and dstIp`)
  }
  const addressBytes = family === IPV4 ? IPV4_BYTES : IPV6_BYTES
  const headerBytes = FIXED_BYTES + 2 * addressBytes
  const payloadAt = start + headerBytes + (version === 2 ? TIME_BYTES[v2Time] : 0)
  const payloadBytes = typeof payload === 'string' ? Buffer.byteLength(payload) : payload.length
  if (payloadAt + payloadBytes > end) {
    const what = `${payloadBytes} bytes do not fit: the packet has room for ${Math.max(end - payloadAt, 0)} more`
    throw new HepError('HEP_TOO_LARGE', { chunk: 'payload', offset: payloadAt - start }, what)
  }
  target[start] = version
  target[start + 1] = headerBytes
  target[start + 2] = family
  target[start + 3] = integer('ipProto', 0xff, message.ipProto)
  target.writeUInt16BE(integer('srcPort', 0xffff, message.srcPort), start + 4)
  target.writeUInt16BE(integer('dstPort', 0xffff, message.dstPort), start + 6)
  writeAddress(family, target, start + FIXED_BYTES, 'srcIp', srcIp)
  writeAddress(family, target, start + FIXED_BYTES + addressBytes, 'dstIp', dstIp)
  if (version === 2) writeTime(message, v2Time, target, start + headerBytes)
  if (typeof payload === 'string') target.write(payload, payloadAt, 'utf8')
  else target.set(payload, payloadAt)
  return payloadAt + payloadBytes
}

function writeTime(message: HepMessageInput, v2Time: HepV2Time, target: Buffer, at: number): void {
  const seconds = integer('timeSec', 0xffff_ffff, message.timeSec)
  const microseconds = integer('timeUsec', 0xffff_ffff, message.timeUsec)
  // OpenSIPS sends the lower half of a larger one, under which nobody would find it again.
  const captureId = integer('captureId of version 2', 0xffff, message.captureId)
  if (v2Time === 'be10') {
    target.writeUInt32BE(seconds, at)
    target.writeUInt32BE(microseconds, at + 4)
    target.writeUInt16BE(captureId, at + 8)
  } else {
    target.writeUInt32LE(seconds, at)
    target.writeUInt32LE(microseconds, at + 4)
    target.writeUInt16LE(captureId, at + 8)
    target.writeUInt16LE(0, at + 10)
  }
}

function integer(name: string, highest: number, value = 0): number {
  if (Number.isInteger(value) && value >= 0 && value <= highest) return value
  throw integerError(name, highest, value)
}
