import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  createHepStream,
  decodeHep,
  encodeHep,
  type HepDecodeOptions,
  type HepError,
  type HepMessage,
  isHepError,
} from '../../src/index.js'
import { chunk, miTrace, packet, v3Message } from './support.js'

type Seen = HepMessage | readonly ['broken', HepError['code'], number]

function stream(options?: HepDecodeOptions) {
  const seen: Seen[] = []
  const it = createHepStream(
    {
      message: (message) => seen.push(message),
      broken: (error, bytes) => seen.push(['broken', error.code, bytes]),
    },
    options,
  )
  return { seen, it }
}

function pushed(push: () => void): unknown {
  try {
    push()
  } catch (error) {
    return isHepError(error) ? error.code : error
  }
  return undefined
}

const one = encodeHep(miTrace)
const two = encodeHep({ ...miTrace, payload: 'two' })
const broken = packet([chunk(0x07, [1])])

describe('any split of the octets gives the same messages', () => {
  test('in pieces of any size', () => {
    const cuts = fc.array(fc.nat(), { maxLength: 20 })
    fc.assert(
      fc.property(fc.array(v3Message, { maxLength: 6 }), cuts, (messages, at) => {
        const packets = messages.map((message) => encodeHep(message))
        const bytes = Buffer.concat(packets)
        const offsets = [0, ...at.map((each) => each % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]
        const { seen, it } = stream()
        offsets.slice(1).forEach((end, index) => {
          // The memory of a read may be used again.
          const read = Buffer.from(bytes.subarray(offsets[index], end))
          it.push(read)
          read.fill(0xa5)
        })
        expect(seen).toEqual(packets.map((each) => decodeHep(each)))
        expect(it.pendingBytes).toBe(0)
      }),
      { numRuns: 1_000 },
    )
  })

  test('octet by octet', () => {
    const { seen, it } = stream()
    for (const octet of Buffer.concat([one, two, one])) it.push(Uint8Array.of(octet))
    expect(seen).toEqual([decodeHep(one), decodeHep(two), decodeHep(one)])
  })

  test('the largest packet, octet by octet, and several in one read', () => {
    const largest = encodeHep({ payload: 'x'.repeat(65_523) })
    const { seen, it } = stream()
    for (const octet of largest) it.push(Uint8Array.of(octet))
    it.push(Buffer.concat([one, largest, two]))
    expect(seen).toEqual([decodeHep(largest), decodeHep(one), decodeHep(largest), decodeHep(two)])
  })
})

test('a packet is handed on as soon as its last octet is there', () => {
  const { seen, it } = stream()
  it.push(one.subarray(0, -1))
  expect([seen.length, it.pendingBytes]).toEqual([0, one.length - 1])
  it.push(one.subarray(-1))
  expect([seen.length, it.pendingBytes]).toEqual([1, 0])
  it.push(Buffer.concat([two, one.subarray(0, 3)]))
  expect([seen.length, it.pendingBytes]).toEqual([2, 3])
})

test('a packet that cannot be read costs only itself', () => {
  const { seen, it } = stream()
  it.push(Buffer.concat([one, broken, two]))
  for (const octet of Buffer.concat([broken, one])) it.push(Uint8Array.of(octet))
  expect(seen).toEqual([
    decodeHep(one),
    ['broken', 'HEP_LENGTH', broken.length],
    decodeHep(two),
    ['broken', 'HEP_LENGTH', broken.length],
    decodeHep(one),
  ])
})

test('the options are those of the decoder', () => {
  const { seen, it } = stream({ lenient: true })
  it.push(broken)
  expect(seen).toEqual([decodeHep(broken, { lenient: true })])
  // @ts-expect-error -- this is no option
  expect(() => stream({ lenient: 'yes' })).toThrow(TypeError)
})

describe('where no packet begins', () => {
  test.each([
    ['another magic', Buffer.from('HTTP/1.1 400'), 'HEP_VERSION'],
    ['version 2', encodeHep({ ...miTrace, version: 2 }), 'HEP_VERSION'],
    ['a length under 6', Buffer.from('HEP3\0\x05', 'latin1'), 'HEP_LENGTH'],
  ])('the stream ends: %s', (_, bytes, code) => {
    for (const pieces of [
      [Buffer.concat([one, bytes])],
      [one, ...Array.from(bytes, (octet) => Uint8Array.of(octet))],
    ]) {
      const { seen, it } = stream()
      const errors = pieces.map((piece) => pushed(() => it.push(piece)))
      expect(errors.filter((error) => error !== undefined)[0]).toBe(code)
      expect(seen).toEqual([decodeHep(one)])
      expect(pushed(() => it.push(one))).toBe(code)
      expect([seen.length, it.pendingBytes]).toEqual([1, 0])
    }
  })

  test('and so it does when an event throws', () => {
    const failure = new Error('thrown by the receiver')
    let calls = 0
    const it = createHepStream({
      message: () => {
        calls++
        throw failure
      },
      broken: () => undefined,
    })
    expect(pushed(() => it.push(Buffer.concat([one, two])))).toBe(failure)
    expect(pushed(() => it.push(one))).toBe(failure)
    expect(calls).toBe(1)
  })
})
