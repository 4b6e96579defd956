/** Bytes of a chunk before its body: vendor, type, length. */
export const CHUNK_HEAD_BYTES = 6

/**
 * The generic chunks (vendor 0) of version 3, each under the field of a message that it becomes, with its type and what its
 * body holds. The decoder, the encoder and the error messages go by this table; chunks are written in its order, which is
 * that of OpenSIPS, then those that OpenSIPS does not write.
 * Source: HEP3 specification rev. 37; `extraCorrelation` is OpenSIPS's own.
 */
export const CHUNK = {
  family: { type: 0x01, body: 'u8' },
  ipProto: { type: 0x02, body: 'u8' },
  srcPort: { type: 0x07, body: 'u16' },
  dstPort: { type: 0x08, body: 'u16' },
  timeSec: { type: 0x09, body: 'u32' },
  timeUsec: { type: 0x0a, body: 'u32' },
  protoType: { type: 0x0b, body: 'u8' },
  captureId: { type: 0x0c, body: 'u32' },
  srcIpv4: { type: 0x03, body: 'ipv4' },
  dstIpv4: { type: 0x04, body: 'ipv4' },
  srcIpv6: { type: 0x05, body: 'ipv6' },
  dstIpv6: { type: 0x06, body: 'ipv6' },
  payload: { type: 0x0f, body: 'payload' },
  compressedPayload: { type: 0x10, body: 'payload' },
  extraCorrelation: { type: 0x65, body: 'text' },
  keepAliveSec: { type: 0x0d, body: 'u16' },
  authKey: { type: 0x0e, body: 'text' },
  correlationId: { type: 0x11, body: 'text' },
  vlanId: { type: 0x12, body: 'u16' },
  nodeName: { type: 0x13, body: 'text' },
  srcMac: { type: 0x14, body: 'u64' },
  dstMac: { type: 0x15, body: 'u64' },
  ethernetType: { type: 0x16, body: 'u16' },
  tcpFlags: { type: 0x17, body: 'u8' },
  ipTos: { type: 0x18, body: 'u8' },
  mos: { type: 0x20, body: 'u16' },
  rFactor: { type: 0x21, body: 'u16' },
  geoLocation: { type: 0x22, body: 'text' },
  jitter: { type: 0x23, body: 'u32' },
  transactionType: { type: 0x24, body: 'text' },
  jsonKeys: { type: 0x25, body: 'text' },
  tagValues: { type: 0x26, body: 'text' },
  tagType: { type: 0x27, body: 'u16' },
  eventType: { type: 0x28, body: 'u16' },
  groupId: { type: 0x29, body: 'text' },
} as const

type Table = typeof CHUNK
type ChunkName = keyof Table
type NamesOf<Body> = { [N in ChunkName]: Table[N]['body'] extends Body ? N : never }[ChunkName]

/** Bytes of a body; 0 for any number of them. */
const BODY_BYTES = { u8: 1, u16: 2, u32: 4, u64: 8, ipv4: 4, ipv6: 16, text: 0, payload: 0 } as const

/** A row of the table. Chunks of numbers and texts have the name of their field. */
export type Chunk = { readonly type: number; readonly bodyBytes: number } & (
  | { readonly body: 'u8' | 'u16' | 'u32'; readonly name: NamesOf<'u8' | 'u16' | 'u32'> }
  | { readonly body: 'u64'; readonly name: NamesOf<'u64'> }
  | { readonly body: 'text'; readonly name: NamesOf<'text'> }
  | { readonly body: 'ipv4' | 'ipv6' | 'payload'; readonly name: NamesOf<'ipv4' | 'ipv6' | 'payload'> }
)

/** The rows in their order. */
export const CHUNKS: readonly Chunk[] = Object.entries(CHUNK).map(([name, { type, body }]) =>
  row({ name, type, body, bodyBytes: BODY_BYTES[body] }),
)

/** Object.entries loses that the name and the body of an entry belong together; they were taken from one entry of the table. */
function row(entry: { name: string; type: number; body: Chunk['body']; bodyBytes: number }): Chunk {
  return entry as Chunk
}

/** The rows by their type. */
export const CHUNK_OF_TYPE: readonly (Chunk | undefined)[] = Array.from({ length: 256 }, (_, type) =>
  CHUNKS.find((chunk) => chunk.type === type),
)

/** The length that a generic chunk must have, by type; 0 where any is right. */
export const CHUNK_LENGTHS: Readonly<Uint8Array> = Uint8Array.from(CHUNK_OF_TYPE, (chunk) =>
  chunk === undefined || chunk.bodyBytes === 0 ? 0 : CHUNK_HEAD_BYTES + chunk.bodyBytes,
)

/** Whether a chunk has a field in a message, or is part of one. */
export function hasField(vendor: number, type: number): boolean {
  return vendor === 0 && CHUNK_OF_TYPE[type] !== undefined
}

/** How errors call a chunk: `srcPort`, `vendor 3 chunk 0x0102`. */
export function chunkName(vendor: number, type: number): string {
  const chunk = vendor === 0 ? CHUNK_OF_TYPE[type] : undefined
  return chunk?.name ?? `vendor ${vendor} chunk 0x${type.toString(16).padStart(4, '0')}`
}
