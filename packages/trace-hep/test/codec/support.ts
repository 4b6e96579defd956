import fc from 'fast-check'
import { decodeHep, type HepDecodeOptions, HepError, type HepMessage, type HepMessageInput } from '../../src/index.js'

/** A chunk as it is on the wire; `length` to lie about it. */
export function chunk(type: number, body: Uint8Array | string | number[], vendor = 0, length?: number): Buffer {
  const bytes = Buffer.from(body as Uint8Array)
  const head = Buffer.alloc(6)
  head.writeUInt16BE(vendor, 0)
  head.writeUInt16BE(type, 2)
  head.writeUInt16BE(length ?? bytes.length + 6, 4)
  return Buffer.concat([head, bytes])
}

/** A packet of version 3 made of the chunks; `length` to lie about it. */
export function packet(chunks: readonly Buffer[], length?: number): Buffer {
  const body = Buffer.concat(chunks)
  const head = Buffer.from('HEP3\0\0', 'latin1')
  head.writeUInt16BE(length ?? body.length + 6, 4)
  return Buffer.concat([head, body])
}

/** What a decoder says against the bytes: code, chunk and offset. */
export function refusal(bytes: Uint8Array, options?: HepDecodeOptions): readonly [string, string, number] {
  try {
    decodeHep(bytes, options)
  } catch (error) {
    if (!(error instanceof HepError)) throw error
    return [error.code, error.chunk, error.offset]
  }
  throw new Error(`${Buffer.from(bytes).toString('hex')} was accepted`)
}

/** The fields that a message has, the undefined ones left out. */
export function fieldsOf(message: HepMessage): Partial<HepMessage> {
  return Object.fromEntries(Object.entries(message).filter(([, value]) => value !== undefined))
}

/** A message as a management command is traced. */
export const miTrace = {
  version: 3,
  family: 2,
  ipProto: 6,
  srcIp: '10.0.0.1',
  dstIp: '10.0.0.2',
  srcPort: 40_000,
  dstPort: 8_080,
  timeSec: 1_795_178_382,
  timeUsec: 72_412,
  protoType: 0x57,
  captureId: 2_001,
  payload: 'version:datagram',
  correlationId: 'MICORR0U8AAIw/AGtg4xYAAAAAACADCn0=',
} as const satisfies HepMessageInput

const text = fc.string({ unit: 'binary', maxLength: 40 })
const octets = fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes))
const u8 = fc.nat(0xff)
const u16 = fc.nat(0xffff)
const u32 = fc.nat(0xffff_ffff)
const u64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })
const vendorChunk = fc.record({
  vendor: fc.integer({ min: 1, max: 0xffff }),
  type: u16,
  body: octets,
})
const unassignedChunk = fc.record({
  vendor: fc.constant(0),
  type: fc.oneof(fc.integer({ min: 0x19, max: 0x1f }), fc.integer({ min: 0x66, max: 0xffff }), fc.constant(0)),
  body: octets,
})

const ipv4 = fc.ipV4().map((address) => ({ family: 2, address }))
/** In the form in which Node.js writes it. */
const ipv6 = fc.ipV6().map((address) => ({ family: 10, address }))

/** Both ends of one family, or one end, or none. */
export const ends = fc.oneof(
  ...[ipv4, ipv6].map((each) =>
    fc.tuple(each, each, fc.constantFrom('both', 'source', 'destination')).map(([source, destination, which]) => ({
      family: source.family,
      ...(which === 'destination' ? {} : { srcIp: source.address }),
      ...(which === 'source' ? {} : { dstIp: destination.address }),
    })),
  ),
  fc.constantFrom({}, { family: 2 }, { family: 10 }),
)

/** Messages of version 3 with any fields there are. */
export const v3Message = fc
  .tuple(
    ends,
    fc.record(
      {
        ipProto: u8,
        srcPort: u16,
        dstPort: u16,
        timeSec: u32,
        timeUsec: u32,
        protoType: u8,
        captureId: u32,
        keepAliveSec: u16,
        authKey: text,
        correlationId: text,
        vlanId: u16,
        nodeName: text,
        srcMac: u64,
        dstMac: u64,
        ethernetType: u16,
        tcpFlags: u8,
        ipTos: u8,
        mos: u16,
        rFactor: u16,
        geoLocation: text,
        jitter: u32,
        transactionType: text,
        jsonKeys: text,
        tagValues: text,
        tagType: u16,
        eventType: u16,
        groupId: text,
        extraCorrelation: text,
        chunks: fc.array(fc.oneof(vendorChunk, unassignedChunk), { minLength: 1, maxLength: 4 }),
      },
      { requiredKeys: [] },
    ),
    fc.oneof(
      fc.constant({}),
      fc.record({ payload: octets }),
      fc.record({ payload: octets, compressed: fc.constant(true) }),
    ),
  )
  .map(([addresses, fields, payload]) => ({ version: 3 as const, ...addresses, ...fields, ...payload }))

const fixedEnds = fc.oneof(
  ...[ipv4, ipv6].map((each) =>
    fc
      .tuple(each, each)
      .map(([source, destination]) => ({ family: source.family, srcIp: source.address, dstIp: destination.address })),
  ),
)
const fixedFields = { ipProto: u8, srcPort: u16, dstPort: u16, payload: octets }

/** Messages of versions 1 and 2 with all the fields that these have. */
export const v1Message = fc
  .tuple(fixedEnds, fc.record(fixedFields))
  .map(([addresses, fields]) => ({ version: 1 as const, ...addresses, ...fields }))
export const v2Message = fc
  .tuple(fixedEnds, fc.record({ ...fixedFields, timeSec: u32, timeUsec: u32, captureId: u16 }))
  .map(([addresses, fields]) => ({ version: 2 as const, ...addresses, ...fields }))
