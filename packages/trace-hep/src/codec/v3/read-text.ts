import { isUtf8 } from 'node:buffer'
import { octet } from '../octets.js'
import { notUtf8 } from './faults.js'

const REPLACEMENT = '\ufffd'

/**
 * The text in a chunk.
 * @param at where the chunk begins, 6 octets before the text
 * @throws HepError `HEP_TEXT` for octets that are no UTF-8, unless `lenient`
 */
export function readText(bytes: Buffer, type: number, at: number, end: number, lenient: boolean): string {
  const start = at + 6
  if (isAscii(bytes, start, end)) return bytes.toString('latin1', start, end)
  const text = bytes.toString('utf8', start, end)
  // Decoding marks what is wrong; the mark may also have been sent, which only the octets tell.
  if (!lenient && text.includes(REPLACEMENT) && !isUtf8(bytes.subarray(start, end))) throw notUtf8(type, at)
  return text
}

/** Nearly all texts are: they need no more than their octets. */
function isAscii(bytes: Buffer, start: number, end: number): boolean {
  let bits = 0
  for (let at = start; at < end; at++) bits |= octet(bytes, at)
  return bits < 0x80
}
