import { longestTimerMs } from '../longest-timer.js'
import { parseSocketAddress, type SocketAddress } from './socket-address.js'

/** How events are received. */
export interface SubscribeOptions {
  /**
   * Where this side listens, over IPv4: `udp:host:port` (the server needs event_datagram) or `tcp:host:port` (event_stream);
   * port 0 is any free one. The host must be one that the server can reach. @default 'udp:127.0.0.1:0'
   */
  readonly socket?: string | undefined
  /** `host` or `host:port` to tell the server instead, where it reaches the socket under another address. */
  readonly announce?: string | undefined
  /** How long the server keeps the subscription unless it is renewed, in seconds (`expire`). @default 3600 */
  readonly expire?: number | undefined
  /**
   * How often it is renewed, in milliseconds; less than `expire`. A server that was started again sends nothing until then.
   * @default half of `expire`, at most 30000
   */
  readonly renewMs?: number | undefined
  /** How many events may wait to be read; beyond it the oldest is dropped and counted. @default 1024 */
  readonly maxQueued?: number | undefined
  /** The longest event over TCP, in bytes; a longer one ends its connection. @default 1048576 (1 MiB) */
  readonly maxEventBytes?: number | undefined
  /** Ends the subscription; reading it then rejects with `signal.reason`. */
  readonly signal?: AbortSignal | undefined
}

export interface ResolvedSubscribeOptions {
  readonly socket: SocketAddress
  readonly announce: string | undefined
  readonly expire: number
  readonly renewMs: number
  readonly maxQueued: number
  readonly maxEventBytes: number
  readonly signal: AbortSignal | undefined
}

/** The longest time that OpenSIPS takes: its number is a signed one of 32 bits. */
const maxExpire = 2 ** 31 - 1
const usualRenewMs = 30_000

/** @throws TypeError for a socket that is none or that no server can reach, RangeError for a number out of bounds */
export function resolveSubscribeOptions(options: SubscribeOptions): ResolvedSubscribeOptions {
  const socket = parseSocketAddress(options.socket ?? 'udp:127.0.0.1:0')
  const { announce, signal } = options
  if (announce !== undefined && !isAnnounced(announce)) {
    throw new TypeError(`subscribe(): announce must be host or host:port, not ${String(announce)}`)
  }
  if (socket.host === '0.0.0.0' && announce === undefined) {
    throw new TypeError('subscribe(): no server can send to 0.0.0.0; give its address for this machine as announce')
  }
  if (signal !== undefined && typeof signal?.addEventListener !== 'function') {
    throw new TypeError('subscribe(): signal must be an AbortSignal')
  }
  const expire = whole('expire', options.expire ?? 3600, maxExpire)
  return {
    socket,
    announce,
    expire,
    renewMs: whole('renewMs', options.renewMs ?? Math.min((expire * 1000) / 2, usualRenewMs), expire * 1000 - 1),
    maxQueued: whole('maxQueued', options.maxQueued ?? 1024),
    maxEventBytes: whole('maxEventBytes', options.maxEventBytes ?? 1024 * 1024),
    signal,
  }
}

function isAnnounced(text: string): boolean {
  const [, port = 1] = /^[^:/\s[\]]+(?::(\d{1,5}))?$/.exec(text) ?? [text, 0]
  return Number(port) >= 1 && Number(port) <= 65_535
}

function whole(option: string, value: number, to: number = Number.MAX_SAFE_INTEGER): number {
  const longest = option === 'renewMs' ? Math.min(to, longestTimerMs) : to
  if (Number.isSafeInteger(value) && value >= 1 && value <= longest) return value
  const range = longest === Number.MAX_SAFE_INTEGER ? 'from 1' : `from 1 to ${longest}`
  throw new RangeError(`subscribe(): ${option} must be a whole number ${range}, not ${String(value)}`)
}
