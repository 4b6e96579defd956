import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { decodeHep, encodeHep, HepError, isHepError } from '../../src/index.js'
import { chunk, fieldsOf, miTrace, packet, refusal } from './support.js'

const good = encodeHep(miTrace)

describe('what is not there is never read', () => {
  test('every beginning of a packet of version 3 is refused, by a lenient decoder too', () => {
    for (let length = 0; length < good.length; length++) {
      const [code, , offset] = refusal(good.subarray(0, length))
      expect(code).toBe('HEP_TRUNCATED')
      expect(offset).toBe(0)
      expect(refusal(good.subarray(0, length), { lenient: true })[0]).toBe('HEP_TRUNCATED')
    }
  })

  test.each([
    [1, 24 - 8],
    [2, 36 - 8],
  ] as const)(
    'every beginning of a header of version %i is refused, by a lenient decoder too',
    (version, headBytes) => {
      const bytes = encodeHep({ ...miTrace, version })
      for (let length = 0; length < headBytes; length++) {
        expect(refusal(bytes.subarray(0, length))[0]).toBe('HEP_TRUNCATED')
        expect(refusal(bytes.subarray(0, length), { lenient: true })[0]).toBe('HEP_TRUNCATED')
      }
      expect(decodeHep(bytes.subarray(0, headBytes)).payload).toEqual(Buffer.alloc(0))
    },
  )

  test('the part that is cut off is named, with its offset', () => {
    const v2 = encodeHep({ ...miTrace, version: 2 })
    expect(refusal(v2.subarray(0, 7))).toEqual(['HEP_TRUNCATED', 'header', 0])
    expect(refusal(v2.subarray(0, 15))).toEqual(['HEP_TRUNCATED', 'addresses', 8])
    expect(refusal(v2.subarray(0, 27))).toEqual(['HEP_TRUNCATED', 'time', 16])
    expect(decodeHep(v2.subarray(0, 26), { v2Time: 'be10' }).payload).toEqual(Buffer.alloc(0))
  })

  test('a chunk that ends behind its packet is refused, even where more octets were received', () => {
    const bytes = packet([chunk(0x07, [1, 2]), chunk(0x0f, 'abc', 0, 10)])
    expect(refusal(bytes)).toEqual(['HEP_TRUNCATED', 'payload', 14])
    expect(refusal(Buffer.concat([bytes, Buffer.alloc(10)]))).toEqual(['HEP_TRUNCATED', 'payload', 14])
  })

  test.each([1, 2, 3, 4, 5])('%i octets behind the last chunk are no chunk', (count) => {
    expect(refusal(packet([chunk(0x0b, [1]), Buffer.alloc(count)]))).toEqual(['HEP_TRUNCATED', 'chunk head', 13])
  })
})

describe('lengths', () => {
  test.each([0, 1, 2, 3, 4, 5])('a packet of %i octets is refused', (length) => {
    expect(refusal(packet([chunk(0x0b, [1])], length))).toEqual(['HEP_LENGTH', 'packet', 4])
  })

  test('the shortest packet is a message without any field', () => {
    expect(fieldsOf(decodeHep(packet([])))).toEqual({ version: 3 })
  })

  test.each([0, 1, 2, 3, 4, 5])('a chunk of %i octets is refused, and no reason to look at it for ever', (length) => {
    const bytes = packet([chunk(0x0b, [1]), chunk(0x0102, [], 3, length)])
    expect(refusal(bytes)).toEqual(['HEP_LENGTH', 'vendor 3 chunk 0x0102', 13])
    expect(refusal(bytes, { lenient: true })[0]).toBe('HEP_LENGTH')
  })

  const fixed: readonly (readonly [name: string, type: number, bytes: number])[] = [
    ['family', 0x01, 1],
    ['ipProto', 0x02, 1],
    ['srcIpv4', 0x03, 4],
    ['dstIpv4', 0x04, 4],
    ['srcIpv6', 0x05, 16],
    ['dstIpv6', 0x06, 16],
    ['srcPort', 0x07, 2],
    ['dstPort', 0x08, 2],
    ['timeSec', 0x09, 4],
    ['timeUsec', 0x0a, 4],
    ['protoType', 0x0b, 1],
    ['captureId', 0x0c, 4],
    ['keepAliveSec', 0x0d, 2],
    ['vlanId', 0x12, 2],
    ['srcMac', 0x14, 8],
    ['dstMac', 0x15, 8],
    ['ethernetType', 0x16, 2],
    ['tcpFlags', 0x17, 1],
    ['ipTos', 0x18, 1],
    ['mos', 0x20, 2],
    ['rFactor', 0x21, 2],
    ['jitter', 0x23, 4],
    ['tagType', 0x27, 2],
    ['eventType', 0x28, 2],
  ]

  test.each(fixed)('a %s of another size is refused, and kept as it is by a lenient decoder', (name, type, bytes) => {
    for (const wrong of [bytes - 1, bytes + 1, 0, 40]) {
      const body = Buffer.alloc(wrong, 0x41)
      const odd = packet([chunk(0x11, 'c'), chunk(type, body)])
      expect(refusal(odd)).toEqual(['HEP_LENGTH', name, 13])
      expect(fieldsOf(decodeHep(odd, { lenient: true }))).toEqual({
        version: 3,
        correlationId: 'c',
        chunks: [{ vendor: 0, type, body }],
      })
    }
  })

  test('a vendor may give the same types another size', () => {
    for (const [, type] of fixed) {
      const body = Buffer.from('vendor')
      expect(fieldsOf(decodeHep(packet([chunk(type, body, 2)])))).toEqual({
        version: 3,
        chunks: [{ vendor: 2, type, body }],
      })
    }
  })

  test('octets behind the packet are reported, and belong to nothing', () => {
    const message = decodeHep(Buffer.concat([good, Buffer.from('123')]))
    expect(message).toEqual({ ...decodeHep(good), surplusBytes: 3 })
    expect(decodeHep(good).surplusBytes).toBe(undefined)
  })
})

