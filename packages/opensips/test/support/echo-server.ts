import { createSocket } from 'node:dgram'
import { once } from 'node:events'

/** A server at a free UDP port that answers every request with the request's own method and parameters. */
export async function echoServer() {
  const socket = createSocket('udp4')
  socket.on('message', (message, peer) => {
    const { id, method, params } = JSON.parse(message.toString())
    socket.send(JSON.stringify({ jsonrpc: '2.0', result: { method, params }, id }), peer.port, peer.address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  return {
    port: socket.address().port,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => void socket.close(() => resolve())),
  }
}
