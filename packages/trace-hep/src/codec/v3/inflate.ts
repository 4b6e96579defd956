import { constants } from 'node:buffer'
import { unzipSync } from 'node:zlib'
import { HepError, type HepErrorPlace } from '../../hep-error.js'

/**
 * A payload that was compressed: gzip, as OpenSIPS sends it, or zlib. One that is empty stays empty.
 * @throws HepError `HEP_INFLATE`, `HEP_INFLATE_LIMIT`
 */
export function inflate(compressed: Buffer, maxInflatedBytes: number, offset: number): Buffer {
  if (compressed.length === 0) return compressed
  const place: HepErrorPlace = { chunk: 'compressedPayload', offset }
  try {
    // More than a Buffer can hold would be refused by zlib as a wrong option, and told as a wrong payload.
    return unzipSync(compressed, { maxOutputLength: Math.min(maxInflatedBytes, constants.MAX_LENGTH) })
  } catch (cause) {
    if (cause instanceof RangeError) {
      throw new HepError('HEP_INFLATE_LIMIT', place, `inflated it is larger than ${maxInflatedBytes} octets`, { cause })
    }
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new HepError('HEP_INFLATE', place, `it cannot be inflated: ${why}`, { cause })
  }
}
