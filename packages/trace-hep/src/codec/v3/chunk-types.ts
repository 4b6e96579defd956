/** The generic chunks (vendor 0) by the field of a message that they become. */
export const ChunkType = Object.freeze({
  family: 0x01,
  ipProto: 0x02,
  srcIpv4: 0x03,
  dstIpv4: 0x04,
  srcIpv6: 0x05,
  dstIpv6: 0x06,
  srcPort: 0x07,
  dstPort: 0x08,
  timeSec: 0x09,
  timeUsec: 0x0a,
  protoType: 0x0b,
  captureId: 0x0c,
  keepAliveSec: 0x0d,
  authKey: 0x0e,
  payload: 0x0f,
  compressedPayload: 0x10,
  correlationId: 0x11,
  vlanId: 0x12,
  nodeName: 0x13,
  srcMac: 0x14,
  dstMac: 0x15,
  ethernetType: 0x16,
  tcpFlags: 0x17,
  ipTos: 0x18,
  mos: 0x20,
  rFactor: 0x21,
  geoLocation: 0x22,
  jitter: 0x23,
  transactionType: 0x24,
  jsonKeys: 0x25,
  tagValues: 0x26,
  tagType: 0x27,
  eventType: 0x28,
  groupId: 0x29,
  extraCorrelation: 0x65,
} as const)

const names: ReadonlyMap<number, string> = new Map(Object.entries(ChunkType).map(([name, type]) => [type, name]))

/** Whether a chunk has a field of its own in a message, or is part of one. */
export function hasField(vendor: number, type: number): boolean {
  return vendor === 0 && names.has(type)
}

/** How errors call a chunk: `srcPort`, `vendor 3 chunk 0x0102`. */
export function chunkName(vendor: number, type: number): string {
  const name = vendor === 0 ? names.get(type) : undefined
  return name ?? `vendor ${vendor} chunk 0x${type.toString(16).padStart(4, '0')}`
}
