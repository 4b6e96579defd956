import { HepError } from '../hep-error.js'
import type { HepChunk, HepMessageInput } from '../message.js'
import { familyOf, IPV4, IPV6, writeAddress } from './addresses.js'
import { integerError, MAX_PACKET_BYTES, writeUint16, writeUint32 } from './bytes.js'
import { CHUNK, CHUNK_HEAD_BYTES, CHUNKS, type Chunk, chunkName, hasField } from './v3-chunks.js'

/** A payload as it goes on the wire: compressed already where that is wanted. */
export type Payload = string | Uint8Array | undefined

const PACKET_HEAD = Buffer.from('HEP3\0\0')

/** The chunks before the payload: numbers, then addresses. */
const FIRST_CHUNKS = CHUNKS.slice(
  0,
  CHUNKS.findIndex(({ name }) => name === 'payload'),
)
const NUMBER_CHUNKS = FIRST_CHUNKS.filter(({ body }) => body !== 'ipv4' && body !== 'ipv6')
const LATER_CHUNKS = CHUNKS.slice(FIRST_CHUNKS.length)

/**
 * The beginning of a packet that has all numbers and both addresses, as nearly every one has, with zeros for them. Copying
 * it takes a third of the time of writing its heads.
 */
const IPV4_BEGINNING = beginningOf('ipv4')
const IPV6_BEGINNING = beginningOf('ipv6')

/** Where the numbers lie in it, and the first address. */
const AT = {
  family: bodyAt(CHUNK.family.type),
  ipProto: bodyAt(CHUNK.ipProto.type),
  srcPort: bodyAt(CHUNK.srcPort.type),
  dstPort: bodyAt(CHUNK.dstPort.type),
  timeSec: bodyAt(CHUNK.timeSec.type),
  timeUsec: bodyAt(CHUNK.timeUsec.type),
  protoType: bodyAt(CHUNK.protoType.type),
  captureId: bodyAt(CHUNK.captureId.type),
  srcIp: bodyAt(CHUNK.srcIpv4.type),
}

/** No character takes more bytes of UTF-8 for each of its UTF-16 units. */
const BYTES_PER_UNIT = 3

/** Bytes into which a packet certainly fits, found quickly. @throws HepError `HEP_TOO_LARGE` */
export function roomForV3(message: HepMessageInput, payload: Payload): number {
  if (!hasUsualEnd(message)) return sizeOf(message, payload, familyOf(message), MAX_PACKET_BYTES)
  const { authKey, correlationId } = message
  const units = (payload?.length ?? 0) + (authKey?.length ?? 0) + (correlationId?.length ?? 0)
  return Math.min(IPV6_BEGINNING.length + 3 * CHUNK_HEAD_BYTES + units * BYTES_PER_UNIT, MAX_PACKET_BYTES)
}

/**
 * Writes a packet from `start` on, and returns where it ends.
 * @throws HepError `HEP_TOO_LARGE` when it does not end before `end`, naming the first chunk that does not
 */
export function writeV3(
  message: HepMessageInput,
  payload: Payload,
  target: Buffer,
  start: number,
  end: number,
): number {
  const family = familyOf(message)
  const beginning = usualBeginning(message, family)
  let at: number
  if (beginning !== undefined && beginning.length <= end - start) {
    at = writeBeginning(message, family ?? 0, beginning, target, start)
  } else {
    at = writeByTable(FIRST_CHUNKS, message, payload, family, target, start + PACKET_HEAD.length, end)
  }
  if (hasUsualEnd(message)) {
    if (payload !== undefined) at = writePayload(target, at, end, CHUNK.payload.type, payload)
    if (message.authKey !== undefined) at = writeText(target, at, end, CHUNK.authKey.type, message.authKey)
    if (message.correlationId !== undefined) {
      at = writeText(target, at, end, CHUNK.correlationId.type, message.correlationId)
    }
  } else {
    at = writeByTable(LATER_CHUNKS, message, payload, family, target, at, end)
    if (message.chunks !== undefined) at = writeChunks(message.chunks, target, at, end)
  }
  // Throws, naming the chunk.
  if (at > end) return sizeOf(message, payload, family, end - start)
  if (beginning === undefined) target.set(PACKET_HEAD, start)
  writeUint16(target, start + 4, at - start)
  return at
}

function beginningOf(addresses: 'ipv4' | 'ipv6'): Buffer {
  const chunks = FIRST_CHUNKS.filter((chunk) => NUMBER_CHUNKS.includes(chunk) || chunk.body === addresses)
  return Buffer.concat([
    PACKET_HEAD,
    ...chunks.map(({ type, bodyBytes }) => {
      const chunk = Buffer.alloc(CHUNK_HEAD_BYTES + bodyBytes)
      writeHead(chunk, 0, type, chunk.length)
      return chunk
    }),
  ])
}

