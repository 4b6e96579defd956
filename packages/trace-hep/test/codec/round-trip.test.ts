import { SocketAddress } from 'node:net'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  decodeHep,
  encodeHep,
  encodeHepInto,
  HepError,
  type HepMessage,
  type HepMessageInput,
} from '../../src/index.js'
import { fieldsOf, v1Message, v2Message, v3Message } from './support.js'

/** Addresses as Node.js writes them: the generators also make others, such as `0:0::1`. */
function normal(message: HepMessage): HepMessage {
  const { srcIp, dstIp } = message
  const written = (address: string): string =>
    new SocketAddress({ address, family: address.includes(':') ? 'ipv6' : 'ipv4' }).address
  return {
    ...message,
    ...(srcIp === undefined ? {} : { srcIp: written(srcIp) }),
    ...(dstIp === undefined ? {} : { dstIp: written(dstIp) }),
  }
}

describe('what is encoded and decoded again is the same in every field', () => {
  test('version 3', () => {
    fc.assert(
      fc.property(v3Message, (message) => {
        expect(fieldsOf(decodeHep(encodeHep(message)))).toEqual(normal(message))
      }),
      { numRuns: 3_000 },
    )
  })

  test('version 1', () => {
    fc.assert(
      fc.property(v1Message, (message) => {
        expect(fieldsOf(decodeHep(encodeHep(message)))).toEqual(normal(message))
      }),
      { numRuns: 500 },
    )
  })

  test.each([undefined, 'le12', 'be10'] as const)('version 2, with its time written as %s', (v2Time) => {
    fc.assert(
      fc.property(v2Message, (message) => {
        expect(fieldsOf(decodeHep(encodeHep(message, { v2Time }), { v2Time }))).toEqual(normal(message))
      }),
      { numRuns: 500 },
    )
  })
})

test('a message that was decoded is encoded again to a packet of the same length', () => {
  fc.assert(
    fc.property(v3Message, (message) => {
      const bytes = encodeHep(message)
      expect(encodeHep(decodeHep(bytes))).toEqual(bytes)
      expect(bytes.readUInt16BE(4)).toBe(bytes.length)
    }),
  )
})

test('a lenient decoder reads what is right as a strict one does', () => {
  fc.assert(
    fc.property(fc.oneof(v1Message, v2Message, v3Message), (message) => {
      const bytes = encodeHep(message)
      expect(decodeHep(bytes, { lenient: true })).toEqual(decodeHep(bytes))
    }),
  )
})

test('packets written one after the other leave those before them as they were', () => {
  const packets: (readonly [Buffer, Buffer])[] = []
  fc.assert(
    fc.property(fc.oneof(v1Message, v2Message, v3Message), (message) => {
      const bytes = encodeHep(message)
      packets.push([bytes, Buffer.from(bytes)])
    }),
    { numRuns: 1_000 },
  )
  expect(packets.every(([bytes, copy]) => bytes.equals(copy))).toBe(true)
})

describe('into memory of the caller', () => {
  const filler = 0xa5

  test('the same octets are written, and none around them', () => {
    fc.assert(
      fc.property(fc.oneof(v1Message, v2Message, v3Message), fc.nat(50), fc.nat(50), (message, before, after) => {
        const bytes = encodeHep(message)
        const target = Buffer.alloc(before + bytes.length + after, filler)
        expect(encodeHepInto(message, target, before)).toBe(bytes.length)
        expect(target.subarray(before, before + bytes.length)).toEqual(bytes)
        expect(target.subarray(0, before).every((octet) => octet === filler)).toBe(true)
        expect(target.subarray(before + bytes.length).every((octet) => octet === filler)).toBe(true)
      }),
    )
  })

  test('too little room is told, whatever it is short of', () => {
    fc.assert(
      fc.property(fc.oneof(v1Message, v2Message, v3Message), fc.nat(), fc.nat(20), (message, share, before) => {
        const length = encodeHep(message).length
        const target = Buffer.alloc(before + (share % length))
        expect(codeOf(message, target, before)).toBe('HEP_TOO_LARGE')
      }),
      { numRuns: 2_000 },
    )
  })

  test('an offset outside of it is a RangeError', () => {
    for (const offset of [-1, 11, 0.5, Number.NaN]) {
      expect(() => encodeHepInto({ payload: '' }, Buffer.alloc(10), offset)).toThrow(RangeError)
    }
  })

  function codeOf(message: HepMessageInput, target: Buffer, offset: number): string {
    try {
      encodeHepInto(message, target, offset)
    } catch (error) {
      if (error instanceof HepError) return error.code
      throw error
    }
    return 'written'
  }
})
