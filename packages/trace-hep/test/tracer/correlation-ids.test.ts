import { hepVectors } from '@mi/fixtures'
import { describe, expect, test } from 'vitest'
import { CorrelationIds } from '../../src/tracer/trace-context.js'

const octetsOf = (id: string): Buffer => Buffer.from(id.slice('MICORR'.length), 'base64')

const recorded = [...new Set(hepVectors.flatMap(({ decoded }) => decoded.correlationId ?? []))]

describe('correlation ids', () => {
  test.each(recorded)('are built as the recorded %s', (id) => {
    const octets = octetsOf(id)
    const origin = { pid: octets.readUInt32LE(0), startSec: octets.readUInt32LE(4) }
    const made = octetsOf(new CorrelationIds(origin).next(Number(octets.readBigUInt64LE(8)) / 1_000))
    // All but the number that looks random.
    expect(made.subarray(0, 16)).toEqual(octets.subarray(0, 16))
    expect(made.readUInt32LE(16)).toBeLessThanOrEqual(0x7fff_ffff)
  })

  test('have 34 characters', () => {
    expect(new CorrelationIds().next(0)).toMatch(/^MICORR[A-Za-z0-9+/]{27}=$/)
  })

  test('differ within one tick of the clock, and the clock has steps of 100 ms', () => {
    const ids = new CorrelationIds({ pid: 1, startSec: 2 })
    const many = Array.from({ length: 50_000 }, () => ids.next(199.9))
    expect(new Set(many).size).toBe(many.length)
    expect(octetsOf(many[0] ?? '').readBigUInt64LE(8)).toBe(100_000n)
  })

  test('of two makers are not the same', () => {
    expect(new CorrelationIds().next(0)).not.toBe(new CorrelationIds().next(0))
  })
})
