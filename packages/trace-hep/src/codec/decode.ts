import { HepError } from '../hep-error.js'
import type { HepMessage } from '../message.js'
import { asBuffer } from './as-buffer.js'
import { decodeFixedHeader } from './fixed-header/decode.js'
import { type HepDecodeOptions, resolveDecodeOptions } from './options.js'
import { decodeV3 } from './v3/decode.js'

/** The first octet of `HEP3`. */
const LETTER_H = 0x48

/**
 * Reads one packet, such as a datagram holds. What it returns shares no memory with `bytes`, which may be used again.
 * Payloads are not looked into. Fields, once read, are not judged either: an empty packet of version 3 is a message.
 * @throws HepError whatever the bytes are; nothing else is thrown because of them
 * @throws TypeError, RangeError for options that cannot work
 */
export function decodeHep(bytes: Uint8Array, options?: HepDecodeOptions): HepMessage {
  const resolved = resolveDecodeOptions(options)
  const packet = asBuffer(bytes)
  const first = packet[0]
  if (first === LETTER_H) return decodeV3(packet, resolved)
  if (first === 1 || first === 2) return decodeFixedHeader(first, packet, resolved)
  if (first === undefined) throw new HepError('HEP_TRUNCATED', { chunk: 'packet', offset: 0 }, 'there are no octets')
  throw new HepError(
    'HEP_VERSION',
    { chunk: 'packet', offset: 0 },
    `it begins with octet ${first}, but HEP begins with 1, 2 or 'HEP3'`,
  )
}
