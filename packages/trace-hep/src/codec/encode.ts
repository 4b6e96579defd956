import { markAsUntransferable } from 'node:worker_threads'
import { HepError } from '../hep-error.js'
import type { HepMessageInput } from '../message.js'
import { copied } from './copied.js'
import { writeFixedHeader } from './fixed-header/encode.js'
import { type HepEncodeOptions, resolveV2Time } from './options.js'
import { MAX_PACKET_BYTES } from './packet-limit.js'
import { roomFor } from './packet-room.js'
import { writeV3 } from './v3/encode.js'

/** Memory that small packets share, as those of `Buffer.allocUnsafe` do. A larger pool would be kept alive by one packet. */
const POOL_BYTES = 16_384

/** Larger ones get memory of their own: less of a pool stays unused. */
const LARGEST_POOLED_BYTES = POOL_BYTES / 4

/** The octets from `pooled` on belong to no packet yet. */
let pool: Buffer | undefined
let pooled = 0

/**
 * A message as the octets of one packet: of version 3 unless it says otherwise. What its version has no place for is left
 * out.
 * @throws TypeError, RangeError for fields that cannot be written: numbers with too many bits, addresses that are none
 * @throws HepError `HEP_TOO_LARGE` when it does not fit into a packet of 65535 octets; a UDP datagram over IPv4 takes 65507
 */
export function encodeHep(message: HepMessageInput, options?: HepEncodeOptions): Buffer {
  // Written where it stays: to count its octets first, or to copy them out of other memory, would take half as long again.
  const room = roomFor(message)
  if (room > LARGEST_POOLED_BYTES) return ownPacket(message, room, options)
  if (pool === undefined || room > POOL_BYTES - pooled) {
    pool = Buffer.allocUnsafeSlow(POOL_BYTES)
    pooled = 0
    // As with the pool of Buffer: handing one packet to a worker must not take the memory of all others along.
    markAsUntransferable(pool.buffer)
  }
  const start = pooled
  pooled += encodeHepInto(message, pool, start, options)
  return pool.subarray(start, pooled)
}

function ownPacket(message: HepMessageInput, room: number, options: HepEncodeOptions | undefined): Buffer {
  const written = Buffer.allocUnsafeSlow(room)
  return copied(written, 0, encodeHepInto(message, written, 0, options))
}

/**
 * Writes a message into memory of the caller's, which can be used again and again: nothing is allocated.
 * @param offset where in `target` the packet begins. @default 0
 * @returns how many octets the packet has
 * @throws TypeError, RangeError for fields that cannot be written, as `encodeHep` does, and for an `offset` outside `target`
 * @throws HepError `HEP_TOO_LARGE` when it does not fit between `offset` and the end of `target`, or into 65535 octets.
 *   After an error the octets from `offset` on are undefined
 */
export function encodeHepInto(
  message: HepMessageInput,
  target: Buffer,
  offset = 0,
  options?: HepEncodeOptions,
): number {
  if (!(offset >= 0 && offset <= target.length && Number.isInteger(offset))) {
    throw new RangeError(`encodeHepInto(): offset must be an integer from 0 to ${target.length}, not ${offset}`)
  }
  const end = Math.min(target.length, offset + MAX_PACKET_BYTES)
  const { version = 3 } = message
  if (version === 3) {
    const last = writeV3(message, target, offset, end)
    if (last > end) throw noRoom(last - offset, end - offset)
    return last - offset
  }
  if (version !== 1 && version !== 2) throw new RangeError(`encodeHep(): version must be 1, 2 or 3, not ${version}`)
  return writeFixedHeader(version, message, resolveV2Time(options?.v2Time), target, offset, end) - offset
}

function noRoom(length: number, room: number): HepError {
  return new HepError('HEP_TOO_LARGE', { chunk: 'packet', offset: 0 }, `${length} octets do not fit into ${room}`)
}
