import { isAbsolute, resolve } from 'node:path'
import type { DispatchSettings } from '@mi/contract'
import { childModuleUrl } from '@mi/internal/child-module'
import { DISPATCH_SETTINGS, dispatchSettings } from '@mi/internal/dispatch-settings'
import { OptionChecks, type OptionNames } from '@mi/internal/options'
import { type AllowedPeers, listedPeers, type PeerFilter, peerFilter } from './allow.js'
import { longestPath, parseSocketName, type SocketName } from './socket-name.js'

/** Options of the datagram transport. Those with an OpenSIPS parameter have its meaning and default. */
export interface DatagramServerOptions extends DispatchSettings {
  /**
   * Where to listen: the path of a UNIX socket, or `udp:HOST:PORT` with an address, a host name, or an IPv6 address in
   * brackets; ports are 1024 to 65535. A relative path is resolved at creation. No default. (mi_datagram `socket_name`)
   */
  readonly socketName: string
  /**
   * Processes that serve the socket; more than one needs `childModule`, and `processes: cluster()` of @mi/processes in
   * `createMi`. @default 1, this process (mi_datagram `children_count`)
   */
  readonly childrenCount?: number | undefined
  /**
   * The module whose commands child processes serve, as a `file:` URL or an absolute path: every `MiModule` that it exports,
   * alone or in an array. Its export `tracer`, if there is one, traces them; where `createMi` has `access` or `interceptors`, it
   * must export them too. Used when `childrenCount` is more than 1.
   */
  readonly childModule?: URL | string | undefined
  /** Permissions of the UNIX socket, exactly, whatever the umask. @default 0o660 (mi_datagram `unix_socket_mode`) */
  readonly unixSocketMode?: number | undefined
  /** Group of the UNIX socket, by name or number. @default that of the process (mi_datagram `unix_socket_group`) */
  readonly unixSocketGroup?: string | number | undefined
  /** Owner of the UNIX socket, by name or number. @default that of the process (mi_datagram `unix_socket_user`) */
  readonly unixSocketUser?: string | number | undefined
  /** How long a peer may take none of its replies before they are dropped, in milliseconds. @default 2000 (mi_datagram `socket_timeout`) */
  readonly socketTimeout?: number | undefined
  /**
   * Longest request and longest reply, in bytes, from 512 to 1048576; a UDP datagram has 65507 at most, whatever this says.
   * @default 65457 (mi_datagram `socket_buf_size`)
   */
  readonly socketBufSize?: number | undefined
  /** Who may send requests; those of others are dropped and counted. @default everyone */
  readonly allow?: AllowedPeers | undefined
  /** Bytes of replies that wait for slow peers, in all, at most; further replies are dropped. @default 67108864 */
  readonly maxPendingReplyBytes?: number | undefined
  /** Bytes of replies that wait for one slow peer, at most; further ones are dropped. @default 16777216 */
  readonly maxPendingReplyBytesPerPeer?: number | undefined
  /** Pause between two checks of the UNIX socket's file, its owner and its mode, in milliseconds. @default 30000 */
  readonly checkIntervalMs?: number | undefined
}

/** Limits of what one socket receives, replies and keeps waiting. */
export interface SocketLimits {
  readonly socketBufSize: number
  readonly socketTimeout: number
  readonly maxPendingReplyBytes: number
  readonly maxPendingReplyBytesPerPeer: number
}

const checks = new OptionChecks('datagram()')

export const DATAGRAM_OPTIONS: OptionNames<DatagramServerOptions> = {
  socketName: true,
  childrenCount: true,
  childModule: true,
  unixSocketMode: true,
  unixSocketGroup: true,
  unixSocketUser: true,
  socketTimeout: true,
  socketBufSize: true,
  allow: true,
  maxPendingReplyBytes: true,
  maxPendingReplyBytesPerPeer: true,
  checkIntervalMs: true,
  ...DISPATCH_SETTINGS,
}

/** Options with their defaults, checked. */
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
  readonly settings: DispatchSettings
}

const SMALLEST_BUFFER = 512
/** @mi/posix receives no longer datagrams. */
const LARGEST_BUFFER = 1_048_576
const MOST_CHILDREN = 1_024

/** @throws TypeError, RangeError for values that cannot work */
export function resolveOptions(given: DatagramServerOptions): ResolvedDatagramOptions {
  const options = checks.known(given, DATAGRAM_OPTIONS)
  const name = absolute(parseSocketName(options.socketName))
  const childrenCount = checks.integer('childrenCount', options.childrenCount ?? 1, 1, MOST_CHILDREN)
  if (childrenCount > 1) assertSerializable(options)
  return {
    socketName: options.socketName,
    name,
    childrenCount,
    childModule: options.childModule === undefined ? undefined : childModuleUrl('datagram()', options.childModule),
    unixSocketMode: checks.mode('unixSocketMode', options.unixSocketMode ?? 0o660),
    unixSocketGroup: checks.owner('unixSocketGroup', options.unixSocketGroup),
    unixSocketUser: checks.owner('unixSocketUser', options.unixSocketUser),
    socketTimeout: checks.timerMs('socketTimeout', options.socketTimeout ?? 2_000, 1),
    socketBufSize: checks.integer('socketBufSize', options.socketBufSize ?? 65_457, SMALLEST_BUFFER, LARGEST_BUFFER),
    maxPendingReplyBytes: checks.limit('maxPendingReplyBytes', options.maxPendingReplyBytes ?? 67_108_864, 0),
    maxPendingReplyBytesPerPeer: checks.limit(
      'maxPendingReplyBytesPerPeer',
      options.maxPendingReplyBytesPerPeer ?? 16_777_216,
      0,
    ),
    checkIntervalMs: checks.timerMs('checkIntervalMs', options.checkIntervalMs ?? 30_000, 1),
    filter: peerFilter(options.allow, name),
    settings: dispatchSettings(checks, options),
  }
}

/** The process may change its directory while it listens. A path that is too long as an absolute one stays as it is. */
function absolute(name: SocketName): SocketName {
  if (name.type === 'udp' || isAbsolute(name.path)) return name
  const path = resolve(name.path)
  return Buffer.byteLength(path) <= longestPath(process.platform) ? { type: 'unix', path } : name
}

/** Child processes get their options as plain JSON. */
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
        "strings such as ['10.0.0.0/8']",
    )
  }
}
