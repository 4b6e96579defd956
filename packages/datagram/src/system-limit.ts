import { readFileSync } from 'node:fs'

/** Asked of the system for a UNIX socket: it holds what peers have not read yet, of all peers together. */
export const UNIX_SEND_BUFFER = 4_194_304
/** Asked of the system for a UDP socket: requests wait there while commands run. */
export const UDP_RECEIVE_BUFFER = 4_194_304

/** What Linux keeps of a socket's buffer for its own notes on one message. */
const OVERHEAD = 32

/** What the headers leave of the 65535 bytes of an IPv4 packet, and of a UDP datagram. */
const LONGEST_UDP = { udp4: 65_507, udp6: 65_527 }

/**
 * The longest message that the system takes, in bytes.
 * @param type of the socket
 * @param readSetting reads a setting of the kernel
 * @returns undefined where it cannot be known
 * Source: Linux, `sock_setsockopt` (what is asked for, at most wmem_max, is doubled) and `unix_dgram_sendmsg`.
 */
export function systemLimit(
  type: 'unix' | 'udp4' | 'udp6',
  readSetting: (path: string) => string = readText,
): number | undefined {
  if (type !== 'unix') return LONGEST_UDP[type]
  let most: number
  try {
    most = Number(readSetting('/proc/sys/net/core/wmem_max'))
  } catch {
    // Not Linux, or a container that may not see it: EMSGSIZE shows it.
    return undefined
  }
  return most > 0 ? 2 * Math.min(UNIX_SEND_BUFFER, most) - OVERHEAD : undefined
}

function readText(path: string): string {
  return readFileSync(path, 'utf8')
}
