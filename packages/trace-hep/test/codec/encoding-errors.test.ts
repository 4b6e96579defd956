import { describe, expect, test } from 'vitest'
import { decodeHep, encodeHep, HepError, type HepMessageInput } from '../../src/index.js'
import { miTrace } from './support.js'

const bits8 = ['family', 'ipProto', 'protoType', 'tcpFlags', 'ipTos'] as const
const bits16 = [
  'srcPort',
  'dstPort',
  'keepAliveSec',
  'vlanId',
  'ethernetType',
  'mos',
  'rFactor',
  'tagType',
  'eventType',
] as const
const bits32 = ['timeSec', 'timeUsec', 'captureId', 'jitter'] as const

describe('a number that does not fit its field is a RangeError that names it', () => {
  test.each([
    ...bits8.map((name) => [name, 0x100] as const),
    ...bits16.map((name) => [name, 0x1_0000] as const),
    ...bits32.map((name) => [name, 0x1_0000_0000] as const),
  ])('%s', (name, tooHigh) => {
    for (const value of [tooHigh, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => encodeHep({ [name]: value })).toThrow(RangeError)
      expect(() => encodeHep({ [name]: value })).toThrow(name)
    }
  })

  test.each(['srcMac', 'dstMac'] as const)('%s', (name) => {
    for (const value of [-1n, 2n ** 64n]) expect(() => encodeHep({ [name]: value })).toThrow(RangeError)
  })

  test.each(['ipProto', 'srcPort', 'dstPort', 'timeSec', 'timeUsec'] as const)('%s of version 2', (name) => {
    for (const value of [2 ** 32, -1, 1.5, Number.NaN]) {
      expect(() => encodeHep({ ...miTrace, version: 2, [name]: value })).toThrow(RangeError)
    }
  })

  test('the capture id of version 2 has 16 bits', () => {
    expect(() => encodeHep({ ...miTrace, version: 2, captureId: 0x1_0000 })).toThrow('captureId of version 2')
    expect(decodeHep(encodeHep({ ...miTrace, captureId: 0x1_0000 })).captureId).toBe(0x1_0000)
  })
})

describe('addresses', () => {
  test.each(['', '10.0.0', '10.0.0.256', '10.0.0.1.2', '010.0.0.1', 'host', '1::2::3', 'fe80::1%', '::g', '1:2'])(
    '%j is none',
    (address) => {
      expect(() => encodeHep({ srcIp: address })).toThrow(TypeError)
      expect(() => encodeHep({ dstIp: address })).toThrow('dstIp must be')
      expect(() => encodeHep({ ...miTrace, version: 1, srcIp: address, family: undefined })).toThrow(TypeError)
    },
  )

  test('both ends are of one family, which is the one that is said', () => {
    expect(() => encodeHep({ srcIp: '10.0.0.1', dstIp: '::1' })).toThrow(TypeError)
    expect(() => encodeHep({ srcIp: '::1', dstIp: '10.0.0.1' })).toThrow(TypeError)
    expect(() => encodeHep({ family: 10, srcIp: '10.0.0.1' })).toThrow(RangeError)
    expect(() => encodeHep({ family: 2, dstIp: '::1' })).toThrow(RangeError)
  })

  test('an address that was refused is refused again', () => {
    for (let times = 0; times < 3; times++) expect(() => encodeHep({ srcIp: '10.0.0' })).toThrow(TypeError)
  })

  test('a zone is left out: the wire has no place for it', () => {
    expect(decodeHep(encodeHep({ srcIp: 'fe80::1%eth0' })).srcIp).toBe('fe80::1')
  })

  test.each([1, 2] as const)('version %i cannot do without them', (version) => {
    expect(() => encodeHep({ version, srcIp: '10.0.0.1' })).toThrow('needs srcIp and dstIp')
    expect(() => encodeHep({ version, dstIp: '10.0.0.1' })).toThrow(TypeError)
    expect(decodeHep(encodeHep({ version, srcIp: '10.0.0.1', dstIp: '10.0.0.2' }))).toMatchObject({
      ipProto: 0,
      srcPort: 0,
      payload: Buffer.alloc(0),
    })
  })
})

