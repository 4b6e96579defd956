import { rareChunk } from './chunk-kinds.js'
import { ChunkType } from './chunk-types.js'
import { CHUNK_HEAD_BYTES } from './chunk-writer.js'

/** The value that a generic chunk's length must have, by type; 0 where any will do. */
export const chunkSizes: Readonly<Uint8Array> = sizes()

function sizes(): Uint8Array {
  const bodyBytes: readonly (readonly [type: number, bytes: number])[] = [
    [ChunkType.family, 1],
    [ChunkType.ipProto, 1],
    [ChunkType.srcIpv4, 4],
    [ChunkType.dstIpv4, 4],
    [ChunkType.srcIpv6, 16],
    [ChunkType.dstIpv6, 16],
    [ChunkType.srcPort, 2],
    [ChunkType.dstPort, 2],
    [ChunkType.timeSec, 4],
    [ChunkType.timeUsec, 4],
    [ChunkType.protoType, 1],
    [ChunkType.captureId, 4],
  ]
  const table = new Uint8Array(256)
  for (const [type, bytes] of bodyBytes) table[type] = CHUNK_HEAD_BYTES + bytes
  for (const type of Object.values(ChunkType)) {
    const { bytes } = rareChunk(type) ?? {}
    if (bytes !== undefined) table[type] = CHUNK_HEAD_BYTES + bytes
  }
  return table
}
