import type { HepChunk, HepMessageInput } from '../message.js'
import { MAX_PACKET_BYTES } from './packet-limit.js'

/** All numbers, addresses and chunk heads of a message take 291 octets at most. */
const NUMBERS_BYTES = 320

/** No character takes more octets of UTF-8 for each of its UTF-16 units. */
const TEXT_FACTOR = 3

/** Octets that a message certainly fits into, if it fits into a packet at all: far more than it needs, but quickly told. */
export function roomFor(message: HepMessageInput): number {
  if (message.compressed === true) return MAX_PACKET_BYTES
  // A null here is told by the field's own check, which names it.
  let units = message.payload?.length ?? 0
  units += message.correlationId?.length ?? 0
  units += message.authKey?.length ?? 0
  units += message.nodeName?.length ?? 0
  units += message.geoLocation?.length ?? 0
  units += message.transactionType?.length ?? 0
  units += message.jsonKeys?.length ?? 0
  units += message.tagValues?.length ?? 0
  units += message.groupId?.length ?? 0
  units += message.extraCorrelation?.length ?? 0
  const chunksBytes = message.chunks === undefined ? 0 : sizeOf(message.chunks)
  return Math.min(NUMBERS_BYTES + units * TEXT_FACTOR + chunksBytes, MAX_PACKET_BYTES)
}

function sizeOf(chunks: readonly HepChunk[]): number {
  let bytes = 0
  for (const { body } of chunks) bytes += 6 + body.length
  return bytes
}
