import { isIPv4, isIPv6 } from 'node:net'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseSocketName } from '../src/socket-name.js'

test.each([
  ['/run/app/mi.sock', { type: 'unix', path: '/run/app/mi.sock' }],
  ['./mi.sock', { type: 'unix', path: './mi.sock' }],
  ['../mi.sock', { type: 'unix', path: '../mi.sock' }],
  ['udp:127.0.0.1:8080', { type: 'udp', host: '127.0.0.1', port: 8080 }],
  ['udp:[::1]:1024', { type: 'udp', host: '::1', port: 1024 }],
  ['udp:[fe80::1%eth0]:65535', { type: 'udp', host: 'fe80::1%eth0', port: 65535 }],
  ['udp:mi.example.org:8080', { type: 'udp', host: 'mi.example.org', port: 8080 }],
  ['udp:my_host-2:8080', { type: 'udp', host: 'my_host-2', port: 8080 }],
])('%s is taken apart', (name, expected) => {
  expect(parseSocketName(name)).toEqual(expected)
})

describe('the error names what is wrong with', () => {
  test.each<[string, unknown, ErrorConstructor, string]>([
    [
      'a name that is missing',
      undefined,
      TypeError,
      "socketName is missing; give a path such as '/run/app/mi.sock', or 'udp:HOST:PORT'",
    ],
    ['an empty name', '', TypeError, 'socketName is missing'],
    ['a name that is no text', 8080, TypeError, 'socketName must be a string'],
    ['a name that is neither form', 'mi.sock', TypeError, 'has neither of its forms: a path such as'],
    ['another scheme', 'tcp:127.0.0.1:8080', TypeError, 'has neither of its forms'],
    ['a scheme before a path', 'unix:/tmp/x', TypeError, 'has neither of its forms'],
    ['a directory', '/run/app/', TypeError, 'names a directory'],
    ['a parent directory', '/run/app/..', TypeError, 'names a directory'],
    ['a NUL', '/run/\0', TypeError, 'NUL'],
    [
      'a path that is too long',
      `/${'é'.repeat(54)}`,
      RangeError,
      'the path has 109 bytes, and the system takes 107 at most',
    ],
    ['a port that is missing', 'udp:127.0.0.1', TypeError, 'there is no port'],
    ['an empty port', 'udp:127.0.0.1:', RangeError, 'the port "" must be a number from 1024 to 65535'],
    ['a port below 1024', 'udp:127.0.0.1:1023', RangeError, 'the port "1023" must be a number from 1024'],
    ['a port above 65535', 'udp:127.0.0.1:65536', RangeError, 'the port "65536"'],
    ['a port that is no number', 'udp:127.0.0.1:8o8o', RangeError, 'the port "8o8o"'],
    ['a signed port', 'udp:127.0.0.1:+8080', RangeError, 'the port "+8080"'],
    ['a host that is missing', 'udp::8080', TypeError, 'the host is missing'],
    ['an IPv6 address without brackets', 'udp:::1:8080', TypeError, 'put an IPv6 address in brackets'],
    ['brackets without IPv6 address', 'udp:[127.0.0.1]:8080', TypeError, 'the host "127.0.0.1" is not an IPv6 address'],
    [
      'an IPv4 address out of range',
      'udp:127.0.0.256:8080',
      TypeError,
      'the host "127.0.0.256" is not an IPv4 address',
    ],
    ['a host name with a space', 'udp:my host:8080', TypeError, 'the host "my host" is not a host name'],
    ['a host name of odd characters', 'udp:-a:8080', TypeError, 'the host "-a" is not a host name'],
  ])('%s', (_, name, error, message) => {
    expect(() => parseSocketName(name, 'linux')).toThrow(error)
    expect(() => parseSocketName(name, 'linux')).toThrow(message)
  })
})

test('a path may be shorter elsewhere than on Linux', () => {
  const path = `/${'x'.repeat(103)}`
  expect(parseSocketName(path, 'linux')).toEqual({ type: 'unix', path })
  expect(() => parseSocketName(path, 'darwin')).toThrow('the system takes 103 at most')
})

test('any address and port come back as they were put in', () => {
  const port = fc.integer({ min: 1_024, max: 65_535 })
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6(), fc.domain()), port, (host, number) => {
      const name = isIPv6(host) ? `udp:[${host}]:${number}` : `udp:${host}:${number}`
      expect(parseSocketName(name)).toEqual({ type: 'udp', host, port: number })
    }),
  )
})

test('whatever text is given, it is refused with a TypeError or RangeError, or taken as what it says', () => {
  const text = fc.oneof(
    fc.string(),
    fc.string({ unit: fc.constantFrom(...'udp:[]./1270%a \0') }),
    fc.string({ unit: fc.constantFrom(...'[]:.1f0') }).map((rest) => `udp:${rest}:8080`),
  )
  fc.assert(
    fc.property(text, (name) => {
      let parsed: ReturnType<typeof parseSocketName>
      try {
        parsed = parseSocketName(name)
      } catch (error) {
        expect(error instanceof TypeError || error instanceof RangeError).toBe(true)
        return
      }
      if (parsed.type === 'unix') {
        expect(parsed.path).toBe(name)
        return
      }
      const { host, port } = parsed
      expect(`udp:${isIPv6(host) ? `[${host}]` : host}:`).toBe(name.slice(0, name.lastIndexOf(':') + 1))
      expect(port >= 1_024 && port <= 65_535).toBe(true)
      expect(isIPv4(host) || isIPv6(host) || /^[\w.-]+$/.test(host)).toBe(true)
    }),
    { numRuns: 2_000 },
  )
})
