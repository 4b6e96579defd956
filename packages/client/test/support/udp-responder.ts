import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { DatagramResponder } from './datagram-responder.js'

/** A server end over UDP, on a free port unless one is given. */
export class UdpResponder extends DatagramResponder {
  private socket: Socket | undefined

  constructor(readonly host = '127.0.0.1') {
    super()
  }

  get port(): number {
    return this.socket?.address().port ?? 0
  }

  /** Where the last datagram came from. */
  lastPeerPort = 0

  async listen(port = 0): Promise<this> {
    const socket = createSocket(this.host.includes(':') ? 'udp6' : 'udp4')
    socket.on('message', (data, { address, port: peer }) => {
      this.lastPeerPort = peer
      const send = (text: string): Promise<void> =>
        new Promise((resolve, reject) => {
          socket.send(text, peer, address, (error) => (error === null ? resolve() : reject(error)))
        })
      this.take(data.toString(), async (...texts) => {
        for (const text of texts) await send(text)
      })
    })
    socket.bind(port, this.host)
    await once(socket, 'listening')
    this.socket = socket
    return this
  }

  /** Frees the port; `listen` takes it again. */
  async close(): Promise<void> {
    const { socket } = this
    if (socket === undefined) return
    this.socket = undefined
    await new Promise<void>((resolve) => socket.close(() => resolve()))
  }
}

/** A port that nobody listens at, for as long as nobody else takes it. */
export async function freePort(): Promise<number> {
  const server = await new UdpResponder().listen()
  const { port } = server
  await server.close()
  return port
}
