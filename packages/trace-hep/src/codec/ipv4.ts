import { octet } from './octets.js'

const ZERO = 0x30
const NINE = 0x39
const POINT = 0x2e

/** The texts of all octets, without and with a point behind them: an address is put together from four of them. */
const last: readonly string[] = Array.from({ length: 256 }, (_, value) => String(value))
const inner: readonly string[] = last.map((text) => `${text}.`)

/** An address such as `10.0.0.1` as a number of 32 bits; -1 when the text is no IPv4 address. */
export function ipv4Number(text: string): number {
  let value = 0
  let part = -1
  let points = 0
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at)
    if (character >= ZERO && character <= NINE) {
      // A leading zero is no decimal: some systems read 010 as 8.
      if (part === 0) return -1
      part = part === -1 ? character - ZERO : part * 10 + character - ZERO
      if (part > 255) return -1
    } else {
      if (character !== POINT || part === -1 || points === 3) return -1
      value = (value << 8) | part
      part = -1
      points++
    }
  }
  return points === 3 && part !== -1 ? ((value << 8) | part) >>> 0 : -1
}

/** The address of the four octets at `at`. */
export function ipv4Text(bytes: Buffer, at: number): string {
  return `${inner[octet(bytes, at)]}${inner[octet(bytes, at + 1)]}${inner[octet(bytes, at + 2)]}${last[octet(bytes, at + 3)]}`
}
