import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type HttpTransportOptions, http } from '../src/http/http.js'
import { createClient } from '../src/index.js'
import { cache } from './support/contracts.js'
import { failureOf } from './support/failure.js'
import { freeTcpPort, HttpResponder } from './support/http-responder.js'
import { httpFixture } from './support/over.js'
import { resultText } from './support/responder.js'
import { until } from './support/until.js'

describe('over http', () => {
  test('a call is a POST of JSON with its length', async () => {
    await using at = await httpFixture()
    at.server.on('cache:store', ({ id, reply }) => reply(resultText(id, 'OK')))
    const params = { system: 'local', attr: 'k', value: 'two\nlines, ünïcode ✓' }
    expect(await at.client.call(cache.store, params)).toBe('OK')
    const [request] = at.server.received
    expect(JSON.parse(request?.text ?? '')).toEqual({ jsonrpc: '2.0', method: 'cache:store', params, id: 1 })
    expect(request?.headers).toMatchObject({
      'content-type': 'application/json',
      accept: 'application/json',
      'content-length': String(Buffer.byteLength(request?.text ?? '')),
    })
    expect(request?.headers).not.toHaveProperty('authorization')
  })

  test('calls in a row share one connection; calls at once have as many as maxConcurrent', async () => {
    await using at = await httpFixture()
    const client = at.makeClient({ maxConcurrent: 3 })
    at.server.on('pwd', ({ id, reply }) => reply(resultText(id, '/')))
    for (let n = 0; n < 5; n++) await client.call('pwd')
    expect(at.server.received.map(({ onConnection }) => onConnection)).toEqual([1, 2, 3, 4, 5])
    const calls = Array.from({ length: 10 }, (_, n) => client.call('echo', [n]))
    for (let n = 0; n < 10; n++) {
      await until(`${n + 1} have arrived`, () => at.server.received.length >= 5 + Math.min(n + 3, 10))
      expect(at.server.received.length).toBe(5 + Math.min(n + 3, 10))
      const { id, params, reply } = at.server.received[5 + n] ?? expect.unreachable()
      reply(resultText(id, params))
      expect(await calls[n]).toEqual([n])
    }
  })

  test('calls beyond maxQueued are refused', async () => {
    await using at = await httpFixture()
    at.server.on('pwd', ({ id, reply }) => reply(resultText(id, '/')))
    const client = at.makeClient({ maxConcurrent: 1, maxQueued: 1 })
    const [first, second, third] = ['pwd', 'pwd', 'pwd'].map((name) => client.call(name))
    expect(await failureOf(third ?? expect.unreachable())).toMatchObject({ code: 'MI_CONNECTION' })
    expect(await Promise.all([first, second])).toEqual(['/', '/'])
  })

  test('a notification is answered without text, and resolves then', async () => {
    await using at = await httpFixture()
    expect(await at.client.notify('reload', [1])).toBeUndefined()
    expect(at.server.received.map(({ text }) => text)).toEqual(['{"jsonrpc":"2.0","method":"reload","params":[1]}'])
  })

  test('user and password go along, from the options or the url', async () => {
    await using at = await httpFixture()
    at.server.on('pwd', ({ id, headers, reply }) => reply(resultText(id, headers.authorization)))
    const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`
    expect(await at.makeClient({ username: 'mi', password: 'pä:ss' }).call('pwd')).toBe(basic('mi:pä:ss'))
    expect(await at.makeClient({ username: 'mi' }).call('pwd')).toBe(basic('mi:'))
    const url = at.server.url.replace('//', '//us%40er:p%2Fw@')
    expect(await at.makeClient({ url }).call('pwd')).toBe(basic('us@er:p/w'))
    expect(http({ url })).toMatchObject({ address: at.server.url })
  })

  test('further headers go along', async () => {
    await using at = await httpFixture()
    at.server.on('pwd', ({ id, headers, reply }) => reply(resultText(id, headers['x-token'])))
    expect(await at.makeClient({ headers: { 'X-Token': 'abc' } }).call('pwd')).toBe('abc')
  })

  test.each([
    [
      401,
      'Unauthorized',
      /HTTP 401 Unauthorized instead of a reply from http:.*; check username and password, or token: <html>/,
    ],
    [404, 'Not Found', /; check the path of the url, which is the root of mi_http: <html>/],
    [403, 'Forbidden', /; check username and password, and which addresses/],
    [405, 'Method Not Allowed', /; check the path of the url/],
    [413, 'Payload Too Large', /; the request has 39 bytes: raise the limit of the server or of the proxy/],
    [415, 'Unsupported Media Type', /; check the path of the url/],
    [429, 'Too Many Requests', /; send fewer at once \(maxConcurrent\)/],
    [500, 'Internal Server Error', /HTTP 500 Internal Server Error instead of a reply .* longer than its buf_size/],
    [502, 'Bad Gateway', /; a proxy says so where it gets no reply from the server behind it/],
    [418, "I'm a Teapot", /HTTP 418 I'm a Teapot instead of a reply from http:\S+: <html>/],
  ])('the status %d is MI_PROTOCOL, with status and text', async (status, _, message) => {
    await using at = await httpFixture()
    at.server.on('pwd', ({ reply }) => reply('<html>no</html>', status))
    const error = await failureOf(at.client.call('pwd'))
    expect(error).toMatchObject({ code: 'MI_PROTOCOL', data: '<html>no</html>', cause: { status } })
    expect(String(error)).toMatch(message)
  })

  test('a wrong path is MI_PROTOCOL, also for a notification', async () => {
    await using at = await httpFixture()
    const client = at.makeClient({ url: at.server.url.replace('/mi', '/other') })
    for (const work of [() => client.call('pwd'), () => client.notify('pwd')]) {
      expect(await failureOf(work())).toMatchObject({ code: 'MI_PROTOCOL', cause: { status: 400 } })
    }
  })

  test('a redirection is not followed, and the message says where it leads', async () => {
    await using at = await httpFixture()
    at.server.on('pwd', ({ reply }) => reply('', 302, { location: 'https://elsewhere/mi' }))
    expect(String(await failureOf(at.client.call('pwd')))).toContain(
      'which names https://elsewhere/mi; give that as url',
    )
  })

  test('an answer over maxReplyBytes is MI_PROTOCOL, and the next call is answered', async () => {
    await using at = await httpFixture()
    at.server.on('long', ({ id, reply }) => reply(resultText(id, 'x'.repeat(2000))))
    at.server.on('pwd', ({ id, reply }) => reply(resultText(id, '/')))
    const client = at.makeClient({ maxReplyBytes: 1000 })
    const error = await failureOf(client.call('long'))
    expect(error).toMatchObject({ code: 'MI_PROTOCOL', message: expect.stringContaining('more than 1000 bytes') })
    expect(await client.call('pwd')).toBe('/')
  })

  test('an answer that is cut off is MI_CONNECTION', async () => {
    await using at = await httpFixture()
    at.server.on('cut', ({ response }) => {
      response.writeHead(200, { 'content-length': '100' })
      response.write('{"jsonrpc"', () => response.destroy())
    })
    expect(await failureOf(at.client.call('cut'))).toMatchObject({
      code: 'MI_CONNECTION',
      message: expect.stringContaining('closed the connection before it replied; the command may have run'),
    })
  })

  test('nobody who listens is MI_CONNECTION, which says where and what to do', async () => {
    const port = await freeTcpPort()
    await using client = createClient(http({ url: `http://127.0.0.1:${port}/mi` }))
    const error = await failureOf(client.call('pwd'))
    expect(error).toMatchObject({ code: 'MI_CONNECTION', cause: { code: 'ECONNREFUSED' } })
    expect(String(error)).toContain(`no server listens at http://127.0.0.1:${port}/mi; start the server`)
  })

  test('a server that does not speak HTTP is MI_PROTOCOL', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined).resume()
      socket.end('SSH-2.0-OpenSSH_9.2\r\n')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : 0
    await using client = createClient(http({ url: `http://127.0.0.1:${port}/mi` }))
    expect(await failureOf(client.call('pwd'))).toMatchObject({
      code: 'MI_PROTOCOL',
      message: expect.stringContaining('does not speak HTTP'),
    })
    await new Promise<void>((resolve) => server.close(() => resolve()))
  })

  test('an answer with too large a header is MI_PROTOCOL, which says what the limit is', async () => {
    await using at = await httpFixture()
    at.server.on('pwd', ({ id, reply }) => reply(resultText(id, '/'), 200, { 'x-long': 'x'.repeat(20_000) }))
    const error = await failureOf(at.client.call('pwd'))
    expect(error).toMatchObject({ code: 'MI_PROTOCOL', cause: { code: 'HPE_HEADER_OVERFLOW' } })
    expect(String(error)).toContain(`the header of a reply from ${at.server.url} is too large: over the 16 KiB`)
    expect(String(error)).not.toContain('does not speak HTTP')
  })

  test('a server that changes to another protocol is MI_PROTOCOL with its status', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined)
      const change = 'HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n'
      socket.once('data', () => socket.write(change))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : 0
    await using client = createClient(http({ url: `http://127.0.0.1:${port}/mi` }))
    const error = await failureOf(client.call('pwd'))
    expect(error).toMatchObject({ code: 'MI_PROTOCOL', cause: { status: 101 } })
    // Resolves, since the connection is closed already.
    await new Promise<void>((resolve) => server.close(() => resolve()))
  })

  test('a key that cannot be used is MI_CONNECTION, which says which options to look at', async () => {
    const tls = { key: 'no key', cert: 'no certificate' }
    await using client = createClient(http({ url: 'https://127.0.0.1:1/mi', tls }))
    expect(await failureOf(client.call('pwd'))).toMatchObject({
      code: 'MI_CONNECTION',
      message: expect.stringContaining('tls.cert, tls.key or tls.pfx for https://127.0.0.1:1/mi cannot be used'),
      cause: { code: expect.stringMatching(/^ERR_OSSL/) },
    })
  })

  test('an idle connection is closed after idleMs', async () => {
    await using at = await httpFixture()
    at.server.on('pwd', ({ id, reply }) => reply(resultText(id, '/')))
    const client = at.makeClient({ idleMs: 20 })
    let ended = false
    at.server.on('pwd', ({ id, reply, response }) => {
      response.socket?.once('close', () => {
        ended = true
      })
      reply(resultText(id, '/'))
    })
    await client.call('pwd')
    await until('the connection is closed', () => ended)
    expect(await client.call('pwd')).toBe('/')
  })

  test('https takes the authority of the certificate, and refuses a certificate that is not trusted', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'mi-client-tls-'))
    const [key, cert] = [join(dir, 'key.pem'), join(dir, 'cert.pem')]
    const name = ['-subj', '/CN=mi.test', '-addext', 'subjectAltName=DNS:mi.test,IP:127.0.0.1']
    const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']
    execFileSync('openssl', ['req', ...kind, ...name, '-keyout', key, '-out', cert], { stdio: 'pipe' })
    const pem = { key: readFileSync(key), cert: readFileSync(cert) }
    rmSync(dir, { recursive: true })
    const server = await new HttpResponder().listen(0, pem)
    server.on('pwd', ({ id, reply }) => reply(resultText(id, '/')))
    const url = server.url.replace('http:', 'https:')
    await using trusting = createClient(http({ url, tls: { ca: pem.cert } }))
    expect(await trusting.call('pwd')).toBe('/')
    await using named = createClient(http({ url, tls: { ca: pem.cert, servername: 'mi.test' } }))
    expect(await named.call('pwd')).toBe('/')
    await using other = createClient(http({ url }))
    const error = await failureOf(other.call('pwd'))
    expect(error).toMatchObject({ code: 'MI_CONNECTION' })
    expect(String(error)).toMatch(/the certificate of https:\S+ is not trusted \(\w+\); give its authority as tls\.ca/)
    await server.close()
  })
})

