import type { HepMessageInput } from '../message.js'
import { uint8, uint16 } from './bytes.js'

/** The address families of HEP: the numbers of Linux, on every platform. */
export const IPV4 = 2
export const IPV6 = 10

const ZERO = 0x30
const NINE = 0x39
const POINT = 0x2e
const COLON = 0x3a

/** The text of every byte, without and with a point after it: four of them make an address. */
const LAST_PARTS: readonly string[] = Array.from({ length: 256 }, (_, value) => String(value))
const INNER_PARTS: readonly string[] = LAST_PARTS.map((text) => `${text}.`)

/**
 * The address family of a message: that of its addresses where it has any.
 * @throws RangeError when it is neither 2 nor 10, or differs from the family of the addresses
 * @throws TypeError for an address that is not a string
 */
export function familyOf({ family, srcIp, dstIp }: HepMessageInput): number | undefined {
  if (!isTextOrAbsent(srcIp) || !isTextOrAbsent(dstIp)) {
    throw new TypeError('encodeHep(): srcIp and dstIp must be strings')
  }
  const address = srcIp ?? dstIp
  if (address === undefined) {
    if (family === undefined || family === IPV4 || family === IPV6) return family
    throw new RangeError(`encodeHep(): family must be ${IPV4} (IPv4) or ${IPV6} (IPv6), not ${family}`)
  }
  const found = isIpv6Form(address) ? IPV6 : IPV4
  if (family === undefined || family === found) return found
  throw new RangeError(`encodeHep(): family is ${family}, but ${address} is an address of family ${found}`)
}

function isTextOrAbsent(value: unknown): boolean {
  return value === undefined || typeof value === 'string'
}

/** An IPv6 address has a colon among its first five characters. */
function isIpv6Form(address: string): boolean {
  for (let at = 0; at < 5; at++) {
    if (address.charCodeAt(at) === COLON) return true
  }
  return false
}

/** @throws TypeError for text that is not an address of this family */
export function writeAddress(
  family: number,
  target: Buffer,
  at: number,
  name: 'srcIp' | 'dstIp',
  address: string,
): void {
  if (family === IPV4 ? writeIpv4(address, target, at) : writeIpv6(address, target, at)) return
  throw new TypeError(
    `encodeHep(): ${name} must be an ${family === IPV4 ? 'IPv4' : 'IPv6'} address, of the same family as the other end, ` +
      `not ${JSON.stringify(address)}`,
  )
}

/**
 * Writes an address such as `10.0.0.1` as 4 bytes.
 * @returns false for text that is not an IPv4 address; the bytes at `at` are then undefined
 */
export function writeIpv4(text: string, target: Buffer, at: number): boolean {
  let next = at
  let part = -1
  for (let index = 0; index < text.length; index++) {
    const character = text.charCodeAt(index)
    if (character >= ZERO && character <= NINE) {
      // A leading zero is refused: some systems read 010 as 8.
      if (part === 0) return false
      part = part === -1 ? character - ZERO : part * 10 + character - ZERO
      if (part > 255) return false
    } else {
      if (character !== POINT || part === -1 || next === at + 3) return false
      target[next++] = part
      part = -1
    }
  }
  target[next] = part
  return next === at + 3 && part !== -1
}

/** The address in the four bytes at `at`. */
export function ipv4Text(bytes: Buffer, at: number): string {
  const first = `${INNER_PARTS[uint8(bytes, at)]}${INNER_PARTS[uint8(bytes, at + 1)]}`
  return `${first}${INNER_PARTS[uint8(bytes, at + 2)]}${LAST_PARTS[uint8(bytes, at + 3)]}`
}

/**
 * Writes an address such as `2001:db8::1` or `::ffff:10.0.0.1` as 16 bytes. A zone (`%eth0`) is left out: HEP has no place
 * for it.
 * @returns false for text that is not an IPv6 address; the bytes at `at` are then undefined
 */
export function writeIpv6(text: string, target: Buffer, at: number): boolean {
  const zone = text.indexOf('%')
  const end = zone === -1 ? text.length : zone
  if (end === text.length - 1) return false
  // Groups before and after '::'; the latter are moved to the end once their number is known.
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
      if (written > 12 || !writeIpv4(group, target, at + written)) return false
      written += 4
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

/** A group of one to four hexadecimal digits; -1 for anything else. */
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
  if (character >= ZERO && character <= NINE) return character - ZERO
  const letter = character | 0x20
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1
}

/**
 * The address in the 16 bytes at `at`, in the shortest form (RFC 5952), as Node.js and `inet_ntop` write it, so that texts
 * can be compared.
 */
export function ipv6Text(bytes: Buffer, at: number): string {
  const { start, length } = longestGap(bytes, at)
  // ::ffff:10.0.0.1 and the old ::10.0.0.1
  const mapped = start === 0 && length === 5 && uint16(bytes, at + 10) === 0xffff
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
    run = uint16(bytes, at + group * 2) === 0 ? run + 1 : 0
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
    text += `${group === from ? '' : ':'}${uint16(bytes, at + group * 2).toString(16)}`
  }
  return text
}
