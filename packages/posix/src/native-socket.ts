import { constants } from 'node:os'
import type { Addon, NativeSocket } from './addon.js'
import {
  type DatagramAddress,
  type DatagramBatch,
  type DatagramOptions,
  DatagramPeer,
  type DatagramSocket,
  type PeerFacts,
  type PeerHandle,
} from './datagram.js'
import { describe, toSockaddr } from './sockaddr.js'
import { systemError } from './system-error.js'

const DEFAULT_MESSAGE_BYTES = 65_535
const DEFAULT_BATCH = 64

/** A peer that has no place in the addon's table is sent to by its address. */
const NO_PLACE = -1

/** Of the peer that a socket is connected to: the system knows where it is. */
const CONNECTED: PeerHandle = { slot: NO_PLACE, sockaddr: new Uint8Array() }

/** A socket of the addon. The descriptor is its own once it is made. */
export class NativeDatagramSocket<P extends DatagramPeer> implements DatagramSocket<P> {
  readonly native = true
  readonly remote: P | undefined
  results = new Int32Array(DEFAULT_BATCH)
  private places = new Int32Array(DEFAULT_BATCH)
  /** By place: the peer that the addon has there. */
  private readonly peers: P[] = []
  /** The addon's remarks on a batch: for each datagram the place of its peer, and whether that is new there. */
  private readonly marks: Int32Array
  private readonly socket: NativeSocket
  private readonly createPeer: (facts: PeerFacts, handle: PeerHandle) => P
  private readonly onBatch: ((batch: DatagramBatch<P>) => void) | undefined
  private isClosed = false

  constructor(
    private readonly addon: Addon,
    private descriptor: number,
    readonly address: DatagramAddress,
    options: DatagramOptions<P>,
  ) {
    const { connect, maxBatch = DEFAULT_BATCH, maxMessageBytes = DEFAULT_MESSAGE_BYTES, onWritable, onError } = options
    this.createPeer = options.createPeer ?? plainPeer
    this.onBatch = options.onBatch
    // Before the descriptor is handed over, since it may throw.
    this.remote = connect && this.createPeer({ address: connect, credentials: undefined }, CONNECTED)
    this.marks = new Int32Array(new ArrayBuffer(2 * maxBatch * Int32Array.BYTES_PER_ELEMENT))
    const socket = addon.watchDatagrams(
      descriptor,
      address.type === 'unix',
      connect !== undefined,
      maxBatch,
      maxMessageBytes,
      this.marks,
      (texts) => this.take(texts),
      () => onWritable?.(),
      (errno) => onError?.(systemError(-errno, 'recvmmsg', describe(connect ?? address))),
    )
    if (typeof socket === 'number') throw systemError(socket, 'uv_poll_init', describe(address))
    this.socket = socket
    this.resume()
  }

  get fd(): number {
    return this.descriptor
  }

  peer(address: DatagramAddress): P {
    if (address.type !== this.address.type) {
      throw new TypeError(`a ${this.address.type} socket cannot send to a ${address.type} address`)
    }
    const sockaddr = toSockaddr(this.addon, address)
    return this.createPeer({ address, credentials: undefined }, { slot: NO_PLACE, sockaddr })
  }

  send(messages: readonly (string | Uint8Array)[], peers: readonly P[]): number {
    const count = messages.length
    if (count > this.results.length) this.grow(count)
    if (this.isClosed) {
      this.results.fill(-constants.errno.EBADF, 0, count)
      return count
    }
    const { places } = this
    let addresses: (Uint8Array | undefined)[] | undefined
    for (let index = 0; index < count; index++) {
      const peer = peers[index]
      const handle = peer?.handle
      const place = handle?.slot ?? NO_PLACE
      if (place !== NO_PLACE && this.peers[place] === peer) {
        places[index] = place
      } else {
        places[index] = NO_PLACE
        addresses ??= new Array<Uint8Array | undefined>(count)
        addresses[index] = handle?.sockaddr
      }
    }
    return this.addon.sendDatagrams(this.socket, messages, places, addresses, this.results)
  }

  awaitWritable(): void {
    if (!this.isClosed) this.addon.awaitWritable(this.socket)
  }

  pause(): void {
    if (!this.isClosed) this.addon.setReading(this.socket, false)
  }

  resume(): void {
    if (!this.isClosed && this.onBatch !== undefined) this.addon.setReading(this.socket, true)
  }

  close(): void {
    if (this.isClosed) return
    this.isClosed = true
    this.descriptor = -1
    this.addon.closeDatagrams(this.socket)
  }

  private take(texts: (string | null)[]): void {
    const { marks, peers, remote } = this
    const senders = new Array<P>(texts.length)
    if (remote !== undefined) {
      this.onBatch?.({ texts, peers: senders.fill(remote) })
      return
    }
    for (let index = 0; index < texts.length; index++) {
      const place = marks[2 * index] ?? 0
      const known = peers[place]
      senders[index] = known === undefined || marks[2 * index + 1] === 1 ? this.meet(place) : known
    }
    this.onBatch?.({ texts, peers: senders })
  }

  private meet(place: number): P {
    const { sockaddr, isKnown, pid, uid, gid } = this.addon.peerAt(this.socket, place)
    const address = this.addon.addressOf(sockaddr)
    const credentials = isKnown ? { pid, uid, gid } : undefined
    const peer = this.createPeer({ address, credentials }, { slot: place, sockaddr })
    this.peers[place] = peer
    return peer
  }

  private grow(count: number): void {
    this.results = new Int32Array(count)
    this.places = new Int32Array(count)
  }
}

/** Sound because `P` is `DatagramPeer` where no `createPeer` is given. */
function plainPeer<P extends DatagramPeer>(facts: PeerFacts, handle: PeerHandle): P {
  return new DatagramPeer(facts, handle) as P
}
