import { isAbsolute, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { DispatchSettings } from '@mi/contract'
import { OptionChecks } from '@mi/internal/options'
import { type AllowedPeers, listedPeers, type PeerFilter, peerFilter } from './allow.js'
import { longestPath, parseSocketName, type SocketName } from './socket-name.js'

/** Options of the datagram transport. Those with an OpenSIPS parameter have its meaning and default. */
export interface DatagramServerOptions extends DispatchSettings {
  /**
   * Where to listen: the path of a UNIX socket, or `udp:HOST:PORT` with an address, a host name, or an IPv6 address in
   * brackets; ports are 1024 to 65535. A relative path is resolved at creation. No default. (mi_datagram `socket_name`)
   */
  readonly socketName: string
  /** Processes that serve the socket; more than one needs `childModule`. @default 1, this process (mi_datagram `children_count`) */
  readonly childrenCount?: number | undefined
  /**
   * The module whose commands child processes serve, as a `file:` URL or an absolute path: every `MiModule` that it exports,
   * alone or in an array. Its export `tracer`, if there is one, traces them. Used when `childrenCount` is more than 1.
   */
  readonly childModule?: URL | string | undefined
  /** Permissions of the UNIX socket, exactly, whatever the umask. @default 0o660 (mi_datagram `unix_socket_mode`) */
  readonly unixSocketMode?: number | undefined
  /** Group of the UNIX socket, by name or number. @default that of the process (mi_datagram `unix_socket_group`) */
  readonly unixSocketGroup?: string | number | undefined
  /** Owner of the UNIX socket, by name or number. @default that of the process (mi_datagram `unix_socket_user`) */
  readonly unixSocketUser?: string | number | undefined
  /** How long a peer may take none of its replies before they are given up, in milliseconds. @default 2000 (mi_datagram `socket_timeout`) */
  readonly socketTimeout?: number | undefined
  /**
   * Longest request and longest reply, in octets, from 512 to 1048576; a UDP datagram has 65507 at most, whatever this says.
   * @default 65457 (mi_datagram `socket_buf_size`)
   */
  readonly socketBufSize?: number | undefined
  /** Who may send requests; those of others are dropped and counted. @default everyone whom the system lets */
  readonly allow?: AllowedPeers | undefined
  /** Octets of replies that wait for slow peers, in all, at most; further replies are dropped. @default 67108864 */
  readonly maxPendingReplyBytes?: number | undefined
  /** Octets of replies that wait for one slow peer, at most; further ones are dropped. @default 16777216 */
  readonly maxPendingReplyBytesPerPeer?: number | undefined
  /** Pause between two checks that the UNIX socket's file is still there and ours, in milliseconds. @default 30000 */
  readonly checkIntervalMs?: number | undefined
}

/** Bounds of what one socket receives, answers and keeps waiting. */
export interface SocketLimits {
  readonly socketBufSize: number
  readonly socketTimeout: number
  readonly maxPendingReplyBytes: number
  readonly maxPendingReplyBytesPerPeer: number
}

const checks = new OptionChecks('datagram()')

export interface ResolvedDatagramOptions extends SocketLimits {
  readonly socketName: string
  readonly name: SocketName
  readonly childrenCount: number
  /** A `file:` URL. */
  readonly childModule: string | undefined
  readonly unixSocketMode: number
  readonly unixSocketGroup: string | number | undefined
  readonly unixSocketUser: string | number | undefined
  readonly checkIntervalMs: number
  /** Undefined: everyone. */
  readonly filter: PeerFilter | undefined
}

const SMALLEST_BUFFER = 512
/** @mi/posix receives no longer ones. */
const LARGEST_BUFFER = 1_048_576
const MOST_CHILDREN = 1_024

/** @throws TypeError, RangeError for values that cannot work */
export function resolveOptions(options: DatagramServerOptions): ResolvedDatagramOptions {
  const name = absolute(parseSocketName(options?.socketName))
  const childrenCount = within(1, MOST_CHILDREN, 'childrenCount', options.childrenCount ?? 1)
  if (childrenCount > 1) assertSerializable(options)
  return {
    socketName: options.socketName,
    name,
    childrenCount,
    childModule: options.childModule === undefined ? undefined : moduleUrl(options.childModule),
    unixSocketMode: mode(options.unixSocketMode ?? 0o660),
    unixSocketGroup: checks.owner('unixSocketGroup', options.unixSocketGroup),
    unixSocketUser: checks.owner('unixSocketUser', options.unixSocketUser),
    socketTimeout: milliseconds('socketTimeout', options.socketTimeout ?? 2_000),
    socketBufSize: within(SMALLEST_BUFFER, LARGEST_BUFFER, 'socketBufSize', options.socketBufSize ?? 65_457),
    maxPendingReplyBytes: octets('maxPendingReplyBytes', options.maxPendingReplyBytes ?? 67_108_864),
    maxPendingReplyBytesPerPeer: octets(
      'maxPendingReplyBytesPerPeer',
      options.maxPendingReplyBytesPerPeer ?? 16_777_216,
    ),
    checkIntervalMs: milliseconds('checkIntervalMs', options.checkIntervalMs ?? 30_000),
    filter: peerFilter(options.allow, name.type),
  }
}

/** The process may change its directory while it listens. A path that is too long as an absolute one stays as it is. */
function absolute(name: SocketName): SocketName {
  if (name.type === 'udp' || isAbsolute(name.path)) return name
  const path = resolve(name.path)
  return Buffer.byteLength(path) <= longestPath(process.platform) ? { type: 'unix', path } : name
}

/** What child processes are given is plain JSON. */
function assertSerializable({ tracer, allow }: DatagramServerOptions): void {
  if (tracer !== undefined) {
    throw new TypeError(
      'datagram(): with childrenCount above 1, tracer cannot be handed to the child processes; export it as `tracer` from ' +
        'childModule',
    )
  }
  if (allow !== undefined && listedPeers(allow) === undefined) {
    throw new TypeError(
      'datagram(): with childrenCount above 1, a BlockList cannot be handed to the child processes; give allow as a list of ' +
        "texts such as ['10.0.0.0/8']",
    )
  }
}

function moduleUrl(module: URL | string): string {
  const text = typeof module === 'string' && isAbsolute(module) ? pathToFileURL(module).href : String(module)
  if (text.startsWith('file:') && URL.canParse(text)) return text
  throw new TypeError(
    `datagram(): childModule must be a file: URL, such as new URL('./commands.js', import.meta.url), or an absolute path, ` +
      `not ${JSON.stringify(text)}`,
  )
}

function mode(value: number): number {
  if (Number.isInteger(value) && value > 0 && value <= 0o777) return value
  throw new RangeError(`datagram(): unixSocketMode must be from 0o001 to 0o777, such as 0o660, not ${value}`)
}

/** Timers take no more than 32 bits: a larger pause would fire at once. */
const LARGEST_TIMER_MS = 2 ** 31 - 1

function milliseconds(name: string, value: number): number {
  return Math.min(within(1, Number.MAX_SAFE_INTEGER, name, value), LARGEST_TIMER_MS)
}

function octets(name: string, value: number): number {
  return within(0, Number.MAX_SAFE_INTEGER, name, value)
}

function within(low: number, high: number, name: string, value: number): number {
  if (Number.isInteger(value) && value >= low && value <= high) return value
  const range = high === Number.MAX_SAFE_INTEGER ? `from ${low} up` : `from ${low} to ${high}`
  throw new RangeError(`datagram(): ${name} must be an integer ${range}, not ${value}`)
}
