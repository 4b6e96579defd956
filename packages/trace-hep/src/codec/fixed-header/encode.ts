import { HepError } from '../../hep-error.js'
import type { HepMessageInput } from '../../message.js'
import { familyOf, writeIpv4Address, writeIpv6Address } from '../addresses.js'
import { IPV4 } from '../families.js'
import { integerError } from '../field-error.js'
import type { HepV2Time } from '../options.js'
import { assertPayload } from '../payload.js'
import { FIXED_BYTES, IPV4_BYTES, IPV6_BYTES, timeBytes } from './layout.js'

/**
 * Writes a packet of version 1 or 2 from `start` on, and returns where it ends. Fields that are undefined become 0.
 * @throws TypeError without both addresses, and for a payload that is neither text nor octets
 * @throws HepError `HEP_TOO_LARGE` when it does not end before `end`
 */
export function writeFixedHeader(
  version: 1 | 2,
  message: HepMessageInput,
  v2Time: HepV2Time,
  target: Buffer,
  start: number,
  end: number,
): number {
  const { srcIp, dstIp, payload = '' } = message
  const family = familyOf(message)
  if (srcIp === undefined || dstIp === undefined) {
    throw new TypeError(`encodeHep(): version ${version} needs srcIp and dstIp`)
  }
  assertPayload(payload)
  const addressBytes = family === IPV4 ? IPV4_BYTES : IPV6_BYTES
  const headerBytes = FIXED_BYTES + 2 * addressBytes
  const payloadAt = start + headerBytes + (version === 2 ? timeBytes[v2Time] : 0)
  const bodyBytes = typeof payload === 'string' ? Buffer.byteLength(payload) : payload.length
  if (payloadAt + bodyBytes > end) throw tooLarge(payloadAt - start, bodyBytes, end - start)
  target[start] = version
  target[start + 1] = headerBytes
  target.writeUInt8(family ?? 0, start + 2)
  target[start + 3] = integer('ipProto', 0xff, message.ipProto)
  target.writeUInt16BE(integer('srcPort', 0xffff, message.srcPort), start + 4)
  target.writeUInt16BE(integer('dstPort', 0xffff, message.dstPort), start + 6)
  const writeAddress = family === IPV4 ? writeIpv4Address : writeIpv6Address
  writeAddress(target, start + FIXED_BYTES, 'srcIp', srcIp)
  writeAddress(target, start + FIXED_BYTES + addressBytes, 'dstIp', dstIp)
  if (version === 2) writeTime(message, v2Time, target, start + headerBytes)
  if (typeof payload === 'string') target.write(payload, payloadAt, 'utf8')
  else target.set(payload, payloadAt)
  return payloadAt + bodyBytes
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

function tooLarge(offset: number, bodyBytes: number, room: number): HepError {
  return new HepError(
    'HEP_TOO_LARGE',
    { chunk: 'payload', offset },
    `${bodyBytes} octets do not fit: the packet has room for ${Math.max(room - offset, 0)} more`,
  )
}
