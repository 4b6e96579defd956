import { BlockList } from 'node:net'
import type { MiPeer } from '@mi/contract'
import { describe, expect, test } from 'vitest'
import { type HttpOptions, hashPassword, hashToken } from '../src/index.js'
import { call, type Reply, serve, until } from './support/fixture.js'

const JSON_TYPE = { 'Content-Type': 'application/json' }
const TOKEN = 'a-token-that-is-long-enough'
/** Hashing is slow on purpose. */
const SECRET = await hashPassword('s:ecret')

/** A server whose command tells who asks. */
async function secured(options: HttpOptions) {
  const peers: MiPeer[] = []
  const fixture = await serve(options, { who: (_, { peer }) => void peers.push(peer) })
  const send = (headers: Readonly<Record<string, string>> = {}, more = {}): Promise<Reply> =>
    fixture.ask({ headers: { ...JSON_TYPE, ...headers }, body: call('t:who'), ...more })
  return { ...fixture, peers, send }
}

const basic = (user: string, password: string) => ({
  Authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
})

describe('the name of the server in a request', () => {
  test.each([
    '127.0.0.1',
    '127.0.0.1:8888',
    '[::1]:8888',
    'localhost',
    'LOCALHOST:80',
    'a.localhost',
    'mi.example.org',
    'mi.example.org.:443',
  ])('%s is served', async (Host) => {
    const { send } = await secured({ hosts: ['mi.example.org'] })
    expect((await send({ Host })).status).toBe(200)
  })

  test.each([
    'evil.example',
    'mi.example.org.evil.example',
    '127.0.0.1.evil.example',
    'localhost.evil',
    '[::1',
    'mi.example.org:80:80',
    '[mi.example.org]',
  ])('%s is refused with 421, and counted: a page of a foreign site may have pointed it here', async (Host) => {
    const { send, drops } = await secured({ hosts: ['mi.example.org'] })
    expect((await send({ Host: 'localhost' })).status).toBe(200)
    const { status, text } = await send({ Host })
    expect([status, text]).toEqual([421, expect.stringContaining('option hosts')])
    expect(drops('foreign_host')).toBe(1)
  })
})

test('a request of HTTP/1.1 without the name of a server is refused, one of HTTP/1.0 needs none', async () => {
  const { raw } = await secured({})
  const request = (version: string): string =>
    `POST /mi HTTP/${version}\r\nContent-Type: application/json\r\nContent-Length: ${call('t:who').length}\r\n\r\n${call('t:who')}`
  const [refused, served] = [await raw(request('1.1')), await raw(request('1.0'))]
  await until('421', () => refused.text().startsWith('HTTP/1.1 421 '))
  await until('200', () => served.text().startsWith('HTTP/1.1 200 '))
})

describe('the page that sends a request', () => {
  test('may be one of this server', async () => {
    const { send } = await secured({})
    expect((await send({ Host: 'localhost:8888', Origin: 'http://localhost:8888' })).status).toBe(200)
  })

  test.each(['https://evil.example', 'null', 'http://localhost:9999', 'http://localhost:8888.evil.example'])(
    'is refused as one of a foreign site: %s',
    async (Origin) => {
      const { send, drops, peers } = await secured({ cors: ['https://noc.example.org'] })
      const { status, text, headers } = await send({ Host: 'localhost:8888', Origin })
      expect([status, text]).toEqual([403, expect.stringContaining('option cors')])
      expect(headers['access-control-allow-origin']).toBeUndefined()
      expect([drops('foreign_origin'), peers.length]).toEqual([1, 0])
    },
  )

  test('may be one of cors, and can read replies and refusals', async () => {
    const Origin = 'https://noc.example.org'
    const { send, ask } = await secured({ cors: [Origin] })
    const sent: Record<string, string>[] = [{ Origin }, { Origin, 'Content-Type': 'text/plain' }]
    for (const headers of sent) {
      expect((await send(headers)).headers).toMatchObject({ 'access-control-allow-origin': Origin, vary: 'Origin' })
    }
    const preflight = await ask({
      method: 'OPTIONS',
      headers: { Origin, 'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': 'content-type' },
    })
    expect([preflight.status, preflight.text]).toEqual([204, ''])
    expect(preflight.headers).toMatchObject({
      'access-control-allow-origin': Origin,
      'access-control-allow-methods': 'GET, POST',
      'access-control-allow-headers': 'authorization, content-type, last-event-id',
    })
    expect((await ask({ method: 'OPTIONS', headers: { Origin: 'https://evil.example' } })).status).toBe(403)
  })
})

