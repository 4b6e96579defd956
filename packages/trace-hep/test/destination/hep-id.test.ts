import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseHepId } from '../../src/destination/hep-id.js'

const usual = { name: 'hep_dst', host: '10.0.0.2', port: 9060, transport: 'tcp', version: 3 }

describe('a destination as OpenSIPS writes it', () => {
  test('has the defaults of OpenSIPS for what it leaves out', () => {
    expect(parseHepId('[hep_dst]10.0.0.2')).toEqual(usual)
  })

  test.each([
    ['[hep_dst]10.0.0.2:9061;transport=udp;version=2', { port: 9061, transport: 'udp', version: 2 }],
    ['[hep_dst]10.0.0.2;version=1;transport=TLS', { transport: 'tls', version: 1 }],
    ['[hep_dst]10.0.0.2:0', {}],
    ['[hep_dst]10.0.0.2:09061', { port: 9061 }],
    ['[hep_dst]10.0.0.2;', {}],
    ['[hep_dst]10.0.0.2;transport=udp;transport=tcp', {}],
    [' [ hep_dst ] 10.0.0.2:9061 ; transport = Udp ; version = 3 ; ', { port: 9061, transport: 'udp' }],
    ['[]10.0.0.2', { name: '' }],
    ['[hep_dst]capture-1.example_net.org', { host: 'capture-1.example_net.org' }],
    ['[hep_dst][2001:db8::1]:9061', { host: '2001:db8::1', port: 9061 }],
    ['[hep_dst][::1];transport=udp', { host: '::1', transport: 'udp' }],
  ])('%s is read', (text, differences) => {
    expect(parseHepId(text)).toEqual({ ...usual, ...differences })
  })

  test.each([
    ['10.0.0.2', 'the name is missing'],
    ['[hep_dst 10.0.0.2', "the name has no ']'"],
    ['[hep dst]10.0.0.2', 'the name "hep dst" must not contain blanks'],
    ['[hep_dst]', 'the host is missing'],
    ['[::1]:9060', 'the host is missing'],
    ['[hep_dst];transport=udp', 'the host is missing'],
    ['[hep_dst]transport=udp;10.0.0.2', 'the host is missing'],
    ['[hep_dst]::1', 'an IPv6 address goes in brackets'],
    ['[hep_dst]fe80::1:9060', 'an IPv6 address goes in brackets'],
    ['[hep_dst][10.0.0.2]', 'the host "10.0.0.2" is not an IPv6 address'],
    ['[h]udp:10.0.0.2:9060', '"udp:" is not part of a destination'],
    ['[h]hep:10.0.0.2', '"hep:" is not part of a destination'],
    ['[tid]uri=hep:hep_dst', 'is a trace_id of the module tracer'],
    ['[hep_dst]10.0.0.256', 'the host "10.0.0.256" is not an IPv4 address'],
    ['[hep_dst]a b', 'the host "a b" is not an IPv4 address or a host name'],
    ['[hep_dst]10.0.0.2 : 9060', 'the host "10.0.0.2 " is not'],
    ['[hep_dst]10.0.0.2:', 'the port after the colon is missing'],
    ['[hep_dst]10.0.0.2:hep', 'the port "hep" is not a decimal number'],
    ['[hep_dst]10.0.0.2: 9060', 'the port " 9060" is not a decimal number'],
    ['[hep_dst]10.0.0.2:65536', 'the port 65536 is over 65535'],
    ['[hep_dst]10.0.0.2;;version=3', 'an empty parameter'],
    ['[hep_dst]10.0.0.2;;', 'an empty parameter'],
    ['[hep_dst]10.0.0.2;version', 'the parameter "version" has no \'=\''],
    ['[hep_dst]10.0.0.2;version=', 'the parameter "version" has no value'],
    ['[hep_dst]10.0.0.2;Version=3', 'unknown key "Version"'],
    ['[hep_dst]10.0.0.2;transport=sctp', 'the transport "sctp" must be'],
    ['[hep_dst]10.0.0.2;version=4', 'the version "4" must be'],
    ['[hep_dst]10.0.0.2;version=03', 'the version "03" must be'],
  ])('%s is refused, naming what is wrong', (text, reason) => {
    expect(() => parseHepId(text)).toThrow(reason)
    expect(() => parseHepId(text)).toThrow(/^hep\(\): /)
  })

  const blank = fc.constantFrom('', ' ', '\t', '  ')
  const name = fc.stringMatching(/^[A-Za-z0-9_.:-]{0,12}$/)
  const host = fc.oneof(
    fc.ipV4().map((address) => [address, address] as const),
    fc.ipV6().map((address) => [`[${address}]`, address] as const),
    fc.stringMatching(/^[a-z][a-z0-9._-]{0,20}$/).map((each) => [each, each] as const),
  )
  const transport = fc.constantFrom('udp', 'tcp', 'tls')
  const version = fc.constantFrom(1, 2, 3)

  test('is read whatever the blanks, the letters of the transport and the order', () => {
    const anyCase = fc
      .tuple(transport, fc.boolean())
      .map(([text, upper]) => [upper ? text.toUpperCase() : text, text] as const)
    fc.assert(
      fc.property(
        name,
        host,
        fc.option(fc.integer({ min: 0, max: 65_535 })),
        anyCase,
        version,
        blank,
        fc.boolean(),
        (...all) => {
          const [named, [written, meant], port, [shownTransport, meantTransport], number, b, swapped] = all
          const place = port === null ? written : `${written}:${port}`
          const parameters = [`transport${b}=${b}${shownTransport}`, `version${b}=${b}${number}`]
          if (swapped) parameters.reverse()
          const text = `${b}[${b}${named}${b}]${b}${place}${b};${b}${parameters.join(`${b};${b}`)}${b}`
          expect(parseHepId(text)).toEqual({
            name: named,
            host: meant,
            port: port || 9060,
            transport: meantTransport,
            version: number,
          })
        },
      ),
    )
  })

  test('is a TypeError or RangeError, and nothing else, when it is not read', () => {
    const noise = fc.array(
      fc.constantFrom('[', ']', ':', ';', '=', ' ', '1', '.', 'a', 'transport', 'version', 'udp', '::1'),
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          noise.map((parts) => parts.join('')),
          noise.map((parts) => `[n]${parts.join('')}`),
        ),
        (text) => {
          try {
            const { port, transport: found } = parseHepId(text)
            expect(port).toBeGreaterThan(0)
            expect(['udp', 'tcp', 'tls']).toContain(found)
          } catch (error) {
            expect(error instanceof TypeError || error instanceof RangeError).toBe(true)
          }
        },
      ),
      { numRuns: 2_000 },
    )
  })
})
