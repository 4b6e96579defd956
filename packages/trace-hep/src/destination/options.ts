import { type ConnectionOptions, createSecureContext } from 'node:tls'
import type { HepV2Time } from '../codec/options.js'
import type { HepVersion } from '../message.js'
import type { HepTraceFormat, PayloadSettings } from '../mi/payload.js'
import {
  checkedHost,
  DEFAULT_PORT,
  DEFAULT_TRANSPORT,
  DEFAULT_VERSION,
  type HepPlace,
  type HepTransport,
  isTransport,
  isVersion,
  parseHepId,
} from './hep-id.js'

/** How commands are traced, and how the way to a capture server is kept up: what several destinations can share. */
export interface HepTraceOptions {
  /** Number of this node, 32 bits; version 2 carries 16 of them. @default 1 (proto_hep `hep_capture_id`) */
  readonly captureId?: number | undefined
  /** Text for HOMER 5, or the JSON of HOMER 6. @default true (mi_trace `homer5_on`) */
  readonly homer5On?: boolean | undefined
  /** The same by name. May not contradict `homer5On`. @default 'homer5' */
  readonly format?: HepTraceFormat | undefined
  /** Stands between command, backend and parameters for HOMER 5. @default ':' (mi_trace `homer5_delim`) */
  readonly homer5Delim?: string | undefined
  /**
   * Octets of the parameters and of the reply that are kept, at most; no character is cut in two. 0 keeps all that fits a
   * packet. @default 127 for parameters, 128 for replies, as OpenSIPS
   */
  readonly maxFieldBytes?: number | undefined
  /** Authentication key; plain text on the wire, so use it over TLS. Version 3 only. @default none */
  readonly authKey?: string | undefined
  /** How version 2 writes its time. @default 'le12', as OpenSIPS; heplify-server reads 'be10' */
  readonly v2Time?: HepV2Time | undefined
  /**
   * Options of `tls.connect` for the transport `tls`: `ca`, `cert`, `key`, `servername`. Certificates are verified unless
   * `rejectUnauthorized` is false. @default none
   */
  readonly tls?: ConnectionOptions | undefined
  /** Messages that wait while the capture server is away or slow, at most; then the oldest is dropped. @default 1024 */
  readonly maxQueuedMessages?: number | undefined
  /** Tries to connect again after a failure, before the cool-down. @default 5 (proto_hep `hep_max_retries`) */
  readonly hepMaxRetries?: number | undefined
  /** Cool-down after the last of them, in seconds. @default 60 (proto_hep `hep_retry_cooldown`, 3600 there) */
  readonly hepRetryCooldown?: number | undefined
  /** Pause before the first of these tries, in milliseconds; it doubles with each. @default 500 */
  readonly retryMs?: number | undefined
  /** How long connecting may take, in milliseconds, the TLS handshake included. @default 5000 */
  readonly connectTimeoutMs?: number | undefined
  /** How long a connected capture server may take nothing of what is sent, in milliseconds. @default 30000 */
  readonly stallTimeoutMs?: number | undefined
}

/** A capture server, and how it is told of commands. */
export interface HepDestinationOptions extends HepTraceOptions {
  /** How it is called in status and statistics. @default 'hep_dst', the second one 'hep_dst2' */
  readonly name?: string | undefined
  /** An IP address, also of IPv6 and then with or without brackets, or a host name. */
  readonly host: string
  /** 0 is the default. @default 9060 */
  readonly port?: number | undefined
  /** @default 'tcp'; with version 1 and 2 always 'udp' */
  readonly transport?: HepTransport | undefined
  /** @default 3 */
  readonly version?: HepVersion | undefined
}

/** A capture server: options, or a text as OpenSIPS writes it, `[hep_dst]10.0.0.2;transport=tcp;version=3`. */
export type HepDestination = string | HepDestinationOptions

/** A destination with every default filled in. */
export interface ResolvedDestination extends HepPlace, PayloadSettings {
  readonly captureId: number
  readonly authKey: string | undefined
  readonly v2Time: HepV2Time
  readonly tls: ConnectionOptions
  readonly maxQueuedMessages: number
  readonly hepMaxRetries: number
  readonly hepRetryCooldownMs: number
  readonly retryMs: number
  readonly connectTimeoutMs: number
  readonly stallTimeoutMs: number
  /** The transport that was given and cannot carry the version; undefined when it can. */
  readonly refusedTransport: HepTransport | undefined
}

