/** Where events are to arrive. */
export interface SocketAddress {
  readonly protocol: 'udp' | 'tcp'
  readonly host: string
  /** 0 for any that is free. */
  readonly port: number
}

const form = "such as 'udp:192.0.2.7:9000', 'udp:192.0.2.7:0' for any free port, or 'tcp:192.0.2.7:9000'"

/**
 * Reads `udp:host:port` and `tcp:host:port`, as `event_subscribe` takes them.
 * @throws TypeError for anything else
 */
export function parseSocketAddress(text: string): SocketAddress {
  const given: unknown = text
  if (typeof given !== 'string') throw new TypeError(`subscribe(): socket must be a text, ${form}`)
  const [, protocol, host = '', digits = ''] = /^(udp|tcp):([^:/\s[\]]+):(\d{1,5})$/.exec(given) ?? []
  const port = Number(digits)
  if ((protocol === 'udp' || protocol === 'tcp') && port <= 65_535) return { protocol, host, port }
  if (/^\w+:\[?[\da-f]*:[\da-f:]*\]?:\d+$/i.test(given)) {
    throw new TypeError(`subscribe(): socket ${given} is IPv6, and OpenSIPS sends events over IPv4 only; ${form}`)
  }
  throw new TypeError(`subscribe(): socket must be udp:host:port or tcp:host:port, ${form}; not ${given}`)
}

/**
 * What the server is told: where it can reach the socket.
 * @param announced `host` or `host:port`, where that differs from where the socket is
 * @param port where the socket is
 */
export function announcedSocket(socket: SocketAddress, announced: string | undefined, port: number): string {
  const [host = socket.host, otherPort = port] = announced?.split(':') ?? []
  return `${socket.protocol}:${host}:${otherPort}`
}
