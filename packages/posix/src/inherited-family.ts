import { readFileSync, readlinkSync } from 'node:fs'
import { unavailable } from './unavailable.js'

/**
 * Whether an inherited UDP socket is one of IPv4 or of IPv6: node:dgram must be told, and has no way to ask. The system
 * lists the bound sockets by their inode numbers (Linux).
 * @throws Error `ERR_POSIX_UNAVAILABLE` for anything else, and on other systems
 */
export function inheritedFamily(fd: number): 'udp4' | 'udp6' {
  if (process.platform === 'linux') {
    const inode = socketInode(fd)
    if (inode !== undefined && lists('udp6', inode)) return 'udp6'
    if (inode !== undefined && lists('udp', inode)) return 'udp4'
  }
  throw unavailable(`openDatagram() of descriptor ${fd}, which node:dgram cannot tell to be a bound UDP socket,`)
}

function socketInode(fd: number): string | undefined {
  try {
    return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/self/fd/${fd}`))?.[1]
  } catch {
    // There is no such descriptor; the caller's error names it.
    return undefined
  }
}

/** A line is: number, local and remote address, state, queues, timer, retransmissions, uid, timeout, inode, and more. */
function lists(table: 'udp' | 'udp6', inode: string): boolean {
  const lines = readFileSync(`/proc/self/net/${table}`, 'utf8').split('\n')
  return lines.some((line) => line.trim().split(/\s+/)[9] === inode)
}
