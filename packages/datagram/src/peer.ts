import type { IpEndpoint, MiPeer } from '@mi/contract'
import { type DatagramAddress, DatagramPeer, type PeerFacts, type PeerHandle } from '@mi/posix'

/** A peer of this server. The socket keeps it from one request to the next, so that what is known of it is found out once. */
export class Peer extends DatagramPeer {
  /** The peer as commands and tracers see it. */
  readonly shown: ShownPeer
  /**
   * UNIX: whether the peer is connected to the listening socket, and therefore receives from that one alone. Nothing says so
   * before a reply from another socket is refused.
   */
  isConnected = false
  private foundKey: string | undefined

  /**
   * @param isAllowed whether its requests are taken
   * @param local what the server's socket is bound to; undefined until that is known
   */
  constructor(
    facts: PeerFacts,
    handle: PeerHandle,
    readonly isAllowed: boolean,
    local: () => DatagramAddress | undefined,
  ) {
    super(facts, handle)
    this.shown = new ShownPeer(this, local)
  }

  /**
   * Tells peers apart. Over UNIX sockets by the bytes of the name: in the text all that is not UTF-8 looks alike, and the
   * replies to one peer would go to another.
   */
  get key(): string {
    this.foundKey ??=
      this.address.type === 'unix' ? Buffer.from(this.handle.sockaddr).toString('latin1') : this.shown.address
    return this.foundKey
  }

  /** False when nothing can be sent to it: a UNIX socket without a name, or a datagram without a source port. */
  get canBeAnswered(): boolean {
    return this.address.type === 'unix' ? this.address.path !== '' : this.address.port !== 0
  }
}

/** Separate from `Peer`, whose address is not a text. Everything is made on demand: most commands never ask. */
export class ShownPeer implements MiPeer {
  readonly transport = 'datagram'
  private text: string | undefined

  constructor(
    readonly peer: Peer,
    private readonly local: () => DatagramAddress | undefined,
  ) {}

  /** `udp:127.0.0.1:40312`, `udp:[::1]:40312`, or the path of a UNIX socket, '' for one without a name. */
  get address(): string {
    this.text ??= addressText(this.peer.address)
    return this.text
  }

  get source(): IpEndpoint | undefined {
    return ipEndpoint(this.peer.address)
  }

  get destination(): IpEndpoint | undefined {
    const local = this.local()
    return local && ipEndpoint(local)
  }

  get credentials(): MiPeer['credentials'] {
    return this.peer.credentials
  }
}

/** An abstract name is shown with `@` for its NUL, as other tools do. */
function addressText(address: DatagramAddress): string {
  if (address.type === 'unix') return address.path.replace('\0', '@')
  return address.type === 'udp6' ? `udp:[${address.address}]:${address.port}` : `udp:${address.address}:${address.port}`
}

function ipEndpoint(address: DatagramAddress): IpEndpoint | undefined {
  return address.type === 'unix' ? undefined : { address: address.address, port: address.port }
}