/** What OpenSIPS keeps: buffers of 128 octets, one of them with a terminator. */
const PARAMETER_BYTES = 127
const REPLY_BYTES = 128

/** No packet holds more. */
const LARGEST_FIELD = 65_535

/** Every packet holds it, and must have room for the rest. */
const LARGEST_KEY = 1_024

/** Timers take no more than 32 bits: a larger pause would fire at once. */
const LARGEST_TIMER_MS = 2 ** 31 - 1

/**
 * @param shared used where a destination does not say otherwise
 * @throws TypeError, RangeError for what cannot work: none at all, and two of the same name too
 */
export function resolveDestinations(
  to: HepDestination | readonly HepDestination[],
  shared: HepTraceOptions,
): readonly ResolvedDestination[] {
  const all = isList(to) ? to : [to]
  if (all.length === 0) throw new TypeError('hep(): give at least one destination')
  const names = new Set<string>()
  return all.map((destination, index) => {
    const resolved = resolveDestination(destination, shared, index === 0 ? 'hep_dst' : `hep_dst${index + 1}`)
    if (names.has(resolved.name)) {
      throw new TypeError(
        `hep(): two destinations are called ${JSON.stringify(resolved.name)}; give them different names`,
      )
    }
    names.add(resolved.name)
    return resolved
  })
}

/** Array.isArray does not know read-only arrays. */
function isList(to: HepDestination | readonly HepDestination[]): to is readonly HepDestination[] {
  return Array.isArray(to)
}

/**
 * @param shared used where the destination does not say otherwise
 * @param fallbackName the name of a destination that has none
 * @throws TypeError, RangeError for what cannot work
 */
function resolveDestination(
  destination: HepDestination,
  shared: HepTraceOptions,
  fallbackName: string,
): ResolvedDestination {
  const own: HepTraceOptions = typeof destination === 'string' ? {} : destination
  const place = typeof destination === 'string' ? parseHepId(destination) : placeOf(destination)
  const maxFieldBytes = within('maxFieldBytes', own.maxFieldBytes ?? shared.maxFieldBytes, 0, LARGEST_FIELD)
  const isUdpOnly = place.version !== 3
  const captureId = within('captureId', own.captureId ?? shared.captureId, 0, 0xffff_ffff) ?? 1
  if (place.version === 2 && captureId > 0xffff) {
    throw new RangeError(`hep(): captureId ${captureId} is over 65535, which is all that version 2 carries`)
  }
  return {
    ...place,
    name: place.name === '' ? fallbackName : place.name,
    transport: isUdpOnly ? 'udp' : place.transport,
    refusedTransport: isUdpOnly && place.transport !== 'udp' ? place.transport : undefined,
    format: formatOf(own) ?? formatOf(shared) ?? 'homer5',
    homer5Delim: text('homer5Delim', own.homer5Delim ?? shared.homer5Delim) ?? ':',
    // 0 is as much as there is room for.
    maxParameterBytes: maxFieldBytes === 0 ? LARGEST_FIELD : (maxFieldBytes ?? PARAMETER_BYTES),
    maxReplyBytes: maxFieldBytes === 0 ? LARGEST_FIELD : (maxFieldBytes ?? REPLY_BYTES),
    captureId,
    authKey: authKeyOf(own.authKey ?? shared.authKey),
    v2Time: v2TimeOf(own.v2Time ?? shared.v2Time),
    tls: place.transport === 'tls' && !isUdpOnly ? tlsOf(own.tls ?? shared.tls) : {},
    maxQueuedMessages:
      within('maxQueuedMessages', own.maxQueuedMessages ?? shared.maxQueuedMessages, 1, 2 ** 20) ?? 1_024,
    hepMaxRetries: within('hepMaxRetries', own.hepMaxRetries ?? shared.hepMaxRetries, 0, 1_000_000) ?? 5,
    hepRetryCooldownMs: 1_000 * seconds('hepRetryCooldown', own.hepRetryCooldown ?? shared.hepRetryCooldown, 60),
    retryMs: milliseconds('retryMs', own.retryMs ?? shared.retryMs, 500),
    connectTimeoutMs: milliseconds('connectTimeoutMs', own.connectTimeoutMs ?? shared.connectTimeoutMs, 5_000),
    stallTimeoutMs: milliseconds('stallTimeoutMs', own.stallTimeoutMs ?? shared.stallTimeoutMs, 30_000),
  }
}