describe('the address of a peer', () => {
  test('must be in allow', async () => {
    const { send, drops } = await secured({ allow: ['10.0.0.0/8'] })
    const { status, text } = await send()
    expect([status, text]).toEqual([403, expect.stringContaining('127.0.0.1 may not use this server')])
    expect(drops('not_allowed')).toBe(1)
    const list = new BlockList()
    list.addAddress('127.0.0.1')
    expect((await (await secured({ allow: list })).send()).status).toBe(200)
  })

  test.each([
    ['10.1.2.3', '10.1.2.3'],
    ['192.0.2.66, 10.1.2.3', '10.1.2.3'],
    ['192.0.2.66, 10.1.2.3, 127.0.0.2', '10.1.2.3'],
    ['::ffff:10.1.2.3', '10.1.2.3'],
    ['fd00::1', 'fd00::1'],
    ['127.0.0.2, 127.0.0.3', '127.0.0.1'],
  ])('is the last in X-Forwarded-For that is no trusted proxy: %s', async (forwarded, address) => {
    const { send, peers } = await secured({ trustedProxies: ['127.0.0.0/8'] })
    expect((await send({ 'X-Forwarded-For': forwarded })).status).toBe(200)
    expect(peers[0]?.source?.address).toBe(address)
  })

  test('is not what X-Forwarded-For says, unless a trusted proxy says it', async () => {
    const { send, peers } = await secured({ trustedProxies: ['10.0.0.1'], allow: ['127.0.0.1'] })
    expect((await send({ 'X-Forwarded-For': '10.9.9.9' })).status).toBe(200)
    expect(peers[0]).toMatchObject({ transport: 'http', source: { address: '127.0.0.1' } })
    expect(peers[0]?.address).toMatch(/^http:127\.0\.0\.1:\d+$/)
    const proxied = await secured({ trustedProxies: ['127.0.0.1'], allow: ['10.0.0.0/8'] })
    expect((await proxied.send({ 'X-Forwarded-For': '10.9.9.9' })).status).toBe(200)
    expect(proxied.peers[0]?.address).toBe('http:10.9.9.9')
    expect((await proxied.send({ 'X-Forwarded-For': '10.9.9.9, 192.0.2.1' })).status).toBe(403)
    expect((await proxied.send({ 'X-Forwarded-For': 'unknown' })).status).toBe(400)
    expect((await proxied.send()).status).toBe(403)
  })
})