describe('size', () => {
  test('a packet has at most 65535 octets', () => {
    const largest = 65_535 - 12
    const bytes = encodeHep({ payload: 'x'.repeat(largest) })
    expect([bytes.length, bytes.readUInt16BE(4)]).toEqual([65_535, 65_535])
    expect(decodeHep(bytes).payload?.length).toBe(largest)
    expect(failure({ payload: 'x'.repeat(largest + 1) })).toEqual(['HEP_TOO_LARGE', 'payload', 6])
    expect(failure({ payload: Buffer.alloc(largest + 1) })).toEqual(['HEP_TOO_LARGE', 'payload', 6])
    expect(failure({ payload: 'é'.repeat(largest / 2 + 1) })).toEqual(['HEP_TOO_LARGE', 'payload', 6])
    expect(failure({ payload: 'x'.repeat(largest), nodeName: '' })).toEqual(['HEP_TOO_LARGE', 'nodeName', 65_535])
    expect(failure({ payload: 'x'.repeat(largest), ipTos: 1 })).toEqual(['HEP_TOO_LARGE', 'ipTos', 65_535])
    expect(failure({ payload: 'x'.repeat(largest), srcMac: 1n })).toEqual(['HEP_TOO_LARGE', 'srcMac', 65_535])
  })

  test.each([1, 2] as const)('so has one of version %i', (version) => {
    const largest = 65_535 - encodeHep({ ...miTrace, version, payload: '' }).length
    expect(encodeHep({ ...miTrace, version, payload: 'x'.repeat(largest) }).length).toBe(65_535)
    expect(failure({ ...miTrace, version, payload: 'x'.repeat(largest + 1) })[0]).toBe('HEP_TOO_LARGE')
  })

  test('all chunks together count', () => {
    const chunks = Array.from({ length: 70 }, () => ({ vendor: 3, type: 1, body: Buffer.alloc(1_000) }))
    expect(failure({ chunks })).toEqual(['HEP_TOO_LARGE', 'vendor 3 chunk 0x0001', 6 + 65 * 1_006])
    expect(decodeHep(encodeHep({ chunks: chunks.slice(0, 65) })).chunks?.length).toBe(65)
  })

  function failure(message: HepMessageInput): readonly unknown[] {
    try {
      encodeHep(message)
    } catch (error) {
      if (error instanceof HepError) return [error.code, error.chunk, error.offset]
      throw error
    }
    return []
  }
})

describe('what cannot be told apart on the wire is refused', () => {
  test('a chunk that has a field', () => {
    for (const type of [0x01, 0x0f, 0x10, 0x29, 0x65]) {
      expect(() => encodeHep({ chunks: [{ vendor: 0, type, body: Buffer.alloc(1) }] })).toThrow('set that instead')
    }
  })

  test('a vendor or type of more than 16 bits', () => {
    expect(() => encodeHep({ chunks: [{ vendor: 0x1_0000, type: 1, body: Buffer.alloc(1) }] })).toThrow(RangeError)
    expect(() => encodeHep({ chunks: [{ vendor: 1, type: -1, body: Buffer.alloc(1) }] })).toThrow(RangeError)
  })

  test.each([{ version: 4 }, { version: 0 }, { version: '3' }])('version %j', (version) => {
    // @ts-expect-error -- there is no such version
    expect(() => encodeHep({ ...miTrace, ...version })).toThrow(RangeError)
  })
})

describe('values of a wrong type are misuse', () => {
  test.each([
    { payload: 5 },
    { payload: null },
    { correlationId: null },
    { ...miTrace, version: 1, payload: 5 },
    { ...miTrace, version: 2, payload: null },
    { correlationId: 5 },
    { authKey: {} },
    { srcIp: 5 },
    { srcIp: null },
    { dstIp: ['10.0.0.1'] },
    { srcIp: '10.0.0.1', dstIp: null },
    { srcIp: '::1', dstIp: 5 },
    { chunks: [{ vendor: 3, type: 1, body: 'text' }] },
  ])('%j', (fields) => {
    // @ts-expect-error -- these are no fields
    expect(() => encodeHep(fields)).toThrow(TypeError)
    // @ts-expect-error -- these are no fields
    expect(() => encodeHep(fields)).toThrow(/^encodeHep\(\): /)
  })

  test.each([{ srcPort: '5060' }, { srcMac: 5 }])('%j', (fields) => {
    // @ts-expect-error -- these are no fields
    expect(() => encodeHep(fields)).toThrow(RangeError)
  })

  test('an unknown way to write the time of version 2', () => {
    // @ts-expect-error -- there is no such way
    expect(() => encodeHep({ ...miTrace, version: 2 }, { v2Time: 'be12' })).toThrow(TypeError)
  })
})

test('what a version has no place for is left out', () => {
  const full = { ...miTrace, authKey: 'k', compressed: true, chunks: [{ vendor: 3, type: 1, body: Buffer.alloc(1) }] }
  const packet = encodeHep({ ...full, version: 1 })
  expect([...packet.subarray(0, 3)]).toEqual([1, 16, 2])
  expect(packet.toString('latin1', 16)).toBe('version:datagram')
})
