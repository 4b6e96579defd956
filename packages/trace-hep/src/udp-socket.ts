import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { isIPv6 } from 'node:net'

/** What a UDP socket is bound to, or the only peer that it is connected to. */
export interface UdpPlace {
  readonly use: 'bind' | 'connect'
  /** An IP address. */
  readonly address: string
  readonly port: number
}

/** A socket of node:dgram that is ready for use; closed again when that fails. @throws Error of the system */
export async function openUdpSocket({ use, address, port }: UdpPlace): Promise<Socket> {
  const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4')
  try {
    const ready = once(socket, use === 'bind' ? 'listening' : 'connect')
    if (use === 'bind') socket.bind({ address, port, exclusive: true })
    else socket.connect(port, address)
    await ready
    return socket
  } catch (error) {
    socket.close()
    throw error
  }
}
