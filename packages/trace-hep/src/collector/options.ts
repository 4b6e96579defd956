import { isIP } from 'node:net'
import { createSecureContext, type TlsOptions } from 'node:tls'
import { type HepDecodeOptions, resolveDecodeOptions } from '../codec/options.js'

/** Where to listen. */
export interface HepListenOptions {
  /** An IP address of this machine; `0.0.0.0` or `::` for all. @default '127.0.0.1' */
  readonly host?: string | undefined
  /** 0 chooses a free one: `addresses` tells which. @default 9060 */
  readonly port?: number | undefined
}

/** Where to listen for TLS, with `key` and `cert` as `tls.createServer` takes them. */
export interface HepTlsListenOptions extends HepListenOptions, Omit<TlsOptions, 'host' | 'port'> {}

/** Options of a collector; what it listens on is at least one of `udp`, `tcp` and `tls`. */
export interface HepCollectorOptions {
  readonly udp?: HepListenOptions | undefined
  readonly tcp?: HepListenOptions | undefined
  readonly tls?: HepTlsListenOptions | undefined
  /** How packets are decoded. @default strictly */
  readonly decode?: HepDecodeOptions | undefined
  /** What stands between the parts of MI traces for HOMER 5. @default ':' */
  readonly homer5Delim?: string | undefined
  /** Messages that wait for one `for await` loop, at most; then the oldest is missed. @default 1024 */
  readonly maxQueuedMessages?: number | undefined
  /** MI requests that are remembered for their replies, at most; the oldest is forgotten first. @default 1024 */
  readonly maxOpenRequests?: number | undefined
  /** Connections over TCP and over TLS each, at most; further ones are closed at once. @default 256 */
  readonly maxConnections?: number | undefined
}

export interface ResolvedListen {
  readonly host: string
  readonly port: number
}

export interface ResolvedCollectorOptions {
  readonly udp: ResolvedListen | undefined
  readonly tcp: ResolvedListen | undefined
  readonly tls: (ResolvedListen & { readonly secure: TlsOptions }) | undefined
  readonly decode: HepDecodeOptions
  readonly homer5Delim: string
  readonly maxQueuedMessages: number
  readonly maxOpenRequests: number
  readonly maxConnections: number
}

/** @throws TypeError, RangeError for what cannot work */
export function resolveCollectorOptions(options: HepCollectorOptions): ResolvedCollectorOptions {
  const { udp, tcp, tls, decode, homer5Delim = ':' } = options
  if (udp === undefined && tcp === undefined && tls === undefined) {
    throw new TypeError('createHepCollector(): give at least one of udp, tcp and tls, such as { udp: { port: 9060 } }')
  }
  if (typeof homer5Delim !== 'string') {
    throw new TypeError(`createHepCollector(): homer5Delim must be a text, not ${JSON.stringify(homer5Delim)}`)
  }
  return {
    udp: udp && resolveListen('udp', udp),
    tcp: tcp && resolveListen('tcp', tcp),
    tls: tls && { ...resolveListen('tls', tls), secure: secureOf(tls) },
    // Here and not with the first packet, where it would be an 'uncaughtException'.
    decode: resolveDecodeOptions(decode),
    homer5Delim,
    maxQueuedMessages: positive('maxQueuedMessages', options.maxQueuedMessages ?? 1_024),
    maxOpenRequests: positive('maxOpenRequests', options.maxOpenRequests ?? 1_024),
    maxConnections: positive('maxConnections', options.maxConnections ?? 256),
  }
}

/** What it holds is read once here: a wrong key or certificate is told before anything is opened. */
function secureOf({ host: _host, port: _port, ...secure }: HepTlsListenOptions): TlsOptions {
  const { cert, pfx, SNICallback, pskCallback } = secure
  if (cert === undefined && pfx === undefined && SNICallback === undefined && pskCallback === undefined) {
    throw new TypeError('createHepCollector(): tls needs a certificate: give key and cert, or pfx')
  }
  try {
    createSecureContext(secure)
  } catch (cause) {
    throw new TypeError(`createHepCollector(): tls: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    })
  }
  return secure
}

function resolveListen(name: string, { host = '127.0.0.1', port = 9060 }: HepListenOptions): ResolvedListen {
  if (isIP(host) === 0) {
    throw new TypeError(
      `createHepCollector(): ${name}.host must be an IP address of this machine, not ${JSON.stringify(host)}`,
    )
  }
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return { host, port }
  throw new RangeError(`createHepCollector(): ${name}.port must be an integer from 0 to 65535, not ${port}`)
}

function positive(name: string, value: number): number {
  if (Number.isInteger(value) && value >= 1) return value
  throw new RangeError(`createHepCollector(): ${name} must be an integer from 1 up, not ${value}`)
}
