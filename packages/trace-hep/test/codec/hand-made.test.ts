import { constants } from 'node:buffer'
import { deflateSync, gunzipSync, gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { decodeHep, encodeHep, HepProtocolType, hepPayloadText } from '../../src/index.js'
import { chunk, fieldsOf, miTrace, packet } from './support.js'

test("the specification's own example is read", () => {
  // Rev. 37: chunks 01 02 03 04 07 08 09 0a 0b 0c 0f, 113 octets.
  const example = Buffer.from(
    `
    48455033 0071
    0000 0001 0007 02
    0000 0002 0007 11
    0000 0003 000a d4ca0001
    0000 0004 000a 527400d3
    0000 0007 0008 2eea
    0000 0008 0008 13c4
    0000 0009 000a 4e49 82cb
    0000 000a 000a 0001 d4c0
    0000 000b 0007 01
    0000 000c 000a 000000e4
    0000 000f 0014 494e56495445207369703a626f62`.replace(/\s/g, ''),
    'hex',
  )
  expect(example.length).toBe(113)
  expect(fieldsOf(decodeHep(example))).toEqual({
    version: 3,
    family: 2,
    ipProto: 17,
    srcIp: '212.202.0.1',
    dstIp: '82.116.0.211',
    srcPort: 12_010,
    dstPort: 5_060,
    timeSec: 1_313_440_459,
    timeUsec: 120_000,
    protoType: HepProtocolType.SIP,
    captureId: 228,
    payload: Buffer.from('INVITE sip:bob'),
  })
})

test('the chunks are in the order of OpenSIPS, those that it does not write behind them', () => {
  const all = encodeHep({
    ...miTrace,
    extraCorrelation: '{}',
    keepAliveSec: 1,
    authKey: 'k',
    vlanId: 1,
    nodeName: 'n',
    groupId: 'g',
    chunks: [{ vendor: 3, type: 1, body: Buffer.from('v') }],
  })
  const order: string[] = []
  for (let at = 6; at < all.length; at += all.readUInt16BE(at + 4)) {
    order.push(`${all.readUInt16BE(at)}:${all.readUInt16BE(at + 2).toString(16)}`)
  }
  expect(order.join(' ')).toBe('0:1 0:2 0:7 0:8 0:9 0:a 0:b 0:c 0:3 0:4 0:f 0:65 0:d 0:e 0:11 0:12 0:13 0:29 3:1')
})

test('every generic chunk of the specification has a field', () => {
  const bytes = packet([
    chunk(0x0d, [0, 30]),
    chunk(0x0e, 'secret'),
    chunk(0x11, 'id'),
    chunk(0x12, [1, 0]),
    chunk(0x13, 'node'),
    chunk(0x14, [0, 0, 1, 2, 3, 4, 5, 6]),
    chunk(0x15, [255, 255, 255, 255, 255, 255, 255, 255]),
    chunk(0x16, [8, 0]),
    chunk(0x17, [2]),
    chunk(0x18, [184]),
    chunk(0x20, [1, 164]),
    chunk(0x21, [0, 93]),
    chunk(0x22, 'geo'),
    chunk(0x23, [0, 0, 1, 0]),
    chunk(0x24, 'call'),
    chunk(0x25, 'a,b'),
    chunk(0x26, 'tags'),
    chunk(0x27, [0, 7]),
    chunk(0x28, [0, 2]),
    chunk(0x29, 'group'),
    chunk(0x65, '{"a":"b"}'),
  ])
  expect(fieldsOf(decodeHep(bytes))).toEqual({
    version: 3,
    keepAliveSec: 30,
    authKey: 'secret',
    correlationId: 'id',
    vlanId: 256,
    nodeName: 'node',
    srcMac: 0x0000_0102_0304_0506n,
    dstMac: 2n ** 64n - 1n,
    ethernetType: 0x0800,
    tcpFlags: 2,
    ipTos: 184,
    mos: 420,
    rFactor: 93,
    geoLocation: 'geo',
    jitter: 256,
    transactionType: 'call',
    jsonKeys: 'a,b',
    tagValues: 'tags',
    tagType: 7,
    eventType: 2,
    groupId: 'group',
    extraCorrelation: '{"a":"b"}',
  })
})

test('chunks of vendors, and those that are not assigned, are kept as they are', () => {
  const bytes = packet([
    chunk(0x0f, 'not ours', 3),
    chunk(0x19, [1, 2, 3]),
    chunk(0x0b, [1]),
    chunk(0xffff, [], 0xffff),
    chunk(0x00, 'zero'),
  ])
  const message = decodeHep(bytes)
  expect(fieldsOf(message)).toEqual({
    version: 3,
    protoType: 1,
    chunks: [
      { vendor: 3, type: 0x0f, body: Buffer.from('not ours') },
      { vendor: 0, type: 0x19, body: Buffer.from([1, 2, 3]) },
      { vendor: 0xffff, type: 0xffff, body: Buffer.alloc(0) },
      { vendor: 0, type: 0, body: Buffer.from('zero') },
    ],
  })
  expect(decodeHep(encodeHep(message))).toEqual(message)
})

test('of two equal chunks the last counts', () => {
  const message = decodeHep(packet([chunk(0x0f, 'a'), chunk(0x07, [0, 1]), chunk(0x0f, 'b'), chunk(0x07, [0, 2])]))
  expect([hepPayloadText(message), message.srcPort]).toEqual(['b', 2])
})

test('a payload need not be there, which is not the same as an empty one', () => {
  const without = decodeHep(encodeHep({ ...miTrace, payload: undefined }))
  const empty = decodeHep(encodeHep({ ...miTrace, payload: '' }))
  expect([without.payload, empty.payload]).toEqual([undefined, Buffer.alloc(0)])
})

describe('IPv6', () => {
  const ends = { family: 10, srcIp: '2001:db8::1', dstIp: '::ffff:10.0.0.1' }

  test('addresses of version 3 are chunks 5 and 6', () => {
    const bytes = encodeHep({ ...ends, protoType: 1 })
    expect(bytes.toString('hex')).toBe(
      '48455033' +
        '0040' +
        '0000000100070a' +
        '0000000b000701' +
        '0000000500162001 0db8 0000 0000 0000 0000 0000 0001'.replaceAll(' ', '') +
        '0000000600160000 0000 0000 0000 0000 ffff 0a00 0001'.replaceAll(' ', ''),
    )
    expect(fieldsOf(decodeHep(bytes))).toEqual({ version: 3, ...ends, protoType: 1 })
  })

  test('addresses of versions 1 and 2 make a header of 40 octets, before the time', () => {
    const message = {
      ...ends,
      ipProto: 17,
      srcPort: 1,
      dstPort: 2,
      timeSec: 3,
      timeUsec: 4,
      captureId: 5,
      payload: 'p',
    }
    const fixed = '280a1100010002' + '20010db8000000000000000000000001' + '00000000000000000000ffff0a000001'
    expect(encodeHep({ ...message, version: 1 }).toString('hex')).toBe(`01${fixed}70`)
    expect(encodeHep({ ...message, version: 2 }).toString('hex')).toBe(`02${fixed}03000000040000000500000070`)
    expect(encodeHep({ ...message, version: 2 }, { v2Time: 'be10' }).toString('hex')).toBe(
      `02${fixed}0000000300000004000570`,
    )
  })
})

describe('the time block of version 2', () => {
  const bytes = Buffer.from('021002061f909c407f0000017f000001ba3f006b236b0600d1070000', 'hex')

  test('is 12 octets, little-endian', () => {
    expect(decodeHep(bytes)).toMatchObject({ timeSec: 1_795_178_426, timeUsec: 420_643, captureId: 2_001 })
  })

  test('is 10 octets, big-endian, on demand', () => {
    const message = decodeHep(bytes, { v2Time: 'be10' })
    expect(message).toMatchObject({ timeSec: 0xba3f006b, timeUsec: 0x236b0600, captureId: 0xd107 })
    expect(message.payload).toEqual(Buffer.from([0, 0]))
  })
})

describe('compression', () => {
  const text = 'INVITE sip:bob SIP/2.0\r\n'.repeat(40)

  test('is written on request: gzip, in place of the plain payload', () => {
    const bytes = encodeHep({ compressed: true, payload: text })
    expect(bytes.readUInt16BE(8)).toBe(0x10)
    expect(gunzipSync(bytes.subarray(12)).toString()).toBe(text)
    expect(bytes.length).toBeLessThan(text.length / 2)
  })

  test('is undone when it is read', () => {
    expect(fieldsOf(decodeHep(encodeHep({ compressed: true, payload: text })))).toEqual({
      version: 3,
      payload: Buffer.from(text),
      compressed: true,
    })
  })

  test.each([
    ['gzip', gzipSync(text)],
    ['zlib', deflateSync(text)],
  ])('is read from %s', (_, body) => {
    expect(decodeHep(packet([chunk(0x10, body)])).payload?.toString()).toBe(text)
  })

  test('may be as large as one likes to allow, also larger than a Buffer can be', () => {
    const bytes = encodeHep({ compressed: true, payload: text })
    // From Node.js 22 on a Buffer can be as large as any safe integer.
    const larger = Math.min(constants.MAX_LENGTH + 1, Number.MAX_SAFE_INTEGER)
    for (const maxInflatedBytes of [larger, Number.MAX_SAFE_INTEGER]) {
      expect(hepPayloadText(decodeHep(bytes, { maxInflatedBytes }))).toBe(text)
    }
  })

  test('of nothing, without even a head, is an empty payload', () => {
    expect(fieldsOf(decodeHep(packet([chunk(0x10, [])])))).toEqual({
      version: 3,
      payload: Buffer.alloc(0),
      compressed: true,
    })
  })
})

test('a payload given as text is sent as UTF-8', () => {
  const payload = 'ünïcödé ☎ 📞 \ufffd'
  const bytes = encodeHep({ ...miTrace, payload })
  expect(hepPayloadText(decodeHep(bytes))).toBe(payload)
  expect(encodeHep({ ...miTrace, payload: Buffer.from(payload) })).toEqual(bytes)
})

test('what is decoded shares no memory with the packet', () => {
  const bytes = encodeHep({ ...miTrace, chunks: [{ vendor: 3, type: 1, body: Buffer.from('body') }] })
  const copy = Buffer.from(bytes)
  const message = decodeHep(bytes)
  bytes.fill(0)
  expect(message).toEqual(decodeHep(copy))
})

test('a packet whose memory is handed to a worker takes no other packet along', () => {
  const [handed, kept] = [encodeHep(miTrace), encodeHep(miTrace)]
  const copy = Buffer.from(kept)
  try {
    if (handed.buffer instanceof ArrayBuffer) structuredClone(handed, { transfer: [handed.buffer] })
  } catch {
    // Newer versions of Node.js refuse it, older ones copy.
  }
  expect(kept).toEqual(copy)
  expect(encodeHep(miTrace)).toEqual(copy)
})

test('a packet may lie anywhere in any Uint8Array', () => {
  const bytes = encodeHep(miTrace)
  const larger = new Uint8Array(bytes.length + 20).fill(0x48)
  larger.set(bytes, 7)
  expect(decodeHep(larger.subarray(7, 7 + bytes.length))).toEqual(decodeHep(bytes))
})

describe('the text of a payload', () => {
  test.each([
    [undefined, ''],
    [Buffer.alloc(0), ''],
    [Buffer.alloc(8), ''],
    [Buffer.from('text'), 'text'],
    [Buffer.from('a\0'), 'a\0'],
    [Buffer.from([0x61, 0xc3]), 'a\ufffd'],
  ])('of %j is %j', (payload, text) => {
    expect(hepPayloadText({ payload })).toBe(text)
  })
})
