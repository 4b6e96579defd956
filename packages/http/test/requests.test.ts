import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { call, held, post, serve, until } from './support/fixture.js'

const JSON_TYPE = { 'Content-Type': 'application/json' }
const hold = (): Promise<never> => new Promise(() => undefined)

describe('the body of a request', () => {
  test('may come in chunks, without a length', async () => {
    const { raw } = await serve({}, { ok: () => 'OK' })
    const peer = await raw(
      'POST /mi HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n',
    )
    for (const piece of [call('t:ok').slice(0, 20), call('t:ok').slice(20)]) {
      peer.socket.write(`${piece.length.toString(16)}\r\n${piece}\r\n`)
    }
    peer.socket.write('0\r\n\r\n')
    await until('the reply', () => peer.text().endsWith('{"jsonrpc":"2.0","result":"OK","id":1}'))
  })

  test.each(['gzip', 'x-gzip'])('may be packed with %s', async (encoding) => {
    const { ask } = await serve({}, { ok: () => 'OK' })
    const reply = await ask({ headers: { ...JSON_TYPE, 'Content-Encoding': encoding }, body: gzipSync(call('t:ok')) })
    expect([reply.status, JSON.parse(reply.text).result]).toEqual([200, 'OK'])
  })

  test('is refused where it unpacks to more than maxRequestBytes, is not what it says, or is packed otherwise', async () => {
    const { ask, drops } = await serve({ maxRequestBytes: 1_000 }, { ok: () => 'OK' })
    const packed = (body: Uint8Array | string, encoding: string) =>
      ask({ headers: { ...JSON_TYPE, 'Content-Encoding': encoding }, body })
    const bomb = await packed(gzipSync(Buffer.alloc(100_000, ' ')), 'gzip')
    expect([bomb.status, bomb.text]).toEqual([413, expect.stringContaining('1000 bytes (maxRequestBytes)')])
    expect((await packed(call('t:ok'), 'gzip')).status).toBe(400)
    const other = await packed(call('t:ok'), 'br')
    expect([other.status, other.headers['accept-encoding']]).toEqual([415, 'gzip'])
    expect([drops('request_too_large'), drops('bad_request'), drops('wrong_type')]).toEqual([1, 1, 1])
  })

  test('that is longer than maxRequestBytes gets 413 before it is sent, and the connection stays', async () => {
    const { raw, drops } = await serve({ maxRequestBytes: 100 }, { ok: () => 'OK' })
    const peer = await raw(post(`${' '.repeat(2_000)}`))
    await until('413', () => peer.text().startsWith('HTTP/1.1 413 '))
    peer.socket.write(post(call('t:ok')))
    await until('the reply', () => peer.text().endsWith('"result":"OK","id":1}'))
    expect(drops('request_too_large')).toBe(1)
  })

  test('without a length is cut off at maxRequestBytes', async () => {
    const { raw, drops } = await serve({ maxRequestBytes: 100 })
    const head =
      'POST /mi HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n'
    const peer = await raw(`${head}3e8\r\n${' '.repeat(1_000)}\r\n`)
    await until('413', () => peer.text().startsWith('HTTP/1.1 413 '))
    expect(drops('request_too_large')).toBe(1)
  })

  test('in another character set than UTF-8 is refused', async () => {
    const { ask } = await serve({}, { ok: () => 'OK' })
    const sent = (type: string) => ask({ headers: { 'Content-Type': type }, body: call('t:ok') })
    expect((await sent('application/json; charset=UTF-8')).status).toBe(200)
    expect((await sent('Application/JSON')).status).toBe(200)
    expect((await sent('application/json; charset=iso-8859-1')).status).toBe(415)
  })

  test('of slow senders takes no more than maxPendingRequestBytes: the largest is given up, small ones get through', async () => {
    const { raw, ask, drops } = await serve({ maxPendingRequestBytes: 30_000 }, { ok: () => 'OK' })
    const head = post(' '.repeat(100_000)).split('\r\n\r\n', 1)[0]
    const peers = [await raw(), await raw(), await raw()]
    for (const [index, { socket }] of peers.entries()) socket.write(`${head}\r\n\r\n${' '.repeat(8_000 + index)}`)
    peers[1]?.socket.write(' '.repeat(9_000))
    await until('the largest to be refused', () => peers[1]?.text().startsWith('HTTP/1.1 503 ') === true)
    expect((await ask({ body: call('t:ok') })).status).toBe(200)
    expect(drops('too_many_pending')).toBe(1)
  })
})

