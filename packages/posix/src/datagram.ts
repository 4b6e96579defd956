/** Where datagrams come from and go to. */
export type DatagramAddress =
  | {
      readonly type: 'unix'
      /** A path of at most 107 bytes; an abstract name (Linux) begins with `\0`; '' for a peer without a name. */
      readonly path: string
    }
  | {
      readonly type: 'udp4' | 'udp6'
      /** An IP address, no host name; with `%eth0` behind it for a link-local one. */
      readonly address: string
      readonly port: number
    }

/** Who the kernel says sent a datagram over a UNIX socket. */
export interface PeerCredentials {
  readonly pid: number
  readonly uid: number
  readonly gid: number
}

/** What is known of a peer when its first datagram arrives. */
export interface PeerFacts {
  readonly address: DatagramAddress
  /** UNIX sockets on Linux only. */
  readonly credentials: PeerCredentials | undefined
}

/** How a socket knows a peer again. Nothing for its users. */
export interface PeerHandle {
  /** Place in the socket's table of peers, as long as the place is this peer's. */
  readonly slot: number
  /** The system's form of the address (`struct sockaddr`); empty for the peer that the socket is connected to. */
  readonly sockaddr: Uint8Array
}

/**
 * One sender of datagrams, and the one to answer to. Datagrams of the same address and credentials usually come with the
 * same object, which a program may therefore extend by what it knows of the peer (option `createPeer`).
 */
export class DatagramPeer {
  readonly address: DatagramAddress
  readonly credentials: PeerCredentials | undefined

  constructor(
    facts: PeerFacts,
    readonly handle: PeerHandle,
  ) {
    this.address = facts.address
    this.credentials = facts.credentials
  }
}

/** What a socket binds to. */
export type DatagramBinding =
  | DatagramAddress
  /** A socket that is bound already, inherited from another process or opened elsewhere. It belongs to this socket once that is open. */
  | { readonly type: 'fd'; readonly fd: number }

/** What came in one go. The arrays belong to the callback: the socket makes new ones each time. */
export interface DatagramBatch<P extends DatagramPeer = DatagramPeer> {
  /** UTF-8 texts, with U+FFFD in place of what is not UTF-8; null for a datagram longer than `maxMessageBytes`. */
  readonly texts: readonly (string | null)[]
  /** Who sent each of them. */
  readonly peers: readonly P[]
}

export interface DatagramOptions<P extends DatagramPeer = DatagramPeer> {
  /**
   * What to bind to. A UNIX path must not exist: it is made here, with the permissions of `mode`, and removing it is up to
   * the caller. Port 0 chooses a free one.
   */
  readonly bind: DatagramBinding
  /** The only peer: others' datagrams do not arrive, and an absent peer is reported as an error. @default none */
  readonly connect?: DatagramAddress | undefined
  /** Permissions of a new UNIX socket file, less the umask. @default 0o600 */
  readonly mode?: number | undefined
  /** Longest datagram that is taken as a whole, in bytes. @default 65535 */
  readonly maxMessageBytes?: number | undefined
  /** Datagrams that are received by one call, at most: 1 to 1024. @default 64 */
  readonly maxBatch?: number | undefined
  /** Size asked of the system for its buffer of received datagrams, in bytes. @default the system's */
  readonly receiveBufferBytes?: number | undefined
  /** Size asked of the system for its buffer of datagrams to be sent, in bytes. @default the system's */
  readonly sendBufferBytes?: number | undefined
  /** Whether a udp6 socket leaves IPv4 alone (`IPV6_V6ONLY`). @default false */
  readonly ipv6Only?: boolean | undefined
  /** Whether other sockets may bind to the same address (`SO_REUSEADDR`). @default false */
  readonly reuseAddress?: boolean | undefined
  /** Makes the object for a new peer: `(facts, handle) => new MyPeer(facts, handle)`. @default a plain `DatagramPeer` */
  readonly createPeer?: ((facts: PeerFacts, handle: PeerHandle) => P) | undefined
  /** Takes what arrives. Left out, the socket never reads. What it throws becomes an 'uncaughtException'. */
  readonly onBatch?: ((batch: DatagramBatch<P>) => void) | undefined
  /** Called once after `awaitWritable`, when the system has room again. */
  readonly onWritable?: (() => void) | undefined
  /**
   * What the system reports beside any call: for a connected socket `ECONNREFUSED`, that nobody listens there. The socket
   * stays open. @default ignored
   */
  readonly onError?: ((error: NodeJS.ErrnoException) => void) | undefined
}

/** An open datagram socket. It keeps the process alive until it is closed. Its methods may be used on their own. */
export interface DatagramSocket<P extends DatagramPeer = DatagramPeer> {
  /** What it is bound to, the port that was chosen included. */
  readonly address: DatagramAddress
  /** False for the fallback over node:dgram. */
  readonly native: boolean
  /** The descriptor, for child processes to inherit; -1 for the fallback and once closed. */
  readonly fd: number
  /** The peer of a connected socket. */
  readonly remote: P | undefined
  /** A copy of what became of each message of the last `send`: bytes sent, or below zero the error number (`-os.constants.errno.EAGAIN`). */
  readonly results: Int32Array
  /** A peer to send to that has not sent anything. @throws TypeError for an address of another type than the socket's */
  peer(address: DatagramAddress): P
  /**
   * Sends messages now, in order. One that the system has no room for fails with EAGAIN, and so does every later one to the same
   * peer in this call. Any number may be given. A message of more than 256 KiB must be given as bytes; as a string it fails with
   * EMSGSIZE.
   * @returns how many were not sent; `results` tells which
   */
  send(messages: readonly (string | Uint8Array)[], peers: readonly P[]): number
  /** Asks for `onWritable`. Of use after EAGAIN over UDP and on a connected socket: the queue of another UNIX socket tells nothing. */
  awaitWritable(): void
  /** Stops reading for a while; the system keeps what fits its buffer. */
  pause(): void
  resume(): void
  /** At once, also within a callback. What was sent is sent. May be called again. */
  close(): void
}
