/** Marks the errors of this package, across installed versions too. */
const errorTag: unique symbol = Symbol.for('mi.hep-error')

/**
 * Why bytes are not a HEP packet, or a message cannot be encoded:
 * - `HEP_VERSION` the bytes do not begin as HEP of any version does
 * - `HEP_TRUNCATED` the bytes end before the packet, a chunk or a fixed part does
 * - `HEP_LENGTH` a wrong length: a packet or chunk under 6 bytes, a field of the wrong size, a header length that does not
 *   fit the address family
 * - `HEP_FAMILY` an address family that is neither IPv4 nor IPv6, or addresses of another family than the packet says
 * - `HEP_TEXT` a text that is not UTF-8
 * - `HEP_INFLATE` a compressed payload that is neither gzip nor zlib, or is damaged
 * - `HEP_INFLATE_LIMIT` a compressed payload that is larger than `maxInflatedBytes`
 * - `HEP_TOO_LARGE` when encoding: over the 65535 bytes of a packet, or over the memory given
 */
export type HepErrorCode =
  | 'HEP_VERSION'
  | 'HEP_TRUNCATED'
  | 'HEP_LENGTH'
  | 'HEP_FAMILY'
  | 'HEP_TEXT'
  | 'HEP_INFLATE'
  | 'HEP_INFLATE_LIMIT'
  | 'HEP_TOO_LARGE'

/** Where in a packet something is wrong. */
export interface HepErrorPlace {
  /** The part of the packet, by its field in a message where it has one: `srcPort`, `vendor 3 chunk 0x0102`, `packet`. */
  readonly chunk: string
  /** Where that part begins, in bytes from the beginning of the packet. */
  readonly offset: number
}

/** Bytes that cannot be decoded, or a message too large to be encoded. The code is for programs, the message for people. */
export class HepError extends Error implements HepErrorPlace {
  readonly [errorTag] = true
  override readonly name = 'HepError'
  readonly code: HepErrorCode
  readonly chunk: string
  readonly offset: number

  constructor(code: HepErrorCode, { chunk, offset }: HepErrorPlace, what: string, options?: ErrorOptions) {
    super(`${chunk} at byte ${offset}: ${what}`, options)
    this.code = code
    this.chunk = chunk
    this.offset = offset
  }
}

/** Whether an error is a `HepError`, with the given code if one is given. Holds across installed versions. */
export function isHepError(error: unknown, code?: HepErrorCode): error is HepError {
  if (typeof error !== 'object' || error === null || !(errorTag in error)) return false
  return code === undefined || ('code' in error && error.code === code)
}
