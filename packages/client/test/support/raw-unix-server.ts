import type { RawRequest, RawServer } from '@mi/compliance'
import { listenOnUnix, type ServerSocket } from './unix-socket.js'

/** The server end for the compliance suite. */
export class RawUnixServer implements RawServer {
  private socket: ServerSocket | undefined

  constructor(private readonly path: string) {}

  async listen(onRequest: (request: RawRequest) => void): Promise<void> {
    const socket = await listenOnUnix(this.path, (text, peer) => {
      const send = (answer: string): Promise<void> => socket.send(answer, peer)
      onRequest({ text, provisional: send, reply: send })
    })
    this.socket = socket
  }

  async vanish(): Promise<void> {
    this.socket?.close()
    this.socket = undefined
  }
}