describe('as users of node:http expect,', () => {
  test('several requests of one write are answered in their order', async () => {
    const slow = held()
    const { raw } = await serve({}, { slow: slow.handler, ok: () => 'OK' })
    const peer = await raw(post(call('t:slow', 'a')) + post(call('t:ok', 'b')) + post(call('t:ok', 'c')))
    await until('the command to run', slow.isRunning)
    slow.release()
    await until('three replies', () => peer.text().endsWith('"id":"c"}'))
    expect(peer.text().match(/"id":"."/g)).toEqual(['"id":"a"', '"id":"b"', '"id":"c"'])
  })

  test('a peer that waits to be told sends its body after 100, or gets the refusal instead', async () => {
    const { raw } = await serve({}, { ok: () => 'OK' })
    const head = (type: string) =>
      `POST /mi HTTP/1.1\r\nHost: localhost\r\nContent-Type: ${type}\r\nExpect: 100-continue\r\nContent-Length: ${call('t:ok').length}\r\n\r\n`
    const peer = await raw(head('application/json'))
    await until('100', () => peer.text() === 'HTTP/1.1 100 Continue\r\n\r\n')
    peer.socket.write(call('t:ok'))
    await until('the reply', () => peer.text().endsWith('"result":"OK","id":1}'))
    const refused = await raw(head('text/plain'))
    await until('415', () => refused.text().startsWith('HTTP/1.1 415 '))
  })

  test('HEAD gets the status and headers of a refusal, and no body', async () => {
    const { ask } = await serve()
    const reply = await ask({ method: 'HEAD' })
    expect([reply.status, reply.text, reply.headers.allow]).toEqual([405, '', 'POST'])
    expect(Number(reply.headers['content-length'])).toBeGreaterThan(20)
  })

  test('a target with the name of the server in front, as proxies send it, is found', async () => {
    const { raw } = await serve({}, { ok: () => 'OK' })
    const peer = await raw(post(call('t:ok')).replace('/mi', 'http://localhost/mi'))
    await until('the reply', () => peer.text().endsWith('"result":"OK","id":1}'))
  })

  test('a request for a tunnel is refused, counted, and its connection ends', async () => {
    const { raw, drops } = await serve()
    const peer = await raw('CONNECT example.org:25 HTTP/1.1\r\nHost: example.org:25\r\n\r\n')
    await until('the end', peer.isClosed)
    expect(peer.text()).toMatch(/^HTTP\/1\.1 405 .*\r\nAllow: POST\r\n.*this is no proxy/s)
    expect(drops('wrong_method')).toBe(1)
  })

  test('a text that shows what the peer sent cannot be taken for a page', async () => {
    const { ask } = await serve()
    const { headers, text } = await ask({ path: '/<script>alert(1)</script>' })
    expect(text).toContain('there is nothing at "/<script>')
    expect(headers['x-content-type-options']).toBe('nosniff')
  })

  test('another root is served, of several parts too', async () => {
    const { ask } = await serve({ root: 'api/mi-1' }, { ok: () => 'OK' })
    expect((await ask({ path: '/api/mi-1', body: call('t:ok') })).status).toBe(200)
    expect((await ask({ path: '/mi', body: call('t:ok') })).status).toBe(404)
  })
})

describe('a request that is smuggled or broken', () => {
  const body = call('t:ok')
  test.each([
    ['with two lengths', `Content-Length: ${body.length}\r\nContent-Length: 5\r\n\r\n${body}`],
    ['with a length and chunks', `Content-Length: ${body.length}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
    ['with chunks of no known encoding', `Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`],
    ['with a length that is no number', `Content-Length: +5\r\n\r\n${body}`],
    ['with a header that ends in the middle', 'Content-\rLength: 5\r\n\r\n'],
    ['with a line feed in a header', `X: a\n\nContent-Length: 5\r\n\r\n`],
  ])('%s is refused, counted, and its connection ends', async (_, rest) => {
    const { raw, ask, drops } = await serve({}, { ok: () => 'OK' })
    const peer = await raw(`POST /mi HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n${rest}`)
    await until('the end', peer.isClosed)
    expect(peer.text()).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/)
    expect(peer.text().match(/HTTP\/1\.1/g)).toHaveLength(1)
    expect(peer.text()).not.toContain('OK"')
    expect(drops('bad_request')).toBe(1)
    expect((await ask({ body })).status).toBe(200)
  })

  test('behind one that is under way gets its refusal after the reply to that one', async () => {
    const slow = held()
    const { raw, drops } = await serve({}, { slow: slow.handler })
    const peer = await raw(`${post(call('t:slow'))}NO HTTP AT ALL\r\n\r\n`)
    await until('the refusal to be counted', () => drops('bad_request') === 1)
    slow.release()
    await until('the end', peer.isClosed)
    expect(peer.text().match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 400'])
  })
})

describe('of many at a time', () => {
  test('those above maxConcurrent get 503', async () => {
    const { ask, raw, drops, inFlight } = await serve({ maxConcurrent: 2 }, { hold, ok: () => 'OK' })
    await raw(post(call('t:hold')))
    const second = await raw(post(call('t:hold')))
    await until('both to run', () => inFlight() === 2)
    const refused = await ask({ body: call('t:ok') })
    expect([refused.status, refused.headers['retry-after'], drops('too_many_requests')]).toEqual([503, '1', 1])
    second.socket.destroy()
    await until('the other to be given up', () => inFlight() === 1)
    expect((await ask({ body: call('t:ok') })).status).toBe(200)
  })
})
