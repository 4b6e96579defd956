import type { HepMessageInput } from '../message.js'
import { IPV4, IPV6 } from './families.js'
import { ipv4NumberOf } from './ipv4-ends.js'
import { writeIpv6 } from './ipv6.js'

const COLON = 0x3a

/**
 * The address family of a message: that of its addresses where it has any.
 * @throws RangeError when it is neither 2 nor 10, or not that of the addresses
 * @throws TypeError for an address that is no string
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
  throw new RangeError(`encodeHep(): family is ${family}, but the addresses are of family ${found}, as is ${address}`)
}

function isTextOrAbsent(value: unknown): boolean {
  return value === undefined || typeof value === 'string'
}

/** An IPv6 address has a colon behind four digits at the latest. */
function isIpv6Form(address: string): boolean {
  for (let at = 0; at < 5; at++) {
    if (address.charCodeAt(at) === COLON) return true
  }
  return false
}

/** @throws TypeError when it is no IPv4 address */
export function writeIpv4Address(target: Buffer, at: number, name: 'srcIp' | 'dstIp', address: string): void {
  const value = ipv4NumberOf(address)
  if (value === -1) throw addressError(name, 'an IPv4', address)
  target[at] = value >>> 24
  target[at + 1] = value >>> 16
  target[at + 2] = value >>> 8
  target[at + 3] = value
}

/** @throws TypeError when it is no IPv6 address */
export function writeIpv6Address(target: Buffer, at: number, name: 'srcIp' | 'dstIp', address: string): void {
  if (!writeIpv6(address, target, at)) throw addressError(name, 'an IPv6', address)
}

function addressError(name: string, kind: string, address: string): TypeError {
  return new TypeError(
    `encodeHep(): ${name} must be ${kind} address, of the same family as the other end, not ${JSON.stringify(address)}`,
  )
}
