import { describe, expect, test } from 'vitest'
import { resolveDestinations } from '../../src/destination/destination-options.js'

const one = (...args: Parameters<typeof resolveDestinations>) => resolveDestinations(...args)[0]

describe('the options of destinations', () => {
  test('have the defaults of OpenSIPS', () => {
    expect(one({ host: '10.0.0.2' }, {})).toMatchObject({
      name: 'hep_dst',
      host: '10.0.0.2',
      port: 9060,
      transport: 'tcp',
      version: 3,
      captureId: 1,
      format: 'homer5',
      homer5Delim: ':',
      maxParameterBytes: 127,
      maxReplyBytes: 128,
      maxQueued: 1_024,
      hepMaxRetries: 5,
      hepRetryCooldownMs: 60_000,
    })
  })

  test('are the same whether written as a text or as an object', () => {
    const options = { name: 'a', host: '::1', port: 9061, transport: 'udp', version: 2 } as const
    expect(one('[a][::1]:9061;transport=udp;version=2', {})).toEqual(one(options, {}))
    expect(one({ ...options, host: '[::1]' }, {})).toEqual(one(options, {}))
  })

  test('of a destination go before those of all, and undefined is no option', () => {
    const shared = { captureId: 7, maxFieldBytes: 10, homer5On: false }
    expect(one({ host: 'a', captureId: 8, maxFieldBytes: undefined }, shared)).toMatchObject({
      captureId: 8,
      maxParameterBytes: 10,
      maxReplyBytes: 10,
      format: 'homer6',
    })
  })

  test.each([1, 2] as const)('turn version %i over TCP or TLS into UDP', (version) => {
    for (const transport of ['tcp', 'tls'] as const) {
      const expected = { transport: 'udp', refusedTransport: transport }
      expect(one({ host: 'a', version, transport }, {})).toMatchObject(expected)
      expect(one(`[n]a;version=${version};transport=${transport}`, {})).toMatchObject(expected)
    }
    expect(one(`[n]a;version=${version};transport=udp`, {})?.refusedTransport).toBeUndefined()
  })

  test('name destinations that have none, and refuse two of one name', () => {
    expect(resolveDestinations(['[]a', { host: 'b' }, '[c]c'], {}).map(({ name }) => name)).toEqual([
      'hep_dst',
      'hep_dst2',
      'c',
    ])
    expect(() => resolveDestinations(['[a]x', { name: 'a', host: 'y' }], {})).toThrow('two destinations are called "a"')
  })

  test.each([
    [[], /at least one destination/],
    [{ host: '' }, /the host is missing/],
    [{ host: 'a b' }, /not an IPv4 address or a host name/],
    [{ host: 'a', port: 65_536 }, /port must be an integer from 0 to 65535/],
    [{ host: 'a', name: 'x y' }, /the name "x y" must not contain blanks/],
    [{ host: 'a', captureId: -1 }, /captureId must be an integer/],
    [{ host: 'a', version: 2, captureId: 65_536 }, /captureId 65536 is over 65535/],
    [{ host: 'a', maxFieldBytes: 0.5 }, /maxFieldBytes must be an integer/],
    [{ host: 'a', maxQueued: 0 }, /maxQueued must be an integer from 1/],
    [{ host: 'a', hepMaxRetries: -1 }, /hepMaxRetries/],
    [{ host: 'a', hepRetryCooldown: Number.NaN }, /hepRetryCooldown must be a number of seconds/],
    [{ host: 'a', format: 'homer6', homer5On: true }, /contradicts format 'homer6'/],
    [{ host: 'a', authKey: 'x'.repeat(1_025) }, /authKey must have at most 1024 bytes/],
    [{ host: 'a', hep_capture_id: 1 }, /unknown option 'hep_capture_id'/],
    [{ host: 'a', retryMS: 1 }, /unknown option 'retryMS'; did you mean 'retryMs'/],
    [{ host: 'a', transport: 'tls', tls: { cert: 'no certificate' } }, /^hep\(\): tls: /],
  ] as const)('%j are refused', (destination, reason) => {
    expect(() => resolveDestinations(destination, {})).toThrow(reason)
  })

  test('check what no type keeps out', () => {
    for (const wrong of [
      null,
      5,
      {},
      { host: 'a', transport: 'sctp' },
      { host: 'a', version: 4 },
      { host: 'a', v2Time: 'x' },
    ]) {
      expect(() => resolveDestinations(JSON.parse(JSON.stringify(wrong)), {})).toThrow(TypeError)
    }
  })
})