function placeOf(options: HepDestinationOptions): HepPlace {
  if (typeof options !== 'object' || options === null) {
    throw new TypeError("hep(): a destination must be a text such as '[hep_dst]10.0.0.2' or an object with a host")
  }
  const { name = '', host, port = 0, transport = DEFAULT_TRANSPORT, version = DEFAULT_VERSION } = options
  if (typeof host !== 'string') throw new TypeError('hep(): host is missing: give an address or a host name')
  if (/[\s\]]/.test(name)) throw new TypeError(`hep(): the name ${JSON.stringify(name)} holds a blank or ']'`)
  if (!isTransport(transport)) {
    throw new TypeError(`hep(): transport must be 'udp', 'tcp' or 'tls', not ${JSON.stringify(transport)}`)
  }
  if (!isVersion(version)) throw new TypeError(`hep(): version must be 1, 2 or 3, not ${JSON.stringify(version)}`)
  const checkedPort = within('port', port, 0, 65_535)
  return { name, host: checkedHost(host, host), port: checkedPort || DEFAULT_PORT, transport, version }
}

function formatOf({ format, homer5On }: HepTraceOptions): HepTraceFormat | undefined {
  if (format !== undefined && format !== 'homer5' && format !== 'homer6') {
    throw new TypeError(`hep(): format must be 'homer5' or 'homer6', not ${JSON.stringify(format)}`)
  }
  if (homer5On === undefined) return format
  if (typeof homer5On !== 'boolean') throw new TypeError(`hep(): homer5On must be true or false, not ${homer5On}`)
  const byFlag = homer5On ? 'homer5' : 'homer6'
  if (format !== undefined && format !== byFlag) {
    throw new TypeError(`hep(): homer5On ${homer5On} contradicts format '${format}'; give one of them`)
  }
  return byFlag
}

/** What it holds is read once here, so that a wrong key or certificate is told before anything is opened. */
function tlsOf(value: ConnectionOptions = {}): ConnectionOptions {
  try {
    createSecureContext(value)
  } catch (cause) {
    throw new TypeError(`hep(): tls: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
  return value
}

function v2TimeOf(value: HepV2Time | undefined): HepV2Time {
  if (value === undefined || value === 'le12' || value === 'be10') return value ?? 'le12'
  throw new TypeError(`hep(): v2Time must be 'le12' or 'be10', not ${JSON.stringify(value)}`)
}

function authKeyOf(value: string | undefined): string | undefined {
  const key = text('authKey', value)
  if (key === undefined || Buffer.byteLength(key) <= LARGEST_KEY) return key
  throw new RangeError(`hep(): authKey must have at most ${LARGEST_KEY} octets`)
}

function text(name: string, value: string | undefined): string | undefined {
  if (value === undefined || typeof value === 'string') return value
  throw new TypeError(`hep(): ${name} must be a text, not ${JSON.stringify(value)}`)
}

function seconds(name: string, value: number | undefined, fallback: number): number {
  if (value === undefined) return fallback
  if (value >= 0) return Math.min(value, LARGEST_TIMER_MS / 1_000)
  throw new RangeError(`hep(): ${name} must be a number of seconds from 0 up, not ${value}`)
}

function milliseconds(name: string, value: number | undefined, fallback: number): number {
  return Math.min(within(name, value, 1, Number.MAX_SAFE_INTEGER) ?? fallback, LARGEST_TIMER_MS)
}

function within(name: string, value: number | undefined, low: number, high: number): number | undefined {
  if (value === undefined || (Number.isInteger(value) && value >= low && value <= high)) return value
  const range = high === Number.MAX_SAFE_INTEGER ? `from ${low} up` : `from ${low} to ${high}`
  throw new RangeError(`hep(): ${name} must be an integer ${range}, not ${value}`)
}
