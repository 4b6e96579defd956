import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { http } from '../src/http/http.js'
import { createClient } from '../src/index.js'
import { parseServerUrl } from '../src/server-url.js'
import { udp } from '../src/udp/udp.js'
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

describe('createClient()', () => {
  test('asks a FIFO', async () => {
    await using at = await fixture()
    at.server.on('pwd', ({ id, reply }) => reply(resultText(id, 'fifo')))
    for (const url of [`fifo:${at.fifoName}`, `fifo://${at.fifoName}`]) {
      await using client = createClient(`${url}?reply_dir=${at.replyDir}`)
      expect(await client.call('pwd')).toBe('fifo')
    }
  })

  test('asks over UDP', async () => {
    await using at = await udpFixture()
    at.server.on('pwd', ({ id, reply }) => reply(resultText(id, 'udp')))
    for (const url of [`udp:127.0.0.1:${at.port}`, `udp://127.0.0.1:${at.port}/`]) {
      await using client = createClient(url)
      expect(await client.call('pwd')).toBe('udp')
    }
  })

  test('asks over a UNIX socket', async () => {
    await using at = await unixFixture()
    at.server.on('pwd', ({ id, reply }) => reply(resultText(id, 'unix')))
    await using client = createClient(`unix:${at.path}?reply_dir=${encodeURIComponent(at.replyDir)}`)
    expect(await client.call('pwd')).toBe('unix')
  })

  test('asks over HTTP', async () => {
    await using at = await httpFixture()
    at.server.on('pwd', ({ id, headers, reply }) => reply(resultText(id, headers.authorization ?? 'http')))
    await using client = createClient(at.server.url)
    expect(await client.call('pwd')).toBe('http')
    await using known = createClient(http({ url: at.server.url, username: 'mi' }))
    expect(await known.call('pwd')).toBe('Basic bWk6')
  })

  test('takes the server from MI_URL when it is called without one, and at no other time', async () => {
    await using at = await udpFixture()
    at.server.on('pwd', ({ id, reply }) => reply(resultText(id, 'from the environment')))
    process.env.MI_URL = `udp:127.0.0.1:${at.port}`
    await using client = createClient()
    await using same = createClient(undefined, { timeoutMs: 3000 })
    expect(await client.call('pwd')).toBe('from the environment')
    expect(await same.call('pwd')).toBe('from the environment')
    await using other = createClient(`udp:127.0.0.1:${await freePort()}`)
    expect(await failureOf(other.call('pwd'))).toMatchObject({ code: 'MI_CONNECTION' })
  })

  test('says what to do when neither is given, and which of the two is wrong', () => {
    delete process.env.MI_URL
    expect(() => createClient()).toThrow(/give the server's URL, such as 'fifo:.*', or set MI_URL/)
    process.env.MI_URL = 'nonsense'
    expect(() => createClient()).toThrow(/createClient\(\), MI_URL: give the server as 'fifo:/)
  })

  test('hands on what all clients are given', async () => {
    await using at = await udpFixture()
    const passed: string[] = []
    await using client = createClient(udp({ port: at.port }), {
      timeoutMs: 30,
      middleware: [
        (request, next) => {
          passed.push(...request.commands.map(({ name }) => name))
          return next()
        },
      ],
    })
    expect(await failureOf(client.call('never'))).toMatchObject({
      code: 'MI_TIMEOUT',
      message: expect.stringContaining('30 ms'),
    })
    expect(passed).toEqual(['never'])
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
    expect(() => createClient(url)).toThrow(TypeError)
  })

  test('refuses a port that is none', () => {
    expect(() => createClient('udp:127.0.0.1:0')).toThrow(RangeError)
  })
})

describe('a URL', () => {
  test('of a FIFO without a path means the usual places', () => {
    expect(parseServerUrl('x', 'fifo:')).toEqual({ kind: 'fifo', options: {} })
  })

  test('takes paths, hosts and ports as they are written', () => {
    expect(parseServerUrl('x', 'unix:run/a b%20#d')).toEqual({ kind: 'unix', options: { path: 'run/a b%20#d' } })
    expect(parseServerUrl('x', 'udp:[::1]:8080')).toEqual({ kind: 'udp', options: { host: '[::1]', port: 8080 } })
    const named = { kind: 'udp', options: { host: 'mi.example.org', port: 1 } }
    expect(parseServerUrl('x', 'udp:mi.example.org:1')).toEqual(named)
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (rest) => {
        const fifoName = `/${rest.replaceAll(/[/?]/g, '')}`
        expect(parseServerUrl('x', `fifo:${fifoName}`)).toEqual({ kind: 'fifo', options: { fifoName } })
      }),
    )
  })

  test('has options of the transport behind a question mark', () => {
    expect(parseServerUrl('x', 'fifo:/run/f?reply_dir=/run/a%20b&fallback=/tmp/f')).toEqual({
      kind: 'fifo',
      options: { fifoName: '/run/f', replyDir: '/run/a b', fallback: '/tmp/f' },
    })
    expect(parseServerUrl('x', 'fifo:?reply_dir=/run')).toEqual({ kind: 'fifo', options: { replyDir: '/run' } })
    expect(parseServerUrl('x', 'unix:/run/s?reply_dir=/run')).toEqual({
      kind: 'unix',
      options: { path: '/run/s', replyDir: '/run' },
    })
    expect(parseServerUrl('x', 'fifo:?fallback=false')).toEqual({ kind: 'fifo', options: { fallback: false } })
    const url = 'http://127.0.0.1/mi?reply_dir=x'
    expect(parseServerUrl('x', url)).toEqual({ kind: 'http', options: { url } })
  })

  test.each([
    ['fifo:/run/f?replydir=/x', 'unknown parameter "replydir" of fifo:; did you mean \'reply_dir\'?'],
    ['fifo:/run/f?timeout=5', 'known parameters: reply_dir, fallback'],
    ['unix:/run/s?reply_dir', 'parameter reply_dir needs a value'],
    ['unix:/run/s?reply_dir=%', 'a % in parameter reply_dir must be written as %25'],
    ['fifo:/run/f?reply_dir=/a&reply_dir=/b', 'parameter reply_dir of fifo: is given twice'],
    ['udp:127.0.0.1:8080?x=1', 'unknown parameter "x" of udp:; there are none'],
    ['fiffo:/run/f', "unknown scheme 'fiffo:', did you mean 'fifo:'?; give the server as"],
    ['tcp:127.0.0.1:8080', "unknown scheme 'tcp:'"],
  ])('%s is refused, and the message says what is right', (url, message) => {
    expect(() => parseServerUrl('x', url)).toThrow(TypeError)
    expect(() => parseServerUrl('x', url)).toThrow(message)
  })

  test('is either taken or refused with a TypeError, which does not show it', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          parseServerUrl('x', text)
        } catch (error) {
          expect(error).toBeInstanceOf(TypeError)
        }
      }),
    )
    expect(() => parseServerUrl('x', 'htp://user:secret@host')).toThrow(/^(?!.*secret)/)
  })
})
