import type { RemoteInfo, Socket } from 'node:dgram'
import { constants } from 'node:os'
import type { DatagramAddress, DatagramOptions, DatagramPeer, DatagramSocket } from './datagram.js'
import { HeldMessages } from './held-messages.js'
import { PeerCache } from './peer-cache.js'

const { EAGAIN, EBADF, EINVAL, EISCONN, EMSGSIZE } = constants.errno

/** Octets that node:dgram may hold of what the system had no room for. One message is taken beyond it. */
const MAX_QUEUED_BYTES = 65_536

/** After this a closed socket gives up what the system still had no room for, in milliseconds. */
const DRAIN_TIMEOUT_MS = 1_000

/** What the IP and UDP headers leave of 65535 octets; the one of IPv6 is not counted in there. */
const MAX_PAYLOAD_BYTES = { udp4: 65_507, udp6: 65_527 }

/** What a socket is made for, options with their defaults. */
export interface FallbackSettings<P extends DatagramPeer>
  extends Pick<DatagramOptions<P>, 'createPeer' | 'onBatch' | 'onWritable' | 'onError'> {
  readonly type: 'udp4' | 'udp6'
  readonly maxMessageBytes: number
  readonly maxBatch: number
}

/**
 * A UDP socket over node:dgram with the API of the native one. Each message is a batch of its own, and an error of the
 * system shows only after `send` has counted the message as sent: it goes to `onError`. What arrives during `pause` is
 * kept here, as much as fits the system's buffer.
 */
export class FallbackSocket<P extends DatagramPeer> implements DatagramSocket<P> {
  readonly native = false
  readonly fd = -1
  readonly address: DatagramAddress
  readonly remote: P | undefined
  results = new Int32Array(0)
  private readonly peers: PeerCache<P>
  private readonly held: HeldMessages<P>
  /** The system's form of the peer of a connected socket. */
  private readonly only: { readonly address: string; readonly port: number } | undefined
  private paused = false
  private closed = false
  /** The socket of node:dgram is closed too. */
  private released = false
  private awaitsRoom = false
  private handingOn: NodeJS.Immediate | undefined
  private drainTimer: NodeJS.Timeout | undefined

  /** @param socket bound, and connected if it is to be; it must not have read anything yet */
  constructor(
    private readonly socket: Socket,
    private readonly settings: FallbackSettings<P>,
    connected: boolean,
  ) {
    const { type } = settings
    const { address, port } = socket.address()
    this.address = { type, address, port }
    this.peers = new PeerCache(settings)
    this.held = new HeldMessages(socket.getRecvBufferSize())
    this.only = connected ? socket.remoteAddress() : undefined
    this.remote = this.only && this.peers.get(type, this.only.address, this.only.port)
    socket.on('message', this.onMessage)
    socket.on('error', this.onError)
  }

  peer(address: DatagramAddress): P {
    const { type } = this.settings
    if (address.type !== type) throw new TypeError(`peer(): a ${type} socket has no peers of type '${address.type}'`)
    return this.peers.get(type, address.address, address.port)
  }

  send(messages: readonly (string | Uint8Array)[], peers: readonly P[]): number {
    const { length } = messages
    if (this.results.length < length) this.results = new Int32Array(length)
    let failures = 0
    for (let at = 0; at < length; at++) {
      const message = messages[at]
      const peer = peers[at]
      const result = message === undefined || peer === undefined ? -EINVAL : this.sendOne(message, peer)
      this.results[at] = result
      if (result < 0) failures++
    }
    return failures
  }

  awaitWritable(): void {
    if (this.closed || this.awaitsRoom) return
    this.awaitsRoom = true
    // Otherwise the last message that it holds tells.
    if (this.hasRoom()) setImmediate(this.tellRoom)
  }

  pause(): void {
    this.paused = true
  }

  resume(): void {
    this.paused = false
    if (!this.closed) this.handOnSoon()
  }

  close(): void {
    if (this.closed) return
    this.closed = true
    clearImmediate(this.handingOn)
    this.socket.off('message', this.onMessage)
    if (this.socket.getSendQueueSize() === 0) this.release()
    // Messages that count as sent, but that the system had no room for: closing now would lose them.
    else this.drainTimer = setTimeout(this.release, DRAIN_TIMEOUT_MS)
  }

  private sendOne(message: string | Uint8Array, peer: P): number {
    const { address } = peer
    if (this.closed) return -EBADF
    if (address.type === 'unix' || address.port === 0) return -EINVAL
    // A copy in any case: node:dgram may keep it after this call.
    const bytes = Buffer.from(message)
    // An IPv4 peer of an IPv6 socket.
    const isMapped = address.address.startsWith('::ffff:')
    if (bytes.length > MAX_PAYLOAD_BYTES[isMapped ? 'udp4' : this.settings.type]) return -EMSGSIZE
    if (!this.hasRoom()) return -EAGAIN
    if (this.remote === undefined) this.socket.send(bytes, address.port, address.address, this.onSent)
    else if (peer === this.remote) this.socket.send(bytes, this.onSent)
    else return -EISCONN
    return bytes.length
  }

  private hasRoom(): boolean {
    return this.socket.getSendQueueSize() <= MAX_QUEUED_BYTES
  }

  /** After each message, in the next tick at the earliest. */
  private readonly onSent = (error: Error | null): void => {
    if (this.released) return
    if (this.closed) {
      if (this.socket.getSendQueueSize() === 0) this.release()
      return
    }
    if (this.awaitsRoom) this.tellRoom()
    if (error !== null) this.onError(error)
  }

  private readonly tellRoom = (): void => {
    if (this.closed || !this.awaitsRoom || !this.hasRoom()) return
    this.awaitsRoom = false
    this.settings.onWritable?.()
  }

  private readonly onError = (error: NodeJS.ErrnoException): void => {
    if (!this.closed) this.settings.onError?.(error)
  }

  private readonly onMessage = (message: Buffer, from: RemoteInfo): void => {
    const peer = this.sender(from)
    if (peer === undefined || this.settings.onBatch === undefined) return
    const text = message.length > this.settings.maxMessageBytes ? null : message.toString()
    // Behind what is held already, in order.
    if (this.paused || !this.held.isEmpty) this.held.add(text, peer, message.length)
    else this.settings.onBatch({ texts: [text], peers: [peer] })
  }

  private sender({ address, port }: RemoteInfo): P | undefined {
    if (this.only === undefined) return this.peers.get(this.settings.type, address, port)
    // Others' messages may have come in between bind and connect.
    return address === this.only.address && port === this.only.port ? this.remote : undefined
  }

  private readonly handOn = (): void => {
    this.handingOn = undefined
    if (this.paused || this.held.isEmpty) return
    this.handOnSoon()
    this.settings.onBatch?.(this.held.take(this.settings.maxBatch))
  }

  private handOnSoon(): void {
    if (!this.held.isEmpty) this.handingOn ??= setImmediate(this.handOn)
  }

  private readonly release = (): void => {
    if (this.released) return
    this.released = true
    clearTimeout(this.drainTimer)
    this.socket.close()
  }
}
