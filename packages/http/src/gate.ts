import { isIP } from 'node:net'
import type { IpEndpoint, MiLogger, MiPeer } from '@mi/contract'
import { mappedIPv4 } from '@mi/internal/address-list'
import { Authenticator } from './auth.js'
import type { Exchange } from './exchange.js'
import type { ResolvedHandlerOptions } from './options.js'
import { quoted, Refusal } from './refusal.js'

type GateOptions = Pick<
  ResolvedHandlerOptions,
  'allow' | 'trustedProxies' | 'hosts' | 'cors' | 'auth' | 'maxConcurrent'
>

/** Decides by the head of a request who sends it and whether it is taken. Each check throws a Refusal. */
export class Gate {
  private readonly authenticator: Authenticator | undefined
  /** Of connections: most requests of one have the same peer. */
  private readonly peers = new WeakMap<object, MiPeer>()
  private lastHost: string | undefined

  /** @param certificatesSuffice whether a verified client certificate stands for a password */
  constructor(
    private readonly options: GateOptions,
    private readonly transport: string,
    private readonly certificatesSuffice: boolean,
    log: MiLogger,
  ) {
    const failed = (err: unknown): void => log.error({ transport, err }, 'auth.check failed; the request is refused')
    this.authenticator = options.auth && new Authenticator(options.auth, Math.ceil(options.maxConcurrent / 2), failed)
  }

  /** Who sends the request, and whether that address may. */
  peer(exchange: Exchange): MiPeer {
    const { trustedProxies, allow } = this.options
    const { connection } = exchange
    const address = connection.source?.address
    const isProxy = address !== undefined && trustedProxies?.has(address) === true
    const peer = isProxy ? this.forwarded(exchange, address) : this.direct(connection)
    if (allow !== undefined && !(peer.source !== undefined && allow.has(peer.source.address))) {
      throw new Refusal(
        403,
        'not_allowed',
        `the address ${peer.source?.address ?? '(unknown)'} may not use this server: add it to the option allow`,
      )
    }
    return peer
  }

  /** A page of a foreign site that points its own name at this server must not reach it (DNS rebinding). */
  checkHost({ host }: Exchange): void {
    // The same as of the request before; undefined: HTTP/1.0, which no browser speaks.
    if (host === this.lastHost || host === undefined) return
    this.assertKnown(host)
    this.lastHost = host
  }

  private assertKnown(host: string): void {
    const [, bracketed, plain = ''] = /^(?:\[([^\]]*)\]|([^:]*))(?::\d*)?$/.exec(host) ?? []
    const name = (bracketed ?? plain).toLowerCase().replace(/\.$/, '')
    const isKnown =
      bracketed === undefined
        ? isIP(name) === 4 || name === 'localhost' || name.endsWith('.localhost') || this.options.hosts.has(name)
        : isIP(name) === 6
    if (isKnown) return
    throw new Refusal(
      421,
      'foreign_host',
      `this server does not know the name ${quoted(host)}: use its address, or add the name to the option hosts`,
      {},
      { host: host.slice(0, 80) },
    )
  }

  /**
   * A page of a foreign site must not send commands.
   * @returns the headers that let the page read the reply, where `cors` has its origin
   */
  checkOrigin(exchange: Exchange): Readonly<Record<string, string>> | undefined {
    const origin = exchange.header('origin')
    if (origin === undefined) return undefined
    if (this.options.cors.has(origin)) return { 'Access-Control-Allow-Origin': origin, Vary: 'Origin' }
    const { host } = exchange
    // `checkHost` has let the name pass, so this is a page of this server.
    if (host !== undefined && /^https?:\/\/(.*)$/.exec(origin)?.[1] === host.toLowerCase()) return undefined
    throw new Refusal(
      403,
      'foreign_origin',
      `pages of ${quoted(origin)} may not use this server: add the origin to the option cors`,
      {},
      { origin: origin.slice(0, 80) },
    )
  }

  /** @returns the peer with its user; a promise only where that takes time */
  authenticate(exchange: Exchange, peer: MiPeer): MiPeer | Promise<MiPeer> {
    if (this.authenticator === undefined) return peer
    const authorization = exchange.header('authorization')
    if (authorization === undefined && this.certificatesSuffice && peer.certificate !== undefined) return peer
    const user = this.authenticator.user(authorization, peer.source?.address ?? '')
    return typeof user === 'string' ? withUser(peer, user) : user.then((name) => withUser(peer, name))
  }

  private direct(connection: Exchange['connection']): MiPeer {
    const known = this.peers.get(connection)
    if (known !== undefined) return known
    const { source, destination, subject, isEncrypted } = connection
    const peer: MiPeer = {
      transport: this.transport,
      address: source && addressText(source, isEncrypted),
      source: source && withoutMapping(source),
      destination: destination && withoutMapping(destination),
      certificate: subject === undefined ? undefined : { subject },
    }
    this.peers.set(connection, peer)
    return peer
  }

  /** The last address that no trusted proxy has: those before it are what the sender says. */
  private forwarded(exchange: Exchange, proxy: string): MiPeer {
    const { destination, isEncrypted } = exchange.connection
    const list = (exchange.header('x-forwarded-for') ?? '').split(',').map((entry) => entry.trim())
    const client = list.findLast((address) => !(this.options.trustedProxies?.has(address) ?? false)) ?? proxy
    const address = client === '' ? proxy : client
    if (isIP(address) === 0) {
      throw new Refusal(
        400,
        'bad_request',
        `X-Forwarded-For must hold addresses, not ${quoted(address)}: correct the proxy`,
      )
    }
    // The port is not known.
    const source = { address, port: 0 }
    const text = addressText(source, isEncrypted).replace(/:0$/, '')
    return {
      transport: this.transport,
      address: text,
      source: withoutMapping(source),
      destination: destination && withoutMapping(destination),
    }
  }
}

function withUser(peer: MiPeer, user: string): MiPeer {
  return { ...peer, user }
}

/** `http:127.0.0.1:40312`. */
function addressText(endpoint: IpEndpoint, isEncrypted: boolean): string {
  const { address, port } = withoutMapping(endpoint)
  return `${isEncrypted ? 'https' : 'http'}:${address.includes(':') ? `[${address}]` : address}:${port}`
}

/** An IPv6 socket shows IPv4 peers as `::ffff:10.1.2.3`. */
function withoutMapping({ address, port }: IpEndpoint): IpEndpoint {
  return { address: mappedIPv4(address) ?? address, port }
}
