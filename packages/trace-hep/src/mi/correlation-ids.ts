import { randomBytes } from 'node:crypto'

/** Steps of the clock within ids, in milliseconds, as that of OpenSIPS. */
const TICK_MS = 100

/** An odd step visits every number of 31 bits before it repeats one. */
const STEP = 0x1e3779b1
const LARGEST = 0x7fff_ffff

/** What ids are made of besides the time and chance. */
export interface CorrelationOrigin {
  readonly pid: number
  /** When the process started, in whole seconds since 1970. */
  readonly startSec: number
}

const thisProcess: CorrelationOrigin = { pid: process.pid, startSec: Math.floor(performance.timeOrigin / 1_000) }

/**
 * Makes the correlation ids of MI traces: `MICORR` and the base64 of process id, start time, ticks since then and a number
 * that looks random and does not repeat within its 2^31 values. To be taken as opaque.
 * Source: mi_trace 3.5, which has the numbers in the order of its host; here they are little-endian.
 */
export class CorrelationIds {
  private readonly octets = Buffer.alloc(20)
  private readonly whole = new Uint32Array(1)
  private tick = -1

  /** @param seed where the numbers begin */
  constructor({ pid, startSec }: CorrelationOrigin = thisProcess, seed = randomBytes(4).readUInt32LE()) {
    this.octets.writeUInt32LE(pid >>> 0, 0)
    this.octets.writeUInt32LE(startSec >>> 0, 4)
    this.whole[0] = seed & LARGEST
  }

  /** @param uptimeMs milliseconds since the start */
  next(uptimeMs: number): string {
    const { octets, whole } = this
    const tick = Math.floor(uptimeMs / TICK_MS)
    if (tick !== this.tick) this.setTick(tick)
    whole[0] = ((whole[0] ?? 0) + STEP) & LARGEST
    octets.writeUInt32LE(whole[0], 16)
    return `MICORR${octets.toString('base64')}`
  }

  private setTick(tick: number): void {
    this.tick = tick
    this.octets.writeBigUInt64LE(BigInt(tick) * BigInt(TICK_MS * 1_000), 8)
  }
}
