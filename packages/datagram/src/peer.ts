import type { IpEndpoint, MiPeer } from '@mi/contract'
import { type DatagramAddress, DatagramPeer, type PeerFacts, type PeerHandle } from '@mi/posix'

/** A peer of this server. The socket keeps it from one request to the next, so that what is known of it is found out once. */
export class Sender extends DatagramPeer {
  /** The peer as commands and tracers see it. */
  readonly peer: SenderPeer

  /**
   * @param allowed whether its requests are taken
   * @param local what the server's socket is bound to; undefined until that is known
   */
  constructor(
    facts: PeerFacts,
    handle: PeerHandle,
    readonly allowed: boolean,
    local: () => DatagramAddress | undefined,
  ) {
    super(facts, handle)
    this.peer = new SenderPeer(this, local)
  }

  /** Tells peers apart. Not the text for people, in which an abstract name may look like a path. */
  get key(): string {
    return this.address.type === 'unix' ? this.address.path : this.peer.address
  }

  /** False when nothing can be sent to it: a UNIX socket without a name, or a datagram without a source port. */
  get canBeAnswered(): boolean {
    return this.address.type === 'unix' ? this.address.path !== '' : this.address.port !== 0
  }
}

/** Apart from the sender, whose address is no text. All of it is made when it is asked for: most commands never ask. */
export class SenderPeer implements MiPeer {
  readonly transport = 'datagram'
  private text: string | undefined

  constructor(
    readonly sender: Sender,
    private readonly local: () => DatagramAddress | undefined,
  ) {}

  /** `udp:127.0.0.1:40312`, `udp:[::1]:40312`, or the path of a UNIX socket, '' for one without a name. */
  get address(): string {
    this.text ??= addressText(this.sender.address)
    return this.text
  }

  get source(): IpEndpoint | undefined {
    return endpoint(this.sender.address)
  }

  get destination(): IpEndpoint | undefined {
    const local = this.local()
    return local && endpoint(local)
  }

  get credentials(): MiPeer['credentials'] {
    return this.sender.credentials
  }
}

/** For messages. An abstract name is shown with `@` for its NUL, as other tools do. */
export function addressText(address: DatagramAddress): string {
  if (address.type === 'unix') return address.path.replace('\0', '@')
  return address.type === 'udp6' ? `udp:[${address.address}]:${address.port}` : `udp:${address.address}:${address.port}`
}

function endpoint(address: DatagramAddress): IpEndpoint | undefined {
  return address.type === 'unix' ? undefined : { address: address.address, port: address.port }
}
