import { notHep3, shortLength, truncatedPacket } from './faults.js'

/** Octets before the first chunk: `HEP3` and the length of the packet. */
export const PACKET_HEAD_BYTES = 6

/** `HEP3` */
const MAGIC = 0x48455033

/**
 * The length that a packet of version 3 says it has, its head included.
 * @throws HepError `HEP_TRUNCATED`, `HEP_VERSION`, `HEP_LENGTH` when there is no head at `at`
 */
export function packetLength(bytes: Buffer, at = 0): number {
  if (bytes.length - at < PACKET_HEAD_BYTES) throw truncatedPacket(bytes.length - at, PACKET_HEAD_BYTES)
  if (bytes.readUInt32BE(at) !== MAGIC) throw notHep3()
  const total = bytes.readUInt16BE(at + 4)
  if (total < PACKET_HEAD_BYTES) throw shortLength(total)
  return total
}
