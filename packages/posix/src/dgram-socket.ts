import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { isIPv4, isIPv6 } from 'node:net'
import type { DatagramAddress, DatagramBinding, DatagramOptions, DatagramPeer, DatagramSocket } from './datagram.js'
import { FallbackSocket } from './fallback-socket.js'
import { inheritedFamily } from './inherited-family.js'
import { unavailable } from './unavailable.js'

type UnixAddress = Extract<DatagramAddress, { readonly type: 'unix' }>
type UdpAddress = Exclude<DatagramAddress, UnixAddress>

/**
 * Opens a UDP socket over node:dgram, for want of the addon. What it does otherwise than the native one: a batch holds one
 * message; an error of a message that was sent comes to `onError`; a socket without `onBatch` reads nonetheless and drops
 * what it reads.
 * @param options checked already, as `openDatagram` does
 * @throws TypeError for what is no IP address of the socket's type
 * @throws Error of the system, with `code`, `syscall` and `address`
 * @throws Error `ERR_POSIX_UNAVAILABLE` for a UNIX socket, and for a descriptor that is no bound UDP socket
 */
export async function openDgram<P extends DatagramPeer = DatagramPeer>(
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
  if (bind.type === 'unix') throw unavailable('a UNIX datagram socket')
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

/** @throws TypeError for what is no address of that type */
function assertAddress(type: UdpAddress['type'], to: DatagramAddress): asserts to is UdpAddress {
  if (to.type !== type) throw new TypeError(`a ${type} socket cannot be connected to an address of type '${to.type}'`)
  if (!(type === 'udp4' ? isIPv4(to.address) : isIPv6(to.address))) {
    throw new TypeError(`'${to.address}' is no ${type === 'udp4' ? 'IPv4' : 'IPv6'} address`)
  }
}
