import type { HepMessage } from '../../message.js'
import { uint16 } from '../octets.js'
import type { ResolvedDecodeOptions } from '../options.js'
import { chunkSizes } from './chunk-sizes.js'
import { CHUNK_HEAD_BYTES } from './chunk-writer.js'
import { shortChunk, truncatedChunk, truncatedHead, truncatedPacket, wrongSize } from './faults.js'
import { MessageReader } from './message-reader.js'
import { PACKET_HEAD_BYTES, packetLength } from './packet-length.js'

/** Reads a packet of version 3. Chunks may come in any order; of two equal ones the last counts. */
export function decodeV3(bytes: Buffer, options: ResolvedDecodeOptions): HepMessage {
  const total = packetLength(bytes)
  if (bytes.length < total) throw truncatedPacket(bytes.length, total)
  const reader = new MessageReader(bytes, options)
  let next = PACKET_HEAD_BYTES
  for (let at = next; at < total; at = next) {
    if (total - at < CHUNK_HEAD_BYTES) throw truncatedHead(at, total - at)
    const vendor = uint16(bytes, at)
    const type = uint16(bytes, at + 2)
    const length = uint16(bytes, at + 4)
    if (length < CHUNK_HEAD_BYTES) throw shortChunk(vendor, type, at, length)
    next = at + length
    if (next > total) throw truncatedChunk(vendor, type, at, length, total - at)
    // A type means something under vendor 0 only; vendors use the same numbers for their own.
    const size = vendor === 0 ? chunkSizes[type] : undefined
    if (size === undefined) reader.keep(vendor, type, at, next)
    else if (size === 0 || size === length) reader.take(type, at, next)
    else if (options.lenient) reader.keep(vendor, type, at, next)
    else throw wrongSize(type, at, length, size)
  }
  return reader.finish(bytes.length - total)
}
