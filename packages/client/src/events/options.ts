import type { MiError } from '@mi/contract'
import { LARGEST_TIMER_MS, OptionChecks, type OptionNames, shown } from '@mi/internal/options'

/** Where events are to arrive. */
export interface SocketAddress {
  readonly protocol: 'udp' | 'tcp'
  readonly host: string
  /** 0 for any that is free. */
  readonly port: number
}

const FORM = "such as 'udp:192.0.2.7:9000', 'udp:192.0.2.7:0' for any free port, or 'tcp:192.0.2.7:9000'"

/** How events are received. */
export interface SubscribeOptions {
  /**
   * Where this side listens, over IPv4: `udp:host:port` (the server needs event_datagram) or `tcp:host:port` (event_stream);
   * port 0 is any free one. The host must be one that the server can reach.
   * @default over HTTP a stream of the server, if it has one; else 'udp:127.0.0.1:0'
   */
  readonly socket?: string | undefined
  /** `host` or `host:port` for the server to send to, where it reaches the socket under another address. */
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
  /** The longest event over TCP, in bytes; a longer one ends its connection. Over HTTP it is passed over. @default 1048576 (1 MiB) */
  readonly maxEventBytes?: number | undefined
  /** Ends the subscription; reading it then rejects with `signal.reason`. */
  readonly signal?: AbortSignal | undefined
  /** Called when a renewal has no reply, or a stream has ended, once until one has: events may be lost from then on. What it throws ends the subscription. */
  readonly onAway?: ((problem: MiError) => void) | undefined
  /** Called when a renewal has a reply again, or there is a stream again, after `onAway`. What it throws ends the subscription. */
  readonly onBack?: (() => void) | undefined
}

export interface ResolvedSubscribeOptions {
  readonly socket: SocketAddress
  readonly announce: string | undefined
  readonly expire: number
  readonly renewMs: number
  readonly maxQueued: number
  readonly maxEventBytes: number
  readonly signal: AbortSignal | undefined
  readonly onAway: ((problem: MiError) => void) | undefined
  readonly onBack: (() => void) | undefined
}

const OPTIONS: OptionNames<SubscribeOptions> = {
  socket: true,
  announce: true,
  expire: true,
  renewMs: true,
  maxQueued: true,
  maxEventBytes: true,
  signal: true,
  onAway: true,
  onBack: true,
}

/** The longest time that OpenSIPS takes, in seconds: its number is a signed one of 32 bits. */
const MAX_EXPIRE = 2 ** 31 - 1
const DEFAULT_RENEW_MS = 30_000

/** @throws TypeError for an unknown option or a socket that no server can reach, RangeError for a number out of bounds */
export function resolveSubscribeOptions(options: SubscribeOptions): ResolvedSubscribeOptions {
  const check = new OptionChecks('subscribe()')
  const { announce, signal, onAway, onBack, renewMs, maxQueued, maxEventBytes } = check.known(options, OPTIONS)
  const socket = parseSocketAddress(options.socket ?? 'udp:127.0.0.1:0')
  if (announce !== undefined && !isAnnounced(announce)) {
    throw new TypeError(`subscribe(): announce must be host or host:port, not ${shown(announce)}`)
  }
  if (socket.host === '0.0.0.0' && announce === undefined) {
    throw new TypeError('subscribe(): no server can send to 0.0.0.0; set announce to the address of this machine')
  }
  if (signal !== undefined && typeof signal?.addEventListener !== 'function') {
    throw new TypeError('subscribe(): signal must be an AbortSignal')
  }
  for (const [name, callback] of Object.entries({ onAway, onBack })) {
    if (callback !== undefined && typeof callback !== 'function') {
      throw new TypeError(`subscribe(): ${name} must be a function`)
    }
  }
  const expire = check.integer('expire', options.expire ?? 3600, 1, MAX_EXPIRE)
  const expireMs = expire * 1000
  const mostRenewMs = Math.min(expireMs - 1, LARGEST_TIMER_MS)
  return {
    socket,
    announce,
    expire,
    renewMs: check.integer('renewMs', renewMs ?? Math.min(expireMs / 2, DEFAULT_RENEW_MS), 1, mostRenewMs),
    maxQueued: check.integer('maxQueued', maxQueued ?? 1024, 1),
    maxEventBytes: check.integer('maxEventBytes', maxEventBytes ?? 1024 * 1024, 1),
    signal,
    onAway,
    onBack,
  }
}

function isAnnounced(text: string): boolean {
  const [, port = 1] = /^[^:/\s[\]]+(?::(\d{1,5}))?$/.exec(text) ?? [text, 0]
  return Number(port) >= 1 && Number(port) <= 65_535
}

/**
 * Reads `udp:host:port` and `tcp:host:port`, as `event_subscribe` takes them.
 * @throws TypeError for anything else
 */
function parseSocketAddress(text: string): SocketAddress {
  const given: unknown = text
  if (typeof given !== 'string') throw new TypeError(`subscribe(): socket must be a string, ${FORM}`)
  const [, protocol, host = '', digits = ''] = /^(udp|tcp):([^:/\s[\]]+):(\d{1,5})$/.exec(given) ?? []
  const port = Number(digits)
  if ((protocol === 'udp' || protocol === 'tcp') && port <= 65_535) return { protocol, host, port }
  if (/^\w+:\[?[\da-f]*:[\da-f:]*\]?:\d+$/i.test(given)) {
    throw new TypeError(`subscribe(): socket ${given} is IPv6, and OpenSIPS sends events over IPv4 only; ${FORM}`)
  }
  throw new TypeError(`subscribe(): socket must be udp:host:port or tcp:host:port, ${FORM}; not ${given}`)
}

/**
 * Where the server can reach the socket.
 * @param announced `host` or `host:port`, where that differs from where the socket is
 * @param port where the socket is
 */
export function announcedSocket(socket: SocketAddress, announced: string | undefined, port: number): string {
  const [host = socket.host, otherPort = port] = announced?.split(':') ?? []
  return `${socket.protocol}:${host}:${otherPort}`
}
