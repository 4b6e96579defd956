import { ipv4Number, ipv4Text } from './ipv4.js'
import { uint32 } from './octets.js'

/** An address in both its forms. */
interface Known {
  text: string
  value: number
}

/**
 * The two addresses that were looked at last: most messages go between the same two ends. It shows in nothing but the time,
 * a tenth of that of a whole message.
 */
let latest: Known = { text: '', value: -1 }
let other: Known = { text: '', value: -1 }

/** As `ipv4Number`. */
export function ipv4NumberOf(text: string): number {
  if (latest.text === text) return latest.value
  if (other.text === text) return other.value
  const value = ipv4Number(text)
  if (value !== -1) remember(text, value)
  return value
}

/** As `ipv4Text`. */
export function ipv4TextAt(bytes: Buffer, at: number): string {
  const value = uint32(bytes, at)
  if (latest.value === value) return latest.text
  if (other.value === value) return other.text
  const text = ipv4Text(bytes, at)
  remember(text, value)
  return text
}

function remember(text: string, value: number): void {
  const oldest = other
  other = latest
  oldest.text = text
  oldest.value = value
  latest = oldest
}
