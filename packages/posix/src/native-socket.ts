import { constants } from 'node:os'
import { type Addon, type NativeSocket, SEND_BATCH, systemError } from './addon.js'
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
  /** Results of more messages than the addon takes in one call. */
  private manyResults: Int32Array | undefined
  /** Of the messages of one call: what became of them, and the places of their peers. */
  private readonly lastResults: Int32Array
  private readonly places: Int32Array
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
    const watched = addon.watchDatagrams(
      descriptor,
      address.type === 'unix',
      connect !== undefined,
      maxBatch,
      maxMessageBytes,
      (...texts) => this.take(texts),
      () => onWritable?.(),
      (errno) => onError?.(systemError(-errno, 'recvmmsg', describe(connect ?? address))),
    )
    if (typeof watched === 'number') throw systemError(watched, 'uv_poll_init', describe(address))
    const { socket, numbers } = watched
    this.socket = socket
    this.marks = new Int32Array(numbers, 0, 2 * maxBatch)
    this.places = new Int32Array(numbers, this.marks.byteLength, SEND_BATCH)
    this.lastResults = new Int32Array(numbers, this.marks.byteLength + this.places.byteLength, SEND_BATCH)
    this.resume()
  }

  get fd(): number {
    return this.descriptor
  }

  /** A copy: the addon's own memory is not given away. */
  get results(): Int32Array {
    return this.manyResults ?? this.lastResults.slice()
  }

  readonly peer = (address: DatagramAddress): P => {
    if (address.type !== this.address.type) {
      throw new TypeError(`a ${this.address.type} socket cannot send to a ${address.type} address`)
    }
    const sockaddr = toSockaddr(this.addon, address)
    return this.createPeer({ address, credentials: undefined }, { slot: NO_PLACE, sockaddr })
  }

  readonly send = (messages: readonly (string | Uint8Array)[], peers: readonly P[]): number => {
    if (messages.length <= SEND_BATCH && !this.isClosed) {
      this.manyResults = undefined
      return this.sendSome(messages, peers, false)
    }
    return this.sendMany(messages, peers)
  }

  readonly awaitWritable = (): void => {
    if (!this.isClosed) this.addon.awaitWritable(this.socket)
  }

  readonly pause = (): void => {
    if (!this.isClosed) this.addon.setReading(this.socket, false)
  }

  readonly resume = (): void => {
    if (!this.isClosed && this.onBatch !== undefined) this.addon.setReading(this.socket, true)
  }

  readonly close = (): void => {
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

  private sendMany(messages: readonly (string | Uint8Array)[], peers: readonly P[]): number {
    const results = new Int32Array(messages.length).fill(-constants.errno.EBADF)
    this.manyResults = results
    if (this.isClosed) return messages.length
    let failed = 0
    for (let from = 0; from < messages.length; from += SEND_BATCH) {
      const some = messages.slice(from, from + SEND_BATCH)
      failed += this.sendSome(some, peers.slice(from, from + SEND_BATCH), from > 0)
      results.set(this.lastResults.subarray(0, some.length), from)
    }
    return failed
  }

  private sendSome(messages: readonly (string | Uint8Array)[], peers: readonly P[], continues: boolean): number {
    const { places } = this
    let addresses: (Uint8Array | undefined)[] | undefined
    for (let index = 0; index < messages.length; index++) {
      const peer = peers[index]
      const handle = peer?.handle
      const place = handle?.slot ?? NO_PLACE
      if (place !== NO_PLACE && this.peers[place] === peer) {
        places[index] = place
      } else {
        places[index] = NO_PLACE
        addresses ??= new Array<Uint8Array | undefined>(messages.length)
        addresses[index] = handle?.sockaddr
      }
    }
    return this.addon.sendDatagrams(this.socket, continues, addresses, ...messages)
  }
}

/** Sound because `P` is `DatagramPeer` where no `createPeer` is given. */
function plainPeer<P extends DatagramPeer>(facts: PeerFacts, handle: PeerHandle): P {
  return new DatagramPeer(facts, handle) as P
}
