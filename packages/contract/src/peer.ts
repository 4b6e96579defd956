/** Who sent a request, as far as the transport knows. */
export interface MiPeer {
  /** Name of the transport: `fifo`, `datagram`, `http`, `script`. */
  readonly transport: string
  /** For people and logs: a reply FIFO's name, `udp:127.0.0.1:40312`, the path of a UNIX socket. */
  readonly address?: string | undefined
  /** The two ends on an IP transport, as seen from the peer: it sends from `source` to `destination`. */
  readonly source?: IpEndpoint | undefined
  readonly destination?: IpEndpoint | undefined
  /** Who the kernel says the peer is, where it does say. */
  readonly credentials?: { readonly pid: number; readonly uid: number; readonly gid: number } | undefined
  /** The user that the transport has authenticated, by a password or token. */
  readonly user?: string | undefined
  /** Of a client certificate that the transport has verified: its subject, as RFC 4514 writes it (`CN=noc,O=Example`). */
  readonly certificate?: { readonly subject: string } | undefined
}

/** One end of an IP connection. */
export interface IpEndpoint {
  /** `127.0.0.1`, `::1`. */
  readonly address: string
  readonly port: number
}
