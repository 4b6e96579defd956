import { isIPv4, isIPv6, SocketAddress } from 'node:net'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ipv4Text, ipv6Text, writeIpv4, writeIpv6 } from '../../src/codec/addresses.js'

describe('IPv4', () => {
  test('what Node.js takes for an address is one, and nothing else', () => {
    const likely = fc.string({ unit: fc.constantFrom(...'0125.9 a:'), maxLength: 16 })
    const parts = fc
      .array(fc.oneof(fc.nat(300).map(String), fc.constantFrom('', '00', '01', '1e1', '-1')), { maxLength: 6 })
      .map((each) => each.join('.'))
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), parts, likely, fc.ipV4Extended()), (text) => {
        expect(writeIpv4(text, Buffer.alloc(4), 0)).toBe(isIPv4(text))
      }),
      { numRuns: 5_000 },
    )
  })

  test('a text becomes octets and the octets that text again', () => {
    fc.assert(
      fc.property(fc.ipV4(), (text) => {
        const bytes = Buffer.alloc(6)
        expect(writeIpv4(text, bytes, 1)).toBe(true)
        expect(ipv4Text(bytes, 1)).toBe(text)
        expect([...bytes.subarray(1, 5)].join('.')).toBe(text)
      }),
    )
  })
})

describe('IPv6', () => {
  const groups = fc
    .array(
      fc.oneof(
        fc.constant('0'),
        fc.nat(0xffff).map((value) => value.toString(16)),
      ),
      { minLength: 8, maxLength: 8 },
    )
    .map((each) => each.join(':'))
  const mapped = fc.ipV4().map((text) => `::ffff:${text}`)
  const compatible = fc.ipV4().map((text) => `::${text}`)
  const address = fc.oneof(fc.ipV6(), groups, mapped, compatible, fc.constantFrom('::', '::1', '1::', '0:0::0:1'))

  test('what Node.js takes for an address is one, and nothing else', () => {
    const likely = fc.string({ unit: fc.constantFrom(...'01afg::.'), maxLength: 12 })
    const parts = fc
      .array(fc.constantFrom('', '', '0', '1', 'ffff', 'FfFf', '12345', 'g', '1.2.3.4', '1.2.3', '01.2.3.4'), {
        maxLength: 9,
      })
      .map((each) => each.join(':'))
    const zone = fc.tuple(address, fc.constantFrom('%', '%eth0', '%1')).map(([text, end]) => text + end)
    fc.assert(
      fc.property(fc.oneof(address, likely, parts, zone), (text) => {
        expect([text, writeIpv6(text, Buffer.alloc(16), 0)]).toEqual([text, isIPv6(text)])
      }),
      { numRuns: 20_000 },
    )
  })

  test('a text becomes octets, and these the text that Node.js writes', () => {
    fc.assert(
      fc.property(address, fc.nat(255), (text, filler) => {
        const bytes = Buffer.alloc(20, filler)
        expect(writeIpv6(text, bytes, 2)).toBe(true)
        expect(ipv6Text(bytes, 2)).toBe(new SocketAddress({ address: text, family: 'ipv6' }).address)
        expect([bytes[1], bytes[18]]).toEqual([filler, filler])
      }),
      { numRuns: 5_000 },
    )
  })
})
