import { describe, expect, test } from 'vitest'
import { type HttpOptions, http } from '../src/index.js'

/** Values of callers without TypeScript. */
const made = (options: unknown) => () => http(options as HttpOptions)

describe('an option that cannot work is refused when the transport is made, with what to give:', () => {
  test.each([
    [{ prot: 1 }, "http(): unknown option 'prot'; did you mean 'port'?"],
    [{ port: 70_000 }, 'http(): port must be an integer from 0 to 65535, not 70000'],
    [{ host: 'http://localhost' }, "http(): host must be an address or a host name, such as '127.0.0.1'"],
    [{ host: '[::1]' }, 'not "[::1]"'],
    [
      { root: 'mi?x' },
      "http(): root must be a path of letters, digits, '_', '-', '.' and '/', such as 'mi', not \"mi?x\"",
    ],
    [{ root: '' }, 'http(): root must be a path'],
    [{ parseErrors: 'text' }, "http(): unknown option 'parseErrors'"],
    [{ allow: [] }, 'http(): allow is empty and would let nobody in; omit it to let everyone in'],
    [{ allow: ['example.org'] }, "http(): allow: 'example.org' is not an IP address or range"],
    [
      { allow: '127.0.0.1' },
      "http(): allow must be a list of addresses such as ['127.0.0.1', '10.0.0.0/8'], or a BlockList",
    ],
    [{ trustedProxies: [1] }, 'http(): trustedProxies must be a list of addresses'],
    [{ cors: ['*'] }, "http(): cors must hold origins such as 'https://noc.example.org'"],
    [{ cors: ['https://noc.example.org/'] }, 'without a path'],
    [
      { hosts: ['https://mi.example.org'] },
      "http(): hosts must hold host names without scheme and port, such as 'mi.example.org'",
    ],
    [{ headersTimeoutMs: 50_000 }, 'http(): headersTimeoutMs (50000) must not be more than requestTimeoutMs (30000)'],
    [{ maxRequestBytes: 0 }, 'http(): maxRequestBytes must be an integer from 1 up, not 0'],
    [{ auth: {} }, 'http(): auth has no users, tokens or check and would let nobody in'],
    [
      { auth: { users: { alice: 'secret' } } },
      "http(): auth.users: the value for 'alice' is not a hash that hashPassword() made",
    ],
    [
      { auth: { users: { alice: '$scrypt$ln=22,r=8,p=1$c2FsdHNhbHRzYWx0c2FsdA$c2FsdHNhbHRzYWx0c2FsdA' } } },
      'is not a hash that',
    ],
    [
      { auth: { tokens: { ci: 'secret' } } },
      "http(): auth.tokens: the value for 'ci' is not a hash that hashToken() made",
    ],
    [{ auth: { check: true } }, 'http(): auth.check must be a function, not true'],
    [{ auth: { check: () => 'x', realm: 'a"b' } }, 'http(): auth.realm must be plain ASCII text without quotes'],
    [{ auth: { user: {} } }, "http(): auth: unknown option 'user'; did you mean 'users'?"],
    [{ tls: {} }, 'http(): tls needs cert and key, the texts of the PEM files, or pfx'],
    [{ tls: { cert: 'x', key: 'y', clientCertificates: 'request' } }, 'http(): tls.clientCertificates needs tls.ca'],
    [{ tls: { cert: 'x', key: 'y', ca: 'z', clientCertificates: true } }, '"request" or "require", not true'],
  ])('%j', (options, message) => {
    expect(made(options)).toThrow(message)
  })
})

test('a message does not show what may be a password', () => {
  expect(made({ auth: { users: { alice: 'secret' } } })).toThrow(/^(?!.*secret)/s)
})

test('without options it is made for the address of mi_http, and opens nothing', () => {
  const transport = http()
  expect([transport.name, transport.address]).toEqual(['http', 'http://127.0.0.1:8888/mi'])
  expect(transport.settings).toMatchObject({ backend: 'json', parseErrors: 'jsonrpc' })
  expect(http({ host: '::1', port: 80, root: '/api' }).address).toBe('http://[::1]:80/api')
})

test.each([
  [{ host: '192.0.2.1' }, '; this machine has no such address: give one that it has as host'],
  [{ host: 'no-such-host.invalid' }, '; the host name cannot be resolved: correct host or give an address'],
])('%j rejects with the hint: %s', async (options, hint) => {
  const dispatcher = { drop() {}, log: { warn() {} } } as never
  await expect(http(options).listen(dispatcher)).rejects.toMatchObject({
    code: 'MI_LISTEN',
    message: expect.stringContaining(hint),
  })
})
