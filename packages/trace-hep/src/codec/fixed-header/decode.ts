import { HepError } from '../../hep-error.js'
import type { HepMessage } from '../../message.js'
import { copied } from '../copied.js'
import { IPV4, IPV6 } from '../families.js'
import { ipv4TextAt } from '../ipv4-ends.js'
import { ipv6Text } from '../ipv6.js'
import type { HepV2Time, ResolvedDecodeOptions } from '../options.js'
import { FIXED_BYTES, IPV4_BYTES, IPV6_BYTES, timeBytes } from './layout.js'

/** Reads a packet of version 1 or 2: what is behind its header, to the end, is the payload. */
export function decodeFixedHeader(version: 1 | 2, bytes: Buffer, options: ResolvedDecodeOptions): HepMessage {
  assertBytes(bytes, 'header', 0, FIXED_BYTES)
  const family = bytes.readUInt8(2)
  const known = family === IPV4 || family === IPV6
  if (!known && !options.lenient) {
    throw new HepError('HEP_FAMILY', { chunk: 'family', offset: 2 }, `${family} is neither ${IPV4} nor ${IPV6}`)
  }
  // For a family that it does not know OpenSIPS writes as many zeros as two IPv6 addresses have octets.
  const addressBytes = family === IPV4 ? IPV4_BYTES : IPV6_BYTES
  const headerBytes = FIXED_BYTES + 2 * addressBytes
  if (bytes[1] !== headerBytes && !options.lenient) {
    throw new HepError(
      'HEP_LENGTH',
      { chunk: 'headerLength', offset: 1 },
      `${bytes[1]} octets, but a header of family ${family} has ${headerBytes}`,
    )
  }
  assertBytes(bytes, 'addresses', FIXED_BYTES, headerBytes)
  const addressText = family === IPV4 ? ipv4TextAt : ipv6Text
  const time = version === 2 ? readTime(bytes, headerBytes, options.v2Time) : undefined
  const payloadAt = headerBytes + (version === 2 ? timeBytes[options.v2Time] : 0)
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
  assertBytes(bytes, 'time', at, at + timeBytes[v2Time])
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
  throw new HepError(
    'HEP_TRUNCATED',
    { chunk, offset },
    `${end - offset} octets are needed, and ${Math.max(bytes.length - offset, 0)} are there`,
  )
}
