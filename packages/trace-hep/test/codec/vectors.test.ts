import { hepVectors } from '@mi/fixtures'
import { describe, expect, test } from 'vitest'
import { decodeHep, encodeHep, type HepMessage, hepPayloadText, isHepError } from '../../src/index.js'

/** In the form of the recordings: the payload as text, null for what the packet does not have. */
function recorded(message: HepMessage): Record<string, unknown> {
  const { version: _, surplusBytes, payload, ...fields } = message
  const entries = Object.entries(fields).map(([name, value]) => [name, value ?? null])
  return { ...Object.fromEntries(entries), payload: payload?.toString('utf8') ?? null }
}

const accepted = hepVectors.filter(({ strict }) => strict === 'accept')
const rejected = hepVectors.filter(({ strict }) => strict === 'reject')

test('the recordings hold packets of both kinds', () => {
  expect([accepted.length, rejected.length]).toEqual([52, 13])
})

describe('a packet of a live OpenSIPS server', () => {
  test.each(accepted)('is read as recorded, and written with the same octets: $name', ({ version, hex, decoded }) => {
    const message = decodeHep(Buffer.from(hex, 'hex'))
    expect(message.version).toBe(version)
    expect(recorded(message)).toEqual(decoded)
    expect(message.surplusBytes).toBe(undefined)
    expect(encodeHep(message).toString('hex')).toBe(hex)
  })

  test.each(accepted)('is read by a lenient decoder as by a strict one: $name', ({ hex }) => {
    const bytes = Buffer.from(hex, 'hex')
    expect(decodeHep(bytes, { lenient: true })).toEqual(decodeHep(bytes))
  })
})

describe('a packet of family 0', () => {
  test.each(rejected)('is refused: $name', ({ hex }) => {
    let refused: unknown
    try {
      decodeHep(Buffer.from(hex, 'hex'))
    } catch (error) {
      refused = error
    }
    expect(isHepError(refused, 'HEP_FAMILY')).toBe(true)
    expect(refused).toMatchObject({ chunk: 'family', offset: 2 })
  })

  test.each(rejected)('is read by a lenient decoder: $name', ({ version, hex, decoded }) => {
    const message = decodeHep(Buffer.from(hex, 'hex'), { lenient: true })
    expect(message.version).toBe(version)
    expect(recorded(message)).toEqual(decoded)
  })
})

test('the NULs that OpenSIPS adds to versions 1 and 2 are no text', () => {
  const texts = hepVectors
    .filter(({ version }) => version < 3)
    .map(({ hex }) => hepPayloadText(decodeHep(Buffer.from(hex, 'hex'), { lenient: true })))
  expect(new Set(texts)).toEqual(new Set(['']))
})