function bodyAt(type: number): number {
  let at = PACKET_HEAD.length
  while (IPV4_BEGINNING.readUInt16BE(at + 2) !== type) at += IPV4_BEGINNING.readUInt16BE(at + 4)
  return at + CHUNK_HEAD_BYTES
}

/** Undefined where a number or address is absent, or cannot be written: going by the table says why. */
function usualBeginning(message: HepMessageInput, family: number | undefined): Buffer | undefined {
  const isUsual =
    message.srcIp !== undefined &&
    message.dstIp !== undefined &&
    isUint8(message.ipProto) &&
    isUint16(message.srcPort) &&
    isUint16(message.dstPort) &&
    isUint32(message.timeSec) &&
    isUint32(message.timeUsec) &&
    isUint8(message.protoType) &&
    isUint32(message.captureId)
  if (!isUsual) return undefined
  return family === IPV4 ? IPV4_BEGINNING : IPV6_BEGINNING
}

function isUint8(value: number | undefined): boolean {
  return value !== undefined && (value & 0xff) === value
}

function isUint16(value: number | undefined): boolean {
  return value !== undefined && (value & 0xffff) === value
}

function isUint32(value: number | undefined): boolean {
  return value !== undefined && value >>> 0 === value
}

/** Of a message that has all of it, which `usualBeginning` has seen. */
function writeBeginning(
  message: HepMessageInput,
  family: number,
  beginning: Buffer,
  target: Buffer,
  start: number,
): number {
  const { ipProto = 0, srcPort = 0, dstPort = 0, timeSec = 0, timeUsec = 0, protoType = 0, captureId = 0 } = message
  const { srcIp = '', dstIp = '' } = message
  target.set(beginning, start)
  target[start + AT.family] = family
  target[start + AT.ipProto] = ipProto
  writeUint16(target, start + AT.srcPort, srcPort)
  writeUint16(target, start + AT.dstPort, dstPort)
  writeUint32(target, start + AT.timeSec, timeSec)
  writeUint32(target, start + AT.timeUsec, timeUsec)
  target[start + AT.protoType] = protoType
  writeUint32(target, start + AT.captureId, captureId)
  const srcAt = start + AT.srcIp
  const addressBytes = family === IPV4 ? 4 : 16
  const dstAt = srcAt + addressBytes + CHUNK_HEAD_BYTES
  writeAddress(family, target, srcAt, 'srcIp', srcIp)
  // Both ends of a FIFO, and of what runs on one host, are the same.
  if (srcIp !== dstIp) writeAddress(family, target, dstAt, 'dstIp', dstIp)
  else for (let index = 0; index < addressBytes; index++) target[dstAt + index] = target[srcAt + index] ?? 0
  return start + beginning.length
}

/**
 * Whether a message has only a key and a correlation id after its payload. Spelled out, since going through the table takes
 * as long as writing the rest of the packet.
 */
function hasUsualEnd(message: HepMessageInput): boolean {
  return (
    message.compressed !== true &&
    message.chunks === undefined &&
    message.extraCorrelation === undefined &&
    message.keepAliveSec === undefined &&
    message.vlanId === undefined &&
    message.nodeName === undefined &&
    message.srcMac === undefined &&
    message.dstMac === undefined &&
    message.ethernetType === undefined &&
    message.tcpFlags === undefined &&
    message.ipTos === undefined &&
    message.mos === undefined &&
    message.rFactor === undefined &&
    message.geoLocation === undefined &&
    message.jitter === undefined &&
    message.transactionType === undefined &&
    message.jsonKeys === undefined &&
    message.tagValues === undefined &&
    message.tagType === undefined &&
    message.eventType === undefined &&
    message.groupId === undefined
  )
}

/** What a message has for a chunk; undefined for nothing. */
function valueFor(chunk: Chunk, message: HepMessageInput, payload: Payload, family: number | undefined): unknown {
  switch (chunk.name) {
    case 'family':
      return family
    case 'srcIpv4':
      return family === IPV4 ? message.srcIp : undefined
    case 'dstIpv4':
      return family === IPV4 ? message.dstIp : undefined
    case 'srcIpv6':
      return family === IPV6 ? message.srcIp : undefined
    case 'dstIpv6':
      return family === IPV6 ? message.dstIp : undefined
    case 'payload':
      return message.compressed === true ? undefined : payload
    case 'compressedPayload':
      return message.compressed === true ? payload : undefined
    default:
      return message[chunk.name]
  }
}

/**
 * Each of the writers below returns where its chunk ends, or a place beyond `end` where there is no room. Then no later
 * chunk has room either.
 */
function writeByTable(
  chunks: readonly Chunk[],
  message: HepMessageInput,
  payload: Payload,
  family: number | undefined,
  target: Buffer,
  start: number,
  end: number,
): number {
  let at = start
  for (const chunk of chunks) {
    const value = valueFor(chunk, message, payload, family)
    if (value === undefined) continue
    if (chunk.body === 'text') at = writeText(target, at, end, chunk.type, value)
    else if (chunk.body === 'payload') at = writePayload(target, at, end, chunk.type, payload ?? '')
    else at = writeFixed(target, at, end, chunk, value)
  }
  return at
}