describe('versions', () => {
  test.each(['EEP1', 'EEP3', '\0\0\0\0', '\x03\x10\x02\x06', 'GET '])('%j is none', (magic) => {
    expect(refusal(Buffer.concat([Buffer.from(magic, 'latin1'), good.subarray(4)]))).toEqual([
      'HEP_VERSION',
      'packet',
      0,
    ])
  })

  test.each(['HEP1', 'HEP2', 'HTTP'])('%j is none, although it begins like one', (magic) => {
    expect(refusal(Buffer.concat([Buffer.from(magic), good.subarray(4)]))).toEqual(['HEP_VERSION', 'packet', 0])
  })
})

describe('address families', () => {
  const v4 = (type: number): Buffer => chunk(type, [10, 0, 0, 1])
  const v6 = (type: number): Buffer => chunk(type, Buffer.from('20010db8000000000000000000000001', 'hex'))

  test.each([0, 1, 3, 28, 30])('version 3 has no family %i', (family) => {
    const bytes = packet([chunk(0x01, [family])])
    expect(refusal(bytes)).toEqual(['HEP_FAMILY', 'family', 6])
    expect(decodeHep(bytes, { lenient: true }).family).toBe(family)
  })

  test.each([
    ['srcIpv6', [chunk(0x01, [2]), v6(0x05)], 13],
    ['dstIpv6', [chunk(0x01, [2]), v4(0x03), v6(0x06)], 23],
    ['srcIpv4', [chunk(0x01, [10]), v4(0x03)], 13],
    ['dstIpv4', [v6(0x05), v4(0x04)], 28],
    ['family', [v4(0x03), chunk(0x01, [10])], 16],
  ] as const)('an address of another family than the packet is refused: %s', (name, chunks, offset) => {
    expect(refusal(packet(chunks))).toEqual(['HEP_FAMILY', name, offset])
  })

  test('a lenient decoder goes by the last address', () => {
    const read = (...chunks: Buffer[]) => fieldsOf(decodeHep(packet(chunks), { lenient: true }))
    expect(read(chunk(0x01, [2]), v6(0x05))).toEqual({ version: 3, family: 10, srcIp: '2001:db8::1' })
    expect(read(v6(0x05), v4(0x04), chunk(0x01, [10]))).toEqual({ version: 3, family: 2, dstIp: '10.0.0.1' })
  })

  test('without a chunk for it the family is that of the addresses', () => {
    expect(decodeHep(packet([v4(0x04)])).family).toBe(2)
    expect(decodeHep(packet([v6(0x06)])).family).toBe(10)
  })

  test.each([1, 2] as const)('a header length of version %i that does not fit the family is refused', (version) => {
    const bytes = encodeHep({ ...miTrace, version })
    for (const length of [0, 8, 15, 17, 40, 255]) {
      bytes[1] = length
      expect(refusal(bytes)).toEqual(['HEP_LENGTH', 'headerLength', 1])
      expect(decodeHep(bytes, { lenient: true }).srcIp).toBe(miTrace.srcIp)
    }
    const ipv6 = encodeHep({ ...miTrace, version, family: 10, srcIp: '::1', dstIp: '::2' })
    ipv6[1] = 16
    expect(refusal(ipv6)).toEqual(['HEP_LENGTH', 'headerLength', 1])
  })
})

