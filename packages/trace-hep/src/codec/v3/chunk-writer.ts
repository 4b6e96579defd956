import { HepError } from '../../hep-error.js'
import { integerError } from '../field-error.js'
import { chunkName } from './chunk-types.js'

/** Octets of a chunk before its body: vendor, type, length. */
export const CHUNK_HEAD_BYTES = 6

const HIGHEST_U64 = 2n ** 64n - 1n

/**
 * Each of these writes one generic chunk at `at` and returns where it ends; a field that is undefined writes nothing. Those
 * of a fixed size do not look at the room: what is written behind a Buffer's end is lost, and the encoder compares
 * where it ended with the room once, at the end.
 */
export function writeU8(target: Buffer, at: number, type: number, value: number | undefined): number {
  if (value === undefined) return at
  if ((value & 0xff) !== value) throw integerError(chunkName(0, type), 0xff, value)
  writeHead(target, at, type, 7)
  target[at + 6] = value
  return at + 7
}

export function writeU16(target: Buffer, at: number, type: number, value: number | undefined): number {
  if (value === undefined) return at
  if ((value & 0xffff) !== value) throw integerError(chunkName(0, type), 0xffff, value)
  writeHead(target, at, type, 8)
  target[at + 6] = value >>> 8
  target[at + 7] = value
  return at + 8
}

export function writeU32(target: Buffer, at: number, type: number, value: number | undefined): number {
  if (value === undefined) return at
  if (value >>> 0 !== value) throw integerError(chunkName(0, type), 0xffff_ffff, value)
  writeHead(target, at, type, 10)
  target[at + 6] = value >>> 24
  target[at + 7] = value >>> 16
  target[at + 8] = value >>> 8
  target[at + 9] = value
  return at + 10
}

export function writeU64(target: Buffer, at: number, end: number, type: number, value: bigint | undefined): number {
  if (value === undefined) return at
  if (typeof value !== 'bigint' || value < 0n || value > HIGHEST_U64) {
    throw integerError(chunkName(0, type), HIGHEST_U64, value)
  }
  assertRoom(at, end, type, 0, 8)
  writeHead(target, at, type, 14)
  target.writeBigUInt64BE(value, at + 6)
  return at + 14
}

/** @throws HepError `HEP_TOO_LARGE` when the chunk does not end before `end` */
export function writeText(target: Buffer, at: number, end: number, type: number, text: string | undefined): number {
  if (text === undefined) return at
  if (typeof text !== 'string') throw new TypeError(`encodeHep(): ${chunkName(0, type)} must be a string`)
  // No character takes more than three octets of UTF-8 for each of its UTF-16 units.
  if (text.length * 3 > end - at - CHUNK_HEAD_BYTES) assertRoom(at, end, type, 0, Buffer.byteLength(text))
  const length = CHUNK_HEAD_BYTES + target.write(text, at + CHUNK_HEAD_BYTES, 'utf8')
  writeHead(target, at, type, length)
  return at + length
}

/** @throws HepError `HEP_TOO_LARGE` when the chunk does not end before `end` */
export function writeBody(target: Buffer, at: number, end: number, type: number, body: Uint8Array, vendor = 0): number {
  assertRoom(at, end, type, vendor, body.length)
  const length = CHUNK_HEAD_BYTES + body.length
  writeHead(target, at, type, length)
  target[at] = vendor >>> 8
  target[at + 1] = vendor
  target.set(body, at + CHUNK_HEAD_BYTES)
  return at + length
}

/** The head of a chunk of vendor 0. */
export function writeHead(target: Buffer, at: number, type: number, length: number): void {
  target[at] = 0
  target[at + 1] = 0
  target[at + 2] = type >>> 8
  target[at + 3] = type
  target[at + 4] = length >>> 8
  target[at + 5] = length
}

function assertRoom(at: number, end: number, type: number, vendor: number, bodyBytes: number): void {
  const room = end - at - CHUNK_HEAD_BYTES
  if (bodyBytes <= room) return
  throw new HepError(
    'HEP_TOO_LARGE',
    { chunk: chunkName(vendor, type), offset: at },
    `${bodyBytes} octets do not fit: the packet has room for ${Math.max(room, 0)} more`,
  )
}
