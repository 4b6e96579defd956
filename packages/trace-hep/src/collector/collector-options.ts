import { isIP } from 'node:net'
import { createSecureContext, type TlsOptions } from 'node:tls'
import { errorText } from '@mi/internal/error-text'
import { OptionChecks, type OptionNames } from '@mi/internal/options'
import { type HepDecodeOptions, type ResolvedDecodeOptions, resolveDecodeOptions } from '../codec/codec-options.js'

/** Where to listen. */
export interface HepListenOptions {
  /** An IP address of this machine; `0.0.0.0` or `::` for all. @default '127.0.0.1' */
  readonly host?: string | undefined
  /** 0 chooses a free one, which `addresses` shows. @default 9060 */
  readonly port?: number | undefined
}

/** Where to listen for TLS, with `key` and `cert` as `tls.createServer` takes them. */
export interface HepTlsListenOptions extends HepListenOptions, Omit<TlsOptions, 'host' | 'port'> {}

/** Options of a collector; it listens on at least one of `udp`, `tcp` and `tls`. */
export interface HepCollectorOptions {
  readonly udp?: HepListenOptions | undefined
  readonly tcp?: HepListenOptions | undefined
  readonly tls?: HepTlsListenOptions | undefined
  /** How packets are decoded. @default strictly, payloads of at most 65536 bytes after inflating */
  readonly decode?: HepDecodeOptions | undefined
  /** Stands between the parts of MI traces for HOMER 5. @default ':' */
  readonly homer5Delim?: string | undefined
  /** Messages that wait for one `for await` loop, at most; then the oldest is missed. @default 1024 */
  readonly maxQueued?: number | undefined
  /** Memory of these messages, about, in bytes. @default 16777216 */
  readonly maxQueuedBytes?: number | undefined
  /** MI requests that are remembered for their replies, at most; the oldest is forgotten first. @default 1024 */
  readonly maxOpenRequests?: number | undefined
  /** Memory of these requests, about, in bytes. @default 4194304 */
  readonly maxOpenBytes?: number | undefined
  /** Connections over TCP and over TLS each, at most; further ones are closed at once. @default 256 */
  readonly maxConnections?: number | undefined
  /**
   * A connection that delivers no whole packet for this time is closed, in milliseconds; the first packet must come within
   * a minute. @default 3600000
   */
  readonly idleTimeoutMs?: number | undefined
}

export interface ResolvedListen {
  readonly host: string
  readonly port: number
}

export interface ResolvedCollectorOptions {
  readonly udp: ResolvedListen | undefined
  readonly tcp: ResolvedListen | undefined
  readonly tls: (ResolvedListen & { readonly secure: TlsOptions }) | undefined
  readonly decode: ResolvedDecodeOptions
  readonly homer5Delim: string
  readonly maxQueued: number
  readonly maxQueuedBytes: number
  readonly maxOpenRequests: number
  readonly maxOpenBytes: number
  readonly maxConnections: number
  readonly idleTimeoutMs: number
}

const CHECKS = new OptionChecks('createHepCollector()')

const COLLECTOR_OPTIONS: OptionNames<HepCollectorOptions> = {
  udp: true,
  tcp: true,
  tls: true,
  decode: true,
  homer5Delim: true,
  maxQueued: true,
  maxQueuedBytes: true,
  maxOpenRequests: true,
  maxOpenBytes: true,
  maxConnections: true,
  idleTimeoutMs: true,
}
const LISTEN_OPTIONS: OptionNames<HepListenOptions> = { host: true, port: true }

/** A packet that is not compressed is no larger. */
const MAX_INFLATED_BYTES = 65_536

/** @throws TypeError, RangeError for what cannot work */
export function resolveCollectorOptions(options: HepCollectorOptions): ResolvedCollectorOptions {
  const { udp, tcp, tls, decode = {} } = CHECKS.known(options, COLLECTOR_OPTIONS)
  if (udp === undefined && tcp === undefined && tls === undefined) {
    throw new TypeError('createHepCollector(): give at least one of udp, tcp and tls, such as { udp: { port: 9060 } }')
  }
  const { maxInflatedBytes = MAX_INFLATED_BYTES } = decode
  return {
    udp: udp && resolveListen('udp', CHECKS.known(udp, LISTEN_OPTIONS)),
    tcp: tcp && resolveListen('tcp', CHECKS.known(tcp, LISTEN_OPTIONS)),
    tls: tls && { ...resolveListen('tls', tls), secure: secureOf(tls) },
    // Here and not with the first packet, where it would be an 'uncaughtException'.
    decode: resolveDecodeOptions('createHepCollector()', { ...decode, maxInflatedBytes }),
    homer5Delim: CHECKS.text('homer5Delim', options.homer5Delim ?? ':'),
    maxQueued: CHECKS.integer('maxQueued', options.maxQueued ?? 1_024, 1),
    maxQueuedBytes: CHECKS.integer('maxQueuedBytes', options.maxQueuedBytes ?? 16_777_216, 1),
    maxOpenRequests: CHECKS.integer('maxOpenRequests', options.maxOpenRequests ?? 1_024, 1),
    maxOpenBytes: CHECKS.integer('maxOpenBytes', options.maxOpenBytes ?? 4_194_304, 1),
    maxConnections: CHECKS.integer('maxConnections', options.maxConnections ?? 256, 1),
    idleTimeoutMs: CHECKS.timerMs('idleTimeoutMs', options.idleTimeoutMs ?? 3_600_000, 1),
  }
}

/** Its contents are read once here: a wrong key or certificate is reported before anything is opened. */
function secureOf({ host: _host, port: _port, ...secure }: HepTlsListenOptions): TlsOptions {
  const { cert, pfx, SNICallback, pskCallback } = secure
  if (cert === undefined && pfx === undefined && SNICallback === undefined && pskCallback === undefined) {
    throw new TypeError('createHepCollector(): tls needs a certificate: give key and cert, or pfx')
  }
  try {
    createSecureContext(secure)
  } catch (cause) {
    throw new TypeError(`createHepCollector(): tls: ${errorText(cause)}`, { cause })
  }
  return secure
}

function resolveListen(name: string, { host = '127.0.0.1', port = 9060 }: HepListenOptions): ResolvedListen {
  if (isIP(host) === 0) {
    throw new TypeError(
      `createHepCollector(): ${name}.host must be an IP address of this machine, not ${JSON.stringify(host)}`,
    )
  }
  return { host, port: CHECKS.integer(`${name}.port`, port, 0, 65_535) }
}
