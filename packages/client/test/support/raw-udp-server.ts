import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import type { RawRequest, RawServer } from '@mi/compliance'

/** The server end for the compliance suite: node:dgram alone. */
export class RawUdpServer implements RawServer {
  private socket: Socket | undefined

  constructor(
    private readonly host: string,
    private readonly port: number,
  ) {}

  async listen(onRequest: (request: RawRequest) => void): Promise<void> {
    const socket = createSocket(this.host.includes(':') ? 'udp6' : 'udp4')
    socket.on('message', (data, peer) => {
      const send = (text: string): Promise<void> =>
        new Promise((resolve, reject) => {
          socket.send(text, peer.port, peer.address, (error) => (error === null ? resolve() : reject(error)))
        })
      onRequest({ text: data.toString(), provisional: send, reply: send })
    })
    socket.bind(this.port, this.host)
    await once(socket, 'listening')
    this.socket = socket
  }

  async vanish(): Promise<void> {
    const { socket } = this
    if (socket === undefined) return
    this.socket = undefined
    await new Promise<void>((resolve) => socket.close(() => resolve()))
  }
}
