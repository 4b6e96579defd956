import { randomBytes } from 'node:crypto'
import { isIP, isIPv4 } from 'node:net'
import type { IpEndpoint, MiPeer } from '@mi/contract'

/** How often the two clocks are compared, and what they may differ by, in milliseconds. */
const COMPARE_MS = 1_000
const TOLERATED_MS = 2

/** Steps of the clock within ids, in milliseconds, as that of OpenSIPS. */
const TICK_MS = 100

/** An odd step visits every number of 31 bits before it repeats one. */
const STEP = 0x1e3779b1
const LARGEST = 0x7fff_ffff

/** The two ends of a command as its traces show them, addresses of one family. */
export interface Route {
  readonly srcIp: string
  readonly srcPort: number
  readonly dstIp: string
  readonly dstPort: number
}

/** What OpenSIPS shows on both sides of its FIFO, which has no addresses; here of every peer without. */
const SUBSTITUTE: Route = { srcIp: '127.0.0.2', srcPort: 0, dstIp: '127.0.0.2', dstPort: 0 }

/** The routes of peers. Each is found once for a peer object, which transports keep. */
export class Routes {
  private readonly known = new WeakMap<MiPeer, Route>()

  of(peer: MiPeer): Route {
    const known = this.known.get(peer)
    if (known !== undefined) return known
    const { source, destination } = peer
    if (source === undefined && destination === undefined) return SUBSTITUTE
    const route = routeBetween(source, destination)
    this.known.set(peer, route)
    return route
  }
}

/** An end that is not known becomes the unspecified address of the family of the other. */
function routeBetween(source: IpEndpoint | undefined, destination: IpEndpoint | undefined): Route {
  const from = plainAddress(source)
  const to = plainAddress(destination)
  if (from === undefined && to === undefined) return SUBSTITUTE
  const isV4 = couldBeV4(from) && couldBeV4(to)
  return {
    srcIp: inFamily(isV4, from),
    srcPort: plainPort(source),
    dstIp: inFamily(isV4, to),
    dstPort: plainPort(destination),
  }
}

/** Without the zone of a link-local address, which HEP has no place for; an IPv4 address on an IPv6 socket as IPv4. */
function plainAddress(endpoint: IpEndpoint | undefined): string | undefined {
  const [address = ''] = endpoint?.address.split('%', 1) ?? []
  if (isIP(address) === 0) return undefined
  const mapped = /^::ffff:([\d.]+)$/i.exec(address)?.[1]
  return mapped !== undefined && isIPv4(mapped) ? mapped : address
}

/** So could the address of a socket that is bound to all addresses. */
function couldBeV4(address: string | undefined): boolean {
  return address === undefined || address === '::' || isIPv4(address)
}

function inFamily(isV4: boolean, address: string | undefined): string {
  if (isV4) return address === undefined || address === '::' ? '0.0.0.0' : address
  if (address === undefined) return '::'
  return isIPv4(address) ? `::ffff:${address}` : address
}

function plainPort(endpoint: IpEndpoint | undefined): number {
  const { port = 0 } = endpoint ?? {}
  return Number.isInteger(port) && port >= 0 && port <= 65_535 ? port : 0
}

/** What a `WallClock` reads: milliseconds. */
export interface ClockSources {
  /** Since the process started, of a clock that never goes back. */
  readonly uptimeMs: () => number
  /** Since 1970, whole ones. */
  readonly wallMs: () => number
}

const SYSTEM_SOURCES: ClockSources = { uptimeMs: () => performance.now(), wallMs: () => Date.now() }

/** The time of day in microseconds, which `Date` does not have and `performance` loses when the system's clock is set. */
export class WallClock {
  /** As of the last `read`: whole seconds since 1970, microseconds after them, milliseconds since the process started. */
  sec = 0
  usec = 0
  uptimeMs = 0
  private offsetMs = 0
  private compareAtMs = Number.NEGATIVE_INFINITY

  constructor(private readonly sources: ClockSources = SYSTEM_SOURCES) {}

  read(): void {
    const uptimeMs = this.sources.uptimeMs()
    if (uptimeMs >= this.compareAtMs) this.compare(uptimeMs)
    const nowMs = uptimeMs + this.offsetMs
    this.uptimeMs = uptimeMs
    this.sec = Math.floor(nowMs / 1_000)
    this.usec = Math.floor((nowMs - this.sec * 1_000) * 1_000)
  }

  /** Keeps to the system's clock without a step for each of its whole milliseconds. */
  private compare(uptimeMs: number): void {
    const offsetMs = this.sources.wallMs() - uptimeMs
    if (Math.abs(offsetMs - this.offsetMs) > TOLERATED_MS) this.offsetMs = offsetMs
    this.compareAtMs = uptimeMs + COMPARE_MS
  }
}

/** What ids are made of, besides the time and a random number. */
export interface CorrelationOrigin {
  readonly pid: number
  /** When the process started, in whole seconds since 1970. */
  readonly startSec: number
}

const THIS_PROCESS: CorrelationOrigin = { pid: process.pid, startSec: Math.floor(performance.timeOrigin / 1_000) }

/**
 * Makes the correlation ids of MI traces: `MICORR` and the base64 of process id, start time, ticks since then and a number
 * that looks random and does not repeat within its 2^31 values. Treat it as opaque.
 * Source: mi_trace 3.5, which has the numbers in the order of its host; here they are little-endian.
 */
export class CorrelationIds {
  private readonly bytes = Buffer.alloc(20)
  private readonly whole = new Uint32Array(1)
  private tick = -1

  /** @param seed where the numbers begin */
  constructor({ pid, startSec }: CorrelationOrigin = THIS_PROCESS, seed = randomBytes(4).readUInt32LE()) {
    this.bytes.writeUInt32LE(pid >>> 0, 0)
    this.bytes.writeUInt32LE(startSec >>> 0, 4)
    this.whole[0] = seed & LARGEST
  }

  /** @param uptimeMs milliseconds since the start */
  next(uptimeMs: number): string {
    const { bytes, whole } = this
    const tick = Math.floor(uptimeMs / TICK_MS)
    if (tick !== this.tick) this.setTick(tick)
    whole[0] = ((whole[0] ?? 0) + STEP) & LARGEST
    bytes.writeUInt32LE(whole[0], 16)
    return `MICORR${bytes.toString('base64')}`
  }

  private setTick(tick: number): void {
    this.tick = tick
    this.bytes.writeBigUInt64LE(BigInt(tick) * BigInt(TICK_MS * 1_000), 8)
  }
}
