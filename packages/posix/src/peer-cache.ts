import { type DatagramOptions, DatagramPeer, type PeerFacts, type PeerHandle } from './datagram.js'

/** As many senders as are known again; of more, the one that was met first is forgotten. */
const MAX_PEERS = 1_024

/** The fallback finds a peer by its address alone. */
const NO_HANDLE: PeerHandle = { slot: -1, sockaddr: new Uint8Array(0) }

type UdpAddress = { readonly type: 'udp4' | 'udp6'; readonly address: string; readonly port: number }

/** The peers of a UDP socket by their address, so that the same sender comes with the same object. */
export class PeerCache<P extends DatagramPeer> {
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
