import { DatagramResponder } from './datagram-responder.js'
import { listenOnUnix, type ServerSocket } from './unix-socket.js'

/** A server end over UNIX datagrams. */
export class UnixResponder extends DatagramResponder {
  /** Where the last datagram came from. */
  lastPeerPath = ''
  private socket: ServerSocket | undefined

  constructor(readonly path: string) {
    super()
  }

  async listen(): Promise<this> {
    const socket = await listenOnUnix(this.path, (text, peer) => {
      if (peer.address.type === 'unix') this.lastPeerPath = peer.address.path
      this.take(text, async (...texts) => {
        for (const each of texts) await socket.send(each, peer)
      })
    })
    this.socket = socket
    return this
  }

  /** Leaves what arrives in the queue, which is soon full. */
  pause(): void {
    this.socket?.pause()
  }

  resume(): void {
    this.socket?.resume()
  }

  /** The file stays. */
  async close(): Promise<void> {
    this.socket?.close()
    this.socket = undefined
  }
}