function writeFixed(
  target: Buffer,
  at: number,
  end: number,
  { type, name, body, bodyBytes }: Chunk,
  value: unknown,
): number {
  const next = at + CHUNK_HEAD_BYTES + bodyBytes
  const hasRoom = next <= end
  if (hasRoom) writeHead(target, at, type, next - at)
  if (body === 'ipv4' || body === 'ipv6') {
    const field = name === 'srcIpv4' || name === 'srcIpv6' ? 'srcIp' : 'dstIp'
    if (hasRoom) writeAddress(body === 'ipv4' ? IPV4 : IPV6, target, at + CHUNK_HEAD_BYTES, field, String(value))
  } else if (body === 'u64') {
    if (typeof value !== 'bigint' || BigInt.asUintN(64, value) !== value)
      throw integerError(name, 2n ** 64n - 1n, value)
    if (hasRoom) target.writeBigUInt64BE(value, at + CHUNK_HEAD_BYTES)
  } else {
    const highest = 256 ** bodyBytes - 1
    if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > highest) {
      throw integerError(name, highest, value)
    }
    if (hasRoom) target.writeUIntBE(value, at + CHUNK_HEAD_BYTES, bodyBytes)
  }
  return hasRoom ? next : end + 1
}

function writePayload(target: Buffer, at: number, end: number, type: number, payload: string | Uint8Array): number {
  return typeof payload === 'string'
    ? writeText(target, at, end, type, payload)
    : writeBytes(target, at, end, 0, type, payload)
}

function writeText(target: Buffer, at: number, end: number, type: number, text: unknown): number {
  if (typeof text !== 'string') throw new TypeError(`encodeHep(): ${chunkName(0, type)} must be a string`)
  const body = at + CHUNK_HEAD_BYTES
  if (text.length * BYTES_PER_UNIT > end - body && Buffer.byteLength(text) > end - body) return end + 1
  const written = target.write(text, body, 'utf8')
  writeHead(target, at, type, CHUNK_HEAD_BYTES + written)
  return body + written
}

function writeBytes(target: Buffer, at: number, end: number, vendor: number, type: number, body: Uint8Array): number {
  const next = at + CHUNK_HEAD_BYTES + body.length
  if (next > end) return end + 1
  writeHead(target, at, type, next - at)
  target[at] = vendor >>> 8
  target[at + 1] = vendor
  target.set(body, at + CHUNK_HEAD_BYTES)
  return next
}

function writeChunks(chunks: readonly HepChunk[], target: Buffer, start: number, end: number): number {
  let at = start
  for (const { vendor, type, body } of chunks) {
    if ((vendor & 0xffff) !== vendor || (type & 0xffff) !== type) {
      throw new RangeError(
        `encodeHep(): a chunk's vendor and type must be integers from 0 to 65535, not ${vendor}, ${type}`,
      )
    }
    if (hasField(vendor, type)) {
      throw new TypeError(`encodeHep(): the generic chunk ${type} is the field ${chunkName(0, type)}: set that instead`)
    }
    if (!(body instanceof Uint8Array)) throw new TypeError('encodeHep(): the body of a chunk must be a Uint8Array')
    at = writeBytes(target, at, end, vendor, type, body)
  }
  return at
}

/** The head of a chunk of vendor 0. */
function writeHead(target: Buffer, at: number, type: number, length: number): void {
  writeUint16(target, at, 0)
  writeUint16(target, at + 2, type)
  writeUint16(target, at + 4, length)
}

/**
 * The exact size of a packet. Values of a wrong kind count as 0 bytes: writing them throws.
 * @throws HepError `HEP_TOO_LARGE` that names the first chunk which does not fit into `room`
 */
function sizeOf(message: HepMessageInput, payload: Payload, family: number | undefined, room: number): number {
  let size = PACKET_HEAD.length
  const add = (vendor: number, type: number, bodyBytes: number): void => {
    const left = room - size - CHUNK_HEAD_BYTES
    if (bodyBytes > left) {
      const what = `${bodyBytes} bytes do not fit: the packet has room for ${Math.max(left, 0)} more`
      throw new HepError('HEP_TOO_LARGE', { chunk: chunkName(vendor, type), offset: size }, what)
    }
    size += CHUNK_HEAD_BYTES + bodyBytes
  }
  for (const chunk of CHUNKS) {
    const value = valueFor(chunk, message, payload, family)
    if (value !== undefined) add(0, chunk.type, chunk.bodyBytes || bytesOf(value))
  }
  for (const { vendor, type, body } of message.chunks ?? []) add(vendor, type, bytesOf(body))
  return size
}

function bytesOf(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value)
  return value instanceof Uint8Array ? value.length : 0
}
