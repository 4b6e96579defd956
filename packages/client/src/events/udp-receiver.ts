import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import type { Receiver, ReceiverEvents } from './receiver.js'
import { receiverError } from './receiver-error.js'
import type { SocketAddress } from './socket-address.js'

/**
 * Receives events as event_datagram sends them: each is one datagram.
 * @throws MiError `MI_LISTEN`
 */
export async function openUdpReceiver(address: SocketAddress, events: ReceiverEvents): Promise<Receiver> {
  const socket = createSocket('udp4')
  try {
    socket.bind(address.port, address.host)
    await once(socket, 'listening')
  } catch (cause) {
    socket.close()
    throw receiverError(address, cause)
  }
  socket.on('message', (data) => events.message(data.toString()))
  socket.on('error', (cause) => events.failed(receiverError(address, cause)))
  return { port: socket.address().port, close: () => close(socket) }
}

function close(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.close(() => resolve()))
}
