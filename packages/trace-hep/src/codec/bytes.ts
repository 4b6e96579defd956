import { isUtf8 } from 'node:buffer'

/** The most bytes of a packet: version 3 counts them in 16 bits, and no datagram is larger. */
export const MAX_PACKET_BYTES = 65_535

const REPLACEMENT = '\ufffd'

/**
 * The same memory as a Buffer.
 * @throws TypeError for anything but a Uint8Array
 */
export function asBuffer(bytes: Uint8Array): Buffer {
  if (bytes instanceof Buffer) return bytes
  if (bytes instanceof Uint8Array) return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  throw new TypeError('HEP: bytes must be a Uint8Array')
}

/** A copy of the bytes from `start` up to `end`. */
export function copied(bytes: Buffer, start: number, end: number): Buffer {
  const copy = Buffer.allocUnsafe(end - start)
  bytes.copy(copy, 0, start, end)
  return copy
}

// The numbers below must lie within `bytes`: the decoder compares every length with what was received before it reads. The
// readers of Buffer would check it again for each of the 47 numbers in an MI trace.

/** 8 bits. */
export function uint8(bytes: Uint8Array, at: number): number {
  return bytes[at] as number
}

/** 16 bits, big-endian. */
export function uint16(bytes: Uint8Array, at: number): number {
  return (uint8(bytes, at) << 8) | uint8(bytes, at + 1)
}

/** 32 bits, big-endian. */
export function uint32(bytes: Uint8Array, at: number): number {
  return ((uint16(bytes, at) << 16) | uint16(bytes, at + 2)) >>> 0
}

/** 16 bits, big-endian. */
export function writeUint16(target: Uint8Array, at: number, value: number): void {
  target[at] = value >>> 8
  target[at + 1] = value
}

/** 32 bits, big-endian. */
export function writeUint32(target: Uint8Array, at: number, value: number): void {
  target[at] = value >>> 24
  target[at + 1] = value >>> 16
  target[at + 2] = value >>> 8
  target[at + 3] = value
}

/** For a field that cannot be written, because it is not an integer or has too many bits. */
export function integerError(name: string, highest: number | bigint, value: unknown): RangeError {
  return new RangeError(`encodeHep(): ${name} must be an integer from 0 to ${highest}, not ${String(value)}`)
}

/** The UTF-8 text from `start` up to `end`; undefined where it is not UTF-8 and `lenient` is false. */
export function utf8Text(bytes: Buffer, start: number, end: number, lenient: boolean): string | undefined {
  const text = bytes.toString('utf8', start, end)
  // Decoding replaces what is wrong by U+FFFD. Only the bytes tell whether it was sent.
  if (!lenient && text.includes(REPLACEMENT) && !isUtf8(bytes.subarray(start, end))) return undefined
  return text
}