describe('http()', () => {
  test('asks mi_http at its usual place unless told otherwise', () => {
    expect(http()).toMatchObject({ name: 'http', address: 'http://127.0.0.1:8888/mi' })
    expect(http({ url: undefined, maxConcurrent: undefined })).toMatchObject({ address: 'http://127.0.0.1:8888/mi' })
    expect(http({ url: new URL('https://[::1]:8443/x?y=1#z') })).toMatchObject({ address: 'https://[::1]:8443/x?y=1' })
  })

  const wrong: HttpTransportOptions[] = [
    { url: 'mi' },
    { url: '' },
    { url: 'ftp://host/mi' },
    { url: 'http://' },
    { url: 'http://user:100%@host/mi' },
    { password: 'secret' },
    { username: 'a:b' },
    { url: 'http://a:b@host/mi', username: 'c' },
    { tls: {} },
    { headers: { 'content-length': '5' } },
    { headers: { 'bad name': 'x' } },
    { headers: { 'x-token': 'two\r\nlines' } },
  ]
  test.each(wrong)('refuses %j', (options) => {
    expect(() => http(options)).toThrow(TypeError)
  })

  test.each([{ maxConcurrent: 0 }, { maxQueued: 1.5 }, { maxReplyBytes: 0 }, { idleMs: 0 }, { idleMs: 2 ** 31 }])(
    'refuses the number in %j',
    (options) => {
      expect(() => http(options)).toThrow(RangeError)
    },
  )

  test('does not tell the password in a message', () => {
    try {
      http({ url: 'http://user:secret@:bad' })
      expect.unreachable()
    } catch (error) {
      expect(String(error)).not.toContain('secret')
    }
  })
})