describe('texts', () => {
  const cut = Buffer.from('né').subarray(0, 2)

  test.each([
    ['authKey', 0x0e],
    ['correlationId', 0x11],
    ['nodeName', 0x13],
    ['geoLocation', 0x22],
    ['transactionType', 0x24],
    ['jsonKeys', 0x25],
    ['tagValues', 0x26],
    ['groupId', 0x29],
    ['extraCorrelation', 0x65],
  ] as const)('a %s that is not UTF-8 is refused, and mended by a lenient decoder', (name, type) => {
    const bytes = packet([chunk(type, cut)])
    expect(refusal(bytes)).toEqual(['HEP_TEXT', name, 6])
    expect(decodeHep(bytes, { lenient: true })[name]).toBe('n\ufffd')
    expect(decodeHep(packet([chunk(type, 'n\ufffd')]))[name]).toBe('n\ufffd')
  })

  test('a payload may be any octets: OpenSIPS cuts texts within a character, and JSON anywhere', () => {
    const payload = Buffer.concat([Buffer.from('{"reply":"'), cut])
    expect(decodeHep(packet([chunk(0x0f, payload)])).payload).toEqual(payload)
  })
})

describe('compressed payloads', () => {
  const bomb = gzipSync(Buffer.alloc(2_000_000))

  test('are inflated no further than allowed', () => {
    const bytes = packet([chunk(0x0b, [1]), chunk(0x10, bomb)])
    expect(refusal(bytes)).toEqual(['HEP_INFLATE_LIMIT', 'compressedPayload', 13])
    expect(decodeHep(bytes, { maxInflatedBytes: 2_000_000 }).payload?.length).toBe(2_000_000)
    expect(refusal(bytes, { maxInflatedBytes: 1_999_999 })[0]).toBe('HEP_INFLATE_LIMIT')
  })

  test('that are damaged are refused, with the cause', () => {
    const damaged = packet([chunk(0x10, bomb.subarray(0, 100))])
    expect(refusal(damaged)).toEqual(['HEP_INFLATE', 'compressedPayload', 6])
    expect(refusal(packet([chunk(0x10, 'plain text')]))[0]).toBe('HEP_INFLATE')
    expect(() => decodeHep(damaged)).toThrow(expect.objectContaining({ cause: expect.any(Error) }))
  })

  test('that cannot be inflated are kept as they are by a lenient decoder', () => {
    for (const body of [bomb, bomb.subarray(0, 100), Buffer.from('plain text')]) {
      const message = decodeHep(packet([chunk(0x10, body)]), { lenient: true })
      expect(message.payload?.length).toBe(undefined)
      expect(fieldsOf(message)).toEqual({ version: 3, chunks: [{ vendor: 0, type: 0x10, body }] })
    }
  })

  test('only the last one is inflated', () => {
    const bytes = packet([...Array(20).fill(chunk(0x10, bomb.subarray(0, 100))), chunk(0x10, gzipSync('last'))])
    expect(decodeHep(bytes).payload?.toString()).toBe('last')
  })
})

describe('errors', () => {
  test('say what is wrong where, for people', () => {
    expect(() => decodeHep(packet([chunk(0x07, [1])]))).toThrow('srcPort at byte 6: a length of 7 bytes; it must be 8')
  })

  test('are told by their code, and across installed versions', () => {
    const error = new HepError('HEP_TEXT', { chunk: 'authKey', offset: 6 }, 'why')
    expect([isHepError(error), isHepError(error, 'HEP_TEXT'), isHepError(error, 'HEP_LENGTH')]).toEqual([
      true,
      true,
      false,
    ])
    expect([isHepError(new Error('other')), isHepError(null), isHepError('HEP_TEXT')]).toEqual([false, false, false])
    expect(isHepError({ [Symbol.for('mi.hep-error')]: true, code: 'HEP_TEXT' }, 'HEP_TEXT')).toBe(true)
  })

  test.each([
    [{ maxInflatedBytes: 0 }, RangeError],
    [{ maxInflatedBytes: 1.5 }, RangeError],
    [{ v2Time: 'le10' }, TypeError],
    [{ lenient: 1 }, TypeError],
  ])('options that cannot work are misuse: %j', (options, kind) => {
    // @ts-expect-error -- these are no options
    expect(() => decodeHep(good, options)).toThrow(kind)
  })

  test('what are no octets is misuse', () => {
    // @ts-expect-error -- a text is no packet
    expect(() => decodeHep('HEP3')).toThrow(TypeError)
  })
})
