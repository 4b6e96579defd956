import type { HepChunk, HepMessageInput } from '../message.js'
import { MAX_PACKET_BYTES } from './packet-limit.js'

/** All numbers, addresses and chunk heads of a message take 291 octets at most. */
const NUMBERS_BYTES = 320

/** No character takes more octets of UTF-8 for each of its UTF-16 units. */
const TEXT_FACTOR = 3

/** Octets that a message certainly fits into, if it fits into a packet at all: far more than it needs, but quickly told. */
export function roomFor(message: HepMessageInput): number {
  if (message.compressed === true) return MAX_PACKET_BYTES
  let units = 0
  if (message.payload !== undefined) units += message.payload.length
  if (message.correlationId !== undefined) units += message.correlationId.length
  if (message.authKey !== undefined) units += message.authKey.length
  if (message.nodeName !== undefined) units += message.nodeName.length
  if (message.geoLocation !== undefined) units += message.geoLocation.length
  if (message.transactionType !== undefined) units += message.transactionType.length
  if (message.jsonKeys !== undefined) units += message.jsonKeys.length
  if (message.tagValues !== undefined) units += message.tagValues.length
  if (message.groupId !== undefined) units += message.groupId.length
  if (message.extraCorrelation !== undefined) units += message.extraCorrelation.length
  const chunksBytes = message.chunks === undefined ? 0 : sizeOf(message.chunks)
  return Math.min(NUMBERS_BYTES + units * TEXT_FACTOR + chunksBytes, MAX_PACKET_BYTES)
}

function sizeOf(chunks: readonly HepChunk[]): number {
  let bytes = 0
  for (const { body } of chunks) bytes += 6 + body.length
  return bytes
}
