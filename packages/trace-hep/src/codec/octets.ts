/**
 * Numbers in octets that are known to be there: the decoder compares every length with what was received before it reads.
 * The readers of Buffer would do so once more for each of the 47 numbers in an MI trace.
 */

/** The octet at `at`, which must be within `bytes`: so the index finds one. */
export function octet(bytes: Uint8Array, at: number): number {
  return bytes[at] as number
}

/** 16 bits, big-endian. */
export function uint16(bytes: Uint8Array, at: number): number {
  return (octet(bytes, at) << 8) | octet(bytes, at + 1)
}

/** 32 bits, big-endian. */
export function uint32(bytes: Uint8Array, at: number): number {
  return ((uint16(bytes, at) << 16) | uint16(bytes, at + 2)) >>> 0
}
