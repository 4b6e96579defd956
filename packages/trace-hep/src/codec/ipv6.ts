import { ipv4Number, ipv4Text } from './ipv4.js'

const COLON = 0x3a

/**
 * Writes an address such as `2001:db8::1` or `::ffff:10.0.0.1` as 16 octets. A zone (`%eth0`) is left out: the wire has no
 * place for it.
 * @returns false when the text is no IPv6 address; what is at `at` is then undefined
 */
export function writeIpv6(text: string, target: Buffer, at: number): boolean {
  const zone = text.indexOf('%')
  const end = zone === -1 ? text.length : zone
  if (end === text.length - 1) return false
  // Groups before and after '::', the octets of the latter moved to the end once their number is known.
  let written = 0
  let gap = -1
  let position = 0
  if (text.startsWith('::')) {
    gap = 0
    position = 2
  }
  while (position < end) {
    if (written === 16) return false
    let next = text.indexOf(':', position)
    if (next === -1 || next > end) next = end
    const group = text.slice(position, next)
    if (next === end && group.includes('.')) {
      const value = ipv4Number(group)
      if (value === -1 || written > 12) return false
      target.writeUInt32BE(value, at + written)
      written += 4
      position = end
      break
    }
    const value = hexNumber(group)
    if (value === -1) return false
    target.writeUInt16BE(value, at + written)
    written += 2
    position = next
    if (next === end) break
    position++
    if (text.charCodeAt(position) === COLON && position < end) {
      if (gap !== -1) return false
      gap = written
      position++
    } else if (position === end) return false
  }
  if (gap === -1) return written === 16
  if (written === 16) return false
  target.copyWithin(at + 16 - (written - gap), at + gap, at + written)
  target.fill(0, at + gap, at + 16 - (written - gap))
  return true
}

/** A group of one to four hexadecimal digits; -1 when it is none. */
function hexNumber(group: string): number {
  if (group.length === 0 || group.length > 4) return -1
  let value = 0
  for (let at = 0; at < group.length; at++) {
    const digit = hexDigit(group.charCodeAt(at))
    if (digit === -1) return -1
    value = value * 16 + digit
  }
  return value
}

function hexDigit(character: number): number {
  if (character >= 0x30 && character <= 0x39) return character - 0x30
  const letter = character | 0x20
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1
}

/**
 * The address of the 16 octets at `at`, in the shortest form (RFC 5952), as Node.js and `inet_ntop` write it: the texts of
 * both can be compared.
 */
export function ipv6Text(bytes: Buffer, at: number): string {
  const { start, length } = longestGap(bytes, at)
  // ::ffff:10.0.0.1 and the old ::10.0.0.1
  const mapped = start === 0 && length === 5 && bytes.readUInt16BE(at + 10) === 0xffff
  if (mapped) return `::ffff:${ipv4Text(bytes, at + 12)}`
  if (start === 0 && length === 6) return `::${ipv4Text(bytes, at + 12)}`
  if (length === 0) return groups(bytes, at, 0, 8)
  return `${groups(bytes, at, 0, start)}::${groups(bytes, at, start + length, 8)}`
}

/** The first of the longest runs of zero groups, of at least two. */
function longestGap(bytes: Buffer, at: number): { readonly start: number; readonly length: number } {
  let start = 0
  let length = 0
  let run = 0
  for (let group = 0; group < 8; group++) {
    run = bytes.readUInt16BE(at + group * 2) === 0 ? run + 1 : 0
    if (run > length) {
      length = run
      start = group - run + 1
    }
  }
  return length < 2 ? { start: 0, length: 0 } : { start, length }
}

function groups(bytes: Buffer, at: number, from: number, to: number): string {
  let text = ''
  for (let group = from; group < to; group++) {
    text += `${group === from ? '' : ':'}${bytes.readUInt16BE(at + group * 2).toString(16)}`
  }
  return text
}
