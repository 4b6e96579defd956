import { type ConnectionOptions, createSecureContext } from 'node:tls'
import type { MiLogger } from '@mi/contract'
import { errorText } from '@mi/internal/error-text'
import { LARGEST_TIMER_MS, OptionChecks, type OptionNames } from '@mi/internal/options'
import { MAX_PACKET_BYTES } from '../codec/bytes.js'
import { type HepV2Time, resolveV2Time } from '../codec/codec-options.js'
import type { HepVersion } from '../message.js'
import type { HepTraceFormat, PayloadSettings } from '../tracer/trace-payload.js'
import {
  checkedHost,
  DEFAULT_PORT,
  DEFAULT_TRANSPORT,
  DEFAULT_VERSION,
  type HepPlace,
  type HepTransport,
  parseHepId,
  TRANSPORTS,
  VERSIONS,
} from './hep-id.js'

/** How commands are traced, and how connections to capture servers are kept up: what several destinations can share. */
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
   * Bytes of the parameters and of the reply that are kept, at most; no character is cut in two. 0 keeps all that fits into
   * a packet. @default 127 for parameters, 128 for replies, as OpenSIPS
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
  readonly maxQueued?: number | undefined
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

/** A capture server, and how commands are traced to it. */
export interface HepDestinationOptions extends HepTraceOptions {
  /** Its name in status and statistics. @default 'hep_dst', the second one 'hep_dst2' */
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

/** Options of all the destinations of a tracer. */
export interface HepTracerOptions extends HepTraceOptions {
  /** Connections that come and go, and messages that are dropped, are logged here. @default silence */
  readonly log?: MiLogger | undefined
}

/** A capture server: options, or a text as OpenSIPS writes it, `[hep_dst]10.0.0.2;transport=tcp;version=3`. */
export type HepDestination = string | HepDestinationOptions

/** A destination with every default filled in. */
export interface ResolvedDestination extends HepPlace, PayloadSettings {
  readonly captureId: number
  readonly authKey: string | undefined
  readonly v2Time: HepV2Time
  readonly tls: ConnectionOptions
  readonly maxQueued: number
  readonly hepMaxRetries: number
  readonly hepRetryCooldownMs: number
  readonly retryMs: number
  readonly connectTimeoutMs: number
  readonly stallTimeoutMs: number
  /** The transport that was given and cannot carry the version; undefined when it can. */
  readonly refusedTransport: HepTransport | undefined
}

/** What OpenSIPS keeps: buffers of 128 bytes, one of them with a terminator. */
const PARAMETER_BYTES = 127
const REPLY_BYTES = 128

/** Every packet holds the key, and must have room for the rest. */
const LARGEST_KEY_BYTES = 1_024

const CHECKS = new OptionChecks('hep()')

const TRACE_OPTIONS: OptionNames<HepTraceOptions> = {
  captureId: true,
  homer5On: true,
  format: true,
  homer5Delim: true,
  maxFieldBytes: true,
  authKey: true,
  v2Time: true,
  tls: true,
  maxQueued: true,
  hepMaxRetries: true,
  hepRetryCooldown: true,
  retryMs: true,
  connectTimeoutMs: true,
  stallTimeoutMs: true,
}
const TRACER_OPTIONS: OptionNames<HepTracerOptions> = { ...TRACE_OPTIONS, log: true }
const DESTINATION_OPTIONS: OptionNames<HepDestinationOptions> = {
  ...TRACE_OPTIONS,
  name: true,
  host: true,
  port: true,
  transport: true,
  version: true,
}

/**
 * @param shared used where a destination does not say otherwise
 * @throws TypeError, RangeError for what cannot work: no destination at all, and two of the same name too
 */
export function resolveDestinations(
  to: HepDestination | readonly HepDestination[],
  shared: HepTracerOptions,
): readonly ResolvedDestination[] {
  CHECKS.known(shared, TRACER_OPTIONS)
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

/** @param fallbackName the name of a destination that has none */
function resolveDestination(
  destination: HepDestination,
  shared: HepTraceOptions,
  fallbackName: string,
): ResolvedDestination {
  const own: HepTraceOptions = typeof destination === 'string' ? {} : destination
  const place = typeof destination === 'string' ? parseHepId(destination) : placeOf(destination)
  const option = <K extends keyof HepTraceOptions>(name: K): HepTraceOptions[K] => own[name] ?? shared[name]
  const integer = (name: keyof HepTraceOptions, fallback: number, low: number, high: number): number =>
    CHECKS.integer(name, option(name) ?? fallback, low, high)
  const timerMs = (name: keyof HepTraceOptions, fallback: number): number =>
    CHECKS.timerMs(name, option(name) ?? fallback, 1)
  const fieldBytes = (fallback: number): number =>
    // 0 is as much as there is room for.
    integer('maxFieldBytes', fallback, 0, MAX_PACKET_BYTES) || MAX_PACKET_BYTES
  const isUdpOnly = place.version !== 3
  const captureId = integer('captureId', 1, 0, 0xffff_ffff)
  if (place.version === 2 && captureId > 0xffff) {
    throw new RangeError(`hep(): captureId ${captureId} is over 65535, which is the most that version 2 carries`)
  }
  return {
    ...place,
    name: place.name === '' ? fallbackName : place.name,
    transport: isUdpOnly ? 'udp' : place.transport,
    refusedTransport: isUdpOnly && place.transport !== 'udp' ? place.transport : undefined,
    format: formatOf(own) ?? formatOf(shared) ?? 'homer5',
    homer5Delim: CHECKS.text('homer5Delim', option('homer5Delim') ?? ':'),
    maxParameterBytes: fieldBytes(PARAMETER_BYTES),
    maxReplyBytes: fieldBytes(REPLY_BYTES),
    captureId,
    authKey: authKeyOf(option('authKey')),
    v2Time: resolveV2Time('hep()', option('v2Time')),
    tls: place.transport === 'tls' && !isUdpOnly ? tlsOf(option('tls')) : {},
    maxQueued: integer('maxQueued', 1_024, 1, 2 ** 20),
    hepMaxRetries: integer('hepMaxRetries', 5, 0, 1_000_000),
    hepRetryCooldownMs: 1_000 * cooldownSeconds(option('hepRetryCooldown') ?? 60),
    retryMs: timerMs('retryMs', 500),
    connectTimeoutMs: timerMs('connectTimeoutMs', 5_000),
    stallTimeoutMs: timerMs('stallTimeoutMs', 30_000),
  }
}

function placeOf(options: HepDestinationOptions): HepPlace {
  if (typeof options !== 'object' || options === null) {
    throw new TypeError("hep(): a destination must be a text such as '[hep_dst]10.0.0.2' or an object with a host")
  }
  const {
    name = '',
    host,
    port = 0,
    transport = DEFAULT_TRANSPORT,
    version = DEFAULT_VERSION,
  } = CHECKS.known(options, DESTINATION_OPTIONS)
  if (typeof host !== 'string') throw new TypeError('hep(): host is missing: give an address or a host name')
  if (/[\s\]]/.test(CHECKS.text('name', name))) {
    throw new TypeError(`hep(): the name ${JSON.stringify(name)} must not contain blanks or ']'`)
  }
  return {
    name,
    host: checkedHost(host, host),
    port: CHECKS.integer('port', port, 0, 65_535) || DEFAULT_PORT,
    transport: CHECKS.oneOf('transport', transport, TRANSPORTS),
    version: CHECKS.oneOf('version', version, VERSIONS),
  }
}

function formatOf({ format, homer5On }: HepTraceOptions): HepTraceFormat | undefined {
  const named = format === undefined ? undefined : CHECKS.oneOf('format', format, ['homer5', 'homer6'])
  if (homer5On === undefined) return named
  const byFlag = CHECKS.flag('homer5On', homer5On) ? 'homer5' : 'homer6'
  if (named !== undefined && named !== byFlag) {
    throw new TypeError(`hep(): homer5On ${homer5On} contradicts format '${format}'; give one of them`)
  }
  return byFlag
}

/** Its contents are read once here, so that a wrong key or certificate is reported before anything is opened. */
function tlsOf(value: ConnectionOptions = {}): ConnectionOptions {
  try {
    createSecureContext(value)
  } catch (cause) {
    throw new TypeError(`hep(): tls: ${errorText(cause)}`, { cause })
  }
  return value
}

function authKeyOf(value: string | undefined): string | undefined {
  if (value === undefined || Buffer.byteLength(CHECKS.text('authKey', value)) <= LARGEST_KEY_BYTES) return value
  throw new RangeError(`hep(): authKey must have at most ${LARGEST_KEY_BYTES} bytes`)
}

function cooldownSeconds(value: number): number {
  if (value >= 0) return Math.min(value, LARGEST_TIMER_MS / 1_000)
  throw new RangeError(`hep(): hepRetryCooldown must be a number of seconds from 0 up, not ${value}`)
}
