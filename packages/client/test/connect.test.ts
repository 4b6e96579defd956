import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { connect } from '../src/index.js'
import { parseMiUrl } from '../src/mi-url.js'
import { failureOf } from './support/failure.js'
import { fixture } from './support/fixture.js'
import { httpFixture } from './support/over.js'
import { resultText } from './support/responder.js'
import { udpFixture } from './support/udp-fixture.js'
import { freePort } from './support/udp-responder.js'
import { unixFixture } from './support/unix-fixture.js'

const { MI_URL } = process.env
afterEach(() => {
  if (MI_URL === undefined) delete process.env.MI_URL
  else process.env.MI_URL = MI_URL
})

describe('connect()', () => {
  test('asks a FIFO', async () => {
    await using at = await fixture()
    at.server.on('pwd', ({ id, reply }) => reply(resultText(id, 'fifo')))
    for (const url of [`fifo:${at.fifoName}`, `fifo://${at.fifoName}`]) {
      await using client = connect(url, { fifo: { replyDir: at.replyDir } })
      expect(await client.call('pwd')).toBe('fifo')
    }
  })

  test('asks over UDP', async () => {
    await using at = await udpFixture()
    at.server.on('pwd', ({ id, reply }) => reply(resultText(id, 'udp')))
    for (const url of [`udp:127.0.0.1:${at.port}`, `udp://127.0.0.1:${at.port}/`]) {
      await using client = connect(url)
      expect(await client.call('pwd')).toBe('udp')
    }
  })

  test('asks over a UNIX socket', async () => {
    await using at = await unixFixture()
    at.server.on('pwd', ({ id, reply }) => reply(resultText(id, 'unix')))
    await using client = connect(`unix:${at.path}`, { unix: { replyDir: at.replyDir } })
    expect(await client.call('pwd')).toBe('unix')
  })

  test('asks over HTTP', async () => {
    await using at = await httpFixture()
    at.server.on('pwd', ({ id, headers, reply }) => reply(resultText(id, headers.authorization ?? 'http')))
    await using client = connect(at.server.url)
    expect(await client.call('pwd')).toBe('http')
    await using known = connect(at.server.url, { http: { username: 'mi' } })
    expect(await known.call('pwd')).toBe('Basic bWk6')
  })

  test('takes the server from MI_URL when it is called without one, and at no other time', async () => {
    await using at = await udpFixture()
    at.server.on('pwd', ({ id, reply }) => reply(resultText(id, 'from the environment')))
    process.env.MI_URL = `udp:127.0.0.1:${at.port}`
    await using client = connect()
    await using same = connect(undefined, { timeout: 3000 })
    expect(await client.call('pwd')).toBe('from the environment')
    expect(await same.call('pwd')).toBe('from the environment')
    await using other = connect(`udp:127.0.0.1:${await freePort()}`)
    expect(await failureOf(other.call('pwd'))).toMatchObject({ code: 'MI_CONNECTION' })
  })

  test('says what to do when neither is given, and which of the two is wrong', () => {
    delete process.env.MI_URL
    expect(() => connect()).toThrow(/give the server's URL, such as 'fifo:.*', or set MI_URL/)
    process.env.MI_URL = 'nonsense'
    expect(() => connect()).toThrow(/connect\(\), MI_URL: the server must be named as 'fifo:/)
  })

  test('hands on what all clients are given', async () => {
    await using at = await udpFixture()
    await using client = connect(`udp:127.0.0.1:${at.port}`, {
      timeout: 30,
      udp: { retries: 1, retryMs: 5 },
      middleware: [(_, next) => next()],
    })
    expect(await failureOf(client.call('never'))).toMatchObject({
      code: 'MI_TIMEOUT',
      message: expect.stringContaining('30 ms'),
    })
    expect(at.server.texts.length).toBe(2)
  })

  test.each([
    '',
    'opensips_fifo',
    '/run/opensips/opensips_fifo',
    'tcp:127.0.0.1:8080',
    'udp:',
    'udp:8080',
    'udp:127.0.0.1',
    'udp:::1:8080',
    'udp:host:8080/path',
    'unix:',
    'fifo://host/path',
    'http:',
    'HTTP',
  ])('refuses %j', (url) => {
    expect(() => connect(url)).toThrow(TypeError)
  })

  test('refuses a port that is none', () => {
    expect(() => connect('udp:127.0.0.1:0')).toThrow(RangeError)
  })
})

describe('a URL', () => {
  test('of a FIFO without a path means the usual places', () => {
    expect(parseMiUrl('x', 'fifo:')).toEqual({ kind: 'fifo', fifoName: undefined })
  })

  test('takes paths, hosts and ports as they are written', () => {
    expect(parseMiUrl('x', 'unix:run/a b%20?c#d')).toEqual({ kind: 'unix', path: 'run/a b%20?c#d' })
    expect(parseMiUrl('x', 'udp:[::1]:8080')).toEqual({ kind: 'udp', host: '[::1]', port: 8080 })
    expect(parseMiUrl('x', 'udp:mi.example.org:1')).toEqual({ kind: 'udp', host: 'mi.example.org', port: 1 })
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (rest) => {
        expect(parseMiUrl('x', `fifo:/${rest.replaceAll('/', '')}`)).toEqual({
          kind: 'fifo',
          fifoName: `/${rest.replaceAll('/', '')}`,
        })
      }),
    )
  })

  test('is either taken or refused with a TypeError, which does not show it', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          parseMiUrl('x', text)
        } catch (error) {
          expect(error).toBeInstanceOf(TypeError)
        }
      }),
    )
    expect(() => parseMiUrl('x', 'htp://user:secret@host')).toThrow(/^(?!.*secret)/)
  })
})
