import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { readFileSync, readlinkSync } from 'node:fs'
import { isIPv4, isIPv6 } from 'node:net'
import type { DatagramAddress, DatagramBinding, DatagramOptions, DatagramPeer, DatagramSocket } from './datagram.js'
import { FallbackSocket } from './fallback-socket.js'
import { addonMissing } from './load-addon.js'

type UnixAddress = Extract<DatagramAddress, { readonly type: 'unix' }>
type UdpAddress = Exclude<DatagramAddress, UnixAddress>

/**
 * Opens a UDP socket over node:dgram, where there is no addon. It differs from the native one: a batch holds one
 * message; an error of a message that was sent comes to `onError`; a socket without `onBatch` reads nonetheless and drops
 * what it reads.
 * @param options checked already, as `openDatagram` does
 * @throws TypeError for anything but an IP address of the socket's type
 * @throws Error of the system, with `code`, `syscall` and `address`
 * @throws Error `ERR_POSIX_UNAVAILABLE` for a UNIX socket, and for a descriptor that is no bound UDP socket
 */
export async function openFallback<P extends DatagramPeer = DatagramPeer>(
  options: DatagramOptions<P>,
): Promise<DatagramSocket<P>> {
  const { bind, connect, receiveBufferBytes, sendBufferBytes, maxMessageBytes = 65_535, maxBatch = 64 } = options
  assertUdp(bind)
  const type = bind.type === 'fd' ? inheritedFamily(bind.fd) : bind.type
  const { ipv6Only = false, reuseAddress = false } = options
  const socket = createSocket({ type, ipv6Only, reuseAddr: reuseAddress, lookup: addressAsItIs })
  try {
    await bindSocket(socket, bind)
    if (receiveBufferBytes !== undefined) socket.setRecvBufferSize(receiveBufferBytes)
    if (sendBufferBytes !== undefined) socket.setSendBufferSize(sendBufferBytes)
    if (connect !== undefined) await connectSocket(socket, type, connect)
    return new FallbackSocket(socket, { ...options, type, maxMessageBytes, maxBatch }, connect !== undefined)
  } catch (error) {
    socket.close()
    throw error
  }
}

function assertUdp(bind: DatagramBinding): asserts bind is Exclude<DatagramBinding, UnixAddress> {
  if (bind.type === 'unix') throw addonMissing('a UNIX datagram socket')
}

async function bindSocket(socket: Socket, bind: Exclude<DatagramBinding, UnixAddress>): Promise<void> {
  if (bind.type !== 'fd') assertAddress(bind.type, bind)
  const where = bind.type === 'fd' ? { fd: bind.fd } : { address: bind.address, port: bind.port }
  const bound = once(socket, 'listening')
  // Exclusive: in a worker of node:cluster too, the socket is this process's own.
  socket.bind({ ...where, exclusive: true })
  await bound
}

async function connectSocket(socket: Socket, type: UdpAddress['type'], to: DatagramAddress): Promise<void> {
  assertAddress(type, to)
  const connected = once(socket, 'connect')
  socket.connect(to.port, to.address)
  await connected
}

/** Addresses are never host names: nothing is looked up, and sending happens at once. */
function addressAsItIs(
  address: string,
  _options: unknown,
  done: (error: Error | null, address: string, family: number) => void,
): void {
  done(null, address, isIPv4(address) ? 4 : 6)
}

/** @throws TypeError for anything but an address of that type */
function assertAddress(type: UdpAddress['type'], to: DatagramAddress): asserts to is UdpAddress {
  if (to.type !== type) throw new TypeError(`a ${type} socket cannot be connected to an address of type '${to.type}'`)
  if (!(type === 'udp4' ? isIPv4(to.address) : isIPv6(to.address))) {
    throw new TypeError(`'${to.address}' is not an ${type === 'udp4' ? 'IPv4' : 'IPv6'} address`)
  }
}

/**
 * Whether an inherited UDP socket is for IPv4 or IPv6: node:dgram has to know, and cannot ask. The system
 * lists the bound sockets by their inode numbers (Linux).
 * @throws Error `ERR_POSIX_UNAVAILABLE` for anything else, and on other systems
 */
function inheritedFamily(fd: number): 'udp4' | 'udp6' {
  if (process.platform === 'linux') {
    const inode = socketInode(fd)
    if (inode !== undefined && lists('udp6', inode)) return 'udp6'
    if (inode !== undefined && lists('udp', inode)) return 'udp4'
  }
  throw addonMissing(`openDatagram() of descriptor ${fd}, which node:dgram cannot tell to be a bound UDP socket,`)
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
