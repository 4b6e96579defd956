import type { RemoteInfo, Socket } from 'node:dgram'
import { constants } from 'node:os'
import {
  type DatagramAddress,
  type DatagramOptions,
  DatagramPeer,
  type DatagramSocket,
  type PeerFacts,
  type PeerHandle,
} from './datagram.js'

const { EAGAIN, EBADF, EINVAL, EISCONN, EMSGSIZE } = constants.errno

/** Bytes that node:dgram may hold of what the system had no room for. One message is taken beyond it. */
const MAX_QUEUED_BYTES = 65_536

/** After this a closed socket gives up what the system still had no room for, in milliseconds. */
const DRAIN_TIMEOUT_MS = 1_000

/** What the IP and UDP headers leave of 65535 bytes; the one of IPv6 is not counted in there. */
const MAX_PAYLOAD_BYTES = { udp4: 65_507, udp6: 65_527 }

/** About what Linux adds to a datagram in its buffer. */
const OVERHEAD_BYTES = 512

/** As many senders as are known again; of more, the one that was met first is forgotten. */
const MAX_PEERS = 1_024

/** The fallback finds a peer by its address alone. */
const NO_HANDLE: PeerHandle = { slot: -1, sockaddr: new Uint8Array(0) }

type UdpAddress = { readonly type: 'udp4' | 'udp6'; readonly address: string; readonly port: number }

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

  readonly peer = (address: DatagramAddress): P => {
    const { type } = this.settings
    if (address.type !== type) throw new TypeError(`peer(): a ${type} socket has no peers of type '${address.type}'`)
    return this.peers.get(type, address.address, address.port)
  }

  readonly send = (messages: readonly (string | Uint8Array)[], peers: readonly P[]): number => {
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

  readonly awaitWritable = (): void => {
    if (this.closed || this.awaitsRoom) return
    this.awaitsRoom = true
    // Otherwise the last message that it holds tells.
    if (this.hasRoom()) setImmediate(this.tellRoom)
  }

  readonly pause = (): void => {
    this.paused = true
  }

  readonly resume = (): void => {
    this.paused = false
    if (!this.closed) this.handOnSoon()
  }

  readonly close = (): void => {
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

/** What arrives while a socket is paused, as the system would keep it: in order, no more than fits its buffer. */
class HeldMessages<P extends DatagramPeer> {
  private texts: (string | null)[] = []
  private peers: P[] = []
  private bytes: number[] = []
  private total = 0

  constructor(private readonly maxBytes: number) {}

  get isEmpty(): boolean {
    return this.texts.length === 0
  }

  /** @param bytes what it takes of the buffer. A message that does not fit is lost, as with any UDP socket. */
  add(text: string | null, peer: P, bytes: number): void {
    // The system counts some overhead too, without which empty messages would take no room.
    const size = bytes + OVERHEAD_BYTES
    if (this.total + size > this.maxBytes) return
    this.total += size
    this.texts.push(text)
    this.peers.push(peer)
    this.bytes.push(size)
  }

  /** Takes out the oldest ones, `count` at most. */
  take(count: number): { readonly texts: readonly (string | null)[]; readonly peers: readonly P[] } {
    for (const size of this.bytes.splice(0, count)) this.total -= size
    return { texts: this.texts.splice(0, count), peers: this.peers.splice(0, count) }
  }
}

/** The peers of a UDP socket by their address, so that the same sender comes with the same object. */
class PeerCache<P extends DatagramPeer> {
  private readonly peers = new Map<string, P>()
  private readonly create: (facts: PeerFacts, handle: PeerHandle) => P

  constructor({ createPeer }: Pick<DatagramOptions<P>, 'createPeer'>) {
    this.create = createPeer ?? plainPeer
  }

  get(type: 'udp4' | 'udp6', address: string, port: number): P {
    const key = `${port} ${address}`
    return this.peers.get(key) ?? this.add(key, { type, address, port })
  }

  private add(key: string, address: UdpAddress): P {
    const peer = this.create({ address, credentials: undefined }, NO_HANDLE)
    if (this.peers.size >= MAX_PEERS) {
      for (const [oldest] of this.peers) {
        this.peers.delete(oldest)
        break
      }
    }
    this.peers.set(key, peer)
    return peer
  }
}

/** Where `createPeer` is left out, P is DatagramPeer itself: that is the type parameter's default, and nothing else infers it. */
function plainPeer<P extends DatagramPeer>(facts: PeerFacts, handle: PeerHandle): P {
  return new DatagramPeer(facts, handle) as P
}
