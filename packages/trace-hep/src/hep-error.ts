/** Marks the errors of this package, also across two installed versions of it. */
const errorTag: unique symbol = Symbol.for('mi.hep-error')

/**
 * Why bytes are no HEP packet, or a message cannot be one:
 * - `HEP_VERSION` they begin as no version of HEP does
 * - `HEP_TRUNCATED` they end before the packet, a chunk or a fixed part does
 * - `HEP_LENGTH` a length that cannot be: a packet or chunk under 6 octets, a field of another size than its own, a header
 *   length that does not fit the address family
 * - `HEP_FAMILY` an address family that is neither IPv4 nor IPv6, or addresses of another family than the packet says
 * - `HEP_TEXT` a text that is not UTF-8
 * - `HEP_INFLATE` a compressed payload that is neither gzip nor zlib, or is damaged
 * - `HEP_INFLATE_LIMIT` a compressed payload that is larger than `maxInflatedBytes`
 * - `HEP_TOO_LARGE` when encoding: over the 65535 octets of a packet, or over the room given
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
  /** Where that part begins, in octets from the beginning of the packet. */
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
    super(`${chunk} at octet ${offset}: ${what}`, options)
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