describe('with auth,', () => {
  test('a user with the right password is let in, and is the user of the peer', async () => {
    const { send, peers, drops } = await secured({ auth: { users: { älice: SECRET } } })
    expect((await send(basic('älice', 's:ecret'))).status).toBe(200)
    expect(peers[0]?.user).toBe('älice')
    // From memory.
    expect((await send(basic('älice', 's:ecret'))).status).toBe(200)
    for (const wrong of [basic('älice', 's:ecreT'), basic('bob', 's:ecret'), basic('__proto__', 'x')]) {
      expect((await send(wrong)).status).toBe(401)
    }
    expect([drops('login_failed'), peers.length]).toEqual([3, 2])
  })

  test('a token is let in, and names its user', async () => {
    const { send, peers } = await secured({ auth: { tokens: { ci: hashToken(TOKEN), other: hashToken(`${TOKEN}2`) } } })
    expect((await send({ Authorization: `bearer ${TOKEN}` })).status).toBe(200)
    expect(peers[0]?.user).toBe('ci')
    expect((await send({ Authorization: `Bearer ${TOKEN}3` })).status).toBe(401)
  })

  test.each([
    ['nothing', undefined],
    ['another scheme', 'Digest username="a"'],
    ['no colon', `Basic ${Buffer.from('alice').toString('base64')}`],
    ['no base64', 'Basic ***'],
    ['an empty token', 'Bearer '],
  ])('%s in the header Authorization gets 401 and what to send', async (_, Authorization) => {
    const { send, drops } = await secured({ auth: { check: () => 'somebody', realm: 'My MI' } })
    const { status, headers, text } = await send(Authorization === undefined ? {} : { Authorization })
    expect([status, headers['www-authenticate']]).toEqual([
      401,
      'Basic realm="My MI", charset="UTF-8", Bearer realm="My MI"',
    ])
    expect(text).toContain('curl: -u USER')
    expect(drops('unauthorized')).toBe(1)
  })

  test('a function decides, and refuses when it fails', async () => {
    const asked: unknown[] = []
    const { send, peers, lines } = await secured({
      auth: {
        check: async (credentials) => {
          asked.push(credentials)
          if (credentials.type === 'basic' && credentials.user === 'broken') throw new Error('database is away')
          return credentials.type === 'bearer' ? 'by token' : undefined
        },
      },
    })
    expect((await send({ Authorization: 'Bearer abc' })).status).toBe(200)
    expect(peers[0]?.user).toBe('by token')
    expect((await send(basic('alice', 'x'))).status).toBe(401)
    const failed = await send(basic('broken', 'x'))
    expect([failed.status, failed.text.includes('database')]).toEqual([401, false])
    expect(lines).toContainEqual(
      expect.objectContaining({ level: 'error', text: 'auth.check failed; the request is refused' }),
    )
    expect(asked).toContainEqual({ type: 'basic', user: 'alice', password: 'x' })
  })

  test('a function that never answers refuses after checkTimeoutMs, and is logged', async () => {
    const { send, lines, drops } = await secured({
      auth: { check: () => new Promise(() => undefined), checkTimeoutMs: 50 },
    })
    expect((await send({ Authorization: 'Bearer abc' })).status).toBe(401)
    expect(drops('login_failed')).toBe(1)
    const line = lines.find(({ text }) => text === 'auth.check failed; the request is refused')
    expect(String(line?.fields.err)).toContain('auth.check took longer than 50 ms (auth.checkTimeoutMs)')
  })

  test('a function is not called without end for one address: others are asked for meanwhile', async () => {
    const answers: ((user: string) => void)[] = []
    const { raw, ask, drops } = await secured({
      maxConcurrent: 10,
      trustedProxies: ['127.0.0.1'],
      auth: {
        check: (credentials) =>
          credentials.type === 'bearer' && credentials.token === 'good'
            ? 'good'
            : new Promise((resolve) => answers.push(resolve)),
      },
    })
    const headers = 'Host: localhost\r\nX-Forwarded-For: 192.0.2.1\r\nAuthorization: Bearer abc\r\n'
    await raw(`GET /mi/openrpc.json HTTP/1.1\r\n${headers}\r\n`.repeat(100))
    await until('the others to be refused', () => drops() === 95)
    expect(drops('too_many_logins')).toBeGreaterThan(0)
    expect(answers.length).toBe(5)
    const good = { Authorization: 'Bearer good', 'X-Forwarded-For': '192.0.2.2', 'Content-Type': 'application/json' }
    expect((await ask({ headers: good, body: call('t:who') })).status).toBe(200)
    for (const answer of answers) answer('somebody')
  })

  test('the credentials come before the body, the path, and what the commands say', async () => {
    const { send, ask } = await secured({ auth: { tokens: { ci: hashToken(TOKEN) } } })
    expect((await send({ 'Content-Type': 'text/plain' })).status).toBe(401)
    expect((await ask({ body: 'x'.repeat(2_000_000) })).status).toBe(401)
  })

  test('many wrong passwords at the same time cost a few threads: further ones get 429, and who was right before is served', async () => {
    const { send, drops } = await secured({ auth: { users: { alice: SECRET } } })
    expect((await send(basic('alice', 's:ecret'))).status).toBe(200)
    const attack = Array.from({ length: 30 }, (_, count) => send(basic('alice', `guess ${count}`)))
    expect((await send(basic('alice', 's:ecret'))).status).toBe(200)
    const statuses = (await Promise.all(attack)).map(({ status }) => status)
    expect(new Set(statuses)).toEqual(new Set([401, 429]))
    expect(drops('too_many_logins')).toBe(statuses.filter((status) => status === 429).length)
  })

  test('many connections with the same password ask for one check', async () => {
    const { send } = await secured({ auth: { users: { alice: SECRET } } })
    const replies = await Promise.all(Array.from({ length: 30 }, () => send(basic('alice', 's:ecret'))))
    expect(replies.map(({ status }) => status)).toEqual(replies.map(() => 200))
  })
})

describe('hashes', () => {
  test('differ each time for passwords, and have the form that auth takes', async () => {
    const [one, two] = [SECRET, await hashPassword('s:ecret')]
    expect(one).toMatch(/^\$scrypt\$ln=15,r=8,p=3\$[\w+/]{22}\$[\w+/]{43}$/)
    expect(one).not.toBe(two)
    await expect(hashPassword('')).rejects.toThrow('the password is empty')
    expect(hashToken(TOKEN)).toMatch(/^\$sha256\$[\w+/]{43}$/)
    expect(() => hashToken('short')).toThrow('at least 16 characters')
  })
})

test('a server that others can reach warns once, unless it has auth and TLS, or allow', async () => {
  const warnings = async (options: HttpOptions) =>
    (await secured({ host: '0.0.0.0', ...options })).lines.flatMap(({ level, text }) =>
      level === 'warn' ? [text] : [],
    )
  expect(await warnings({})).toEqual([
    "everyone who can reach this port may run every command; give `auth`, or `allow` such as ['127.0.0.1', '10.0.0.0/8'], or listen on a loopback address",
  ])
  expect(await warnings({ auth: { tokens: { ci: hashToken(TOKEN) } } })).toEqual([
    'passwords and tokens cross the network unencrypted; give `tls`, or listen on a loopback address behind a proxy',
  ])
  expect(await warnings({ allow: ['127.0.0.1'] })).toEqual([])
  expect(await warnings({ host: 'localhost' })).toEqual([])
})
