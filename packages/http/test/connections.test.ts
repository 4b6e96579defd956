import { connect } from 'node:net'
import { describe, expect, test } from 'vitest'
import { call, held, post, type RawPeer, serve, until, watched } from './support/fixture.js'

const big = 'x'.repeat(4_000_000)

describe('a peer', () => {
  test('that leaves aborts the signal of its command, and its reply is counted', async () => {
    const slow = held()
    const { raw, drops } = await serve({}, { slow: slow.handler })
    const peer = await raw(post(call('t:slow')))
    await until('the command', slow.isRunning)
    peer.socket.destroy()
    await until('the signal', () => slow.signals[0]?.aborted === true)
    await until('the drop', () => drops('peer_gone') === 1)
    expect(drops()).toBe(1)
  })

  test('that closes its half behind a request is served, if the command answers at once', async () => {
    const { raw } = await serve({}, { ok: () => 'OK' })
    const peer = await raw()
    peer.socket.end(post(call('t:ok')))
    await until('the reply', () => peer.text().endsWith('"result":"OK","id":1}'))
    await until('the end', peer.isClosed)
  })

  test('that leaves in the middle of a request is counted', async () => {
    const { raw, drops } = await serve()
    const peer = await raw(post(call('pwd')).slice(0, -5))
    // Until the server has the headers, nobody knows that it is a request.
    peer.socket.end()
    await until('the drop', () => drops() === 1)
  })

  test('that does not read its replies loses its connection after replyTimeoutMs; others are served meanwhile', async () => {
    const { raw, ask, drops } = await serve({ replyTimeoutMs: 100 }, { big: () => big, ok: () => 'OK' })
    const peer = await raw()
    peer.socket.pause()
    for (let id = 0; id < 4; id++) peer.socket.write(post(call('t:big', id)))
    expect((await ask({ body: call('t:ok') })).status).toBe(200)
    await until('the drops', () => drops('peer_stalled') > 0)
    expect((await ask({ body: call('t:ok') })).status).toBe(200)
  })

  test('that asks for more than may wait for it loses its connection at once', async () => {
    const { raw, ask, drops } = await serve(
      { maxPendingReplyBytesPerPeer: 9_000_000 },
      { big: () => big, ok: () => 'OK' },
    )
    const peer = await raw()
    peer.socket.pause()
    peer.socket.write(post(call('t:big')).repeat(20))
    await until('the drops', () => drops('too_many_pending') > 0)
    expect((await ask({ body: call('t:ok') })).status).toBe(200)
  })

  test('may wait behind a slow command of its own longer than replyTimeoutMs', async () => {
    const slow = held()
    const { raw, drops } = await serve({ replyTimeoutMs: 50, keepAliveMs: 100 }, { slow: slow.handler, ok: () => 'OK' })
    const peer = await raw(post(call('t:slow', 'a')) + post(call('t:ok', 'b')))
    const other = await raw(post(call('t:ok')))
    await until('the command', slow.isRunning)
    await until('longer than that', other.isClosed)
    slow.release()
    await until('both replies', () => peer.text().endsWith('"id":"b"}'))
    expect(drops()).toBe(0)
  })

  test('whose reply is longer than may wait for it gets an error instead', async () => {
    const { ask } = await serve({ maxPendingReplyBytesPerPeer: 2_000_000 }, { big: () => big })
    expect(JSON.parse((await ask({ body: call('t:big') })).text)).toMatchObject({
      error: { code: -32000, data: 'Reply exceeds the limit of 2000000 bytes' },
    })
  })
})

describe('slow peers', () => {
  test('that never end their headers get 408, and are counted', async () => {
    const { raw, ask, drops } = await serve({ headersTimeoutMs: 2_000 }, { ok: () => 'OK' })
    const peers = [await raw('POST /mi HTTP/1.1\r\nHost: loc'), await raw()]
    expect((await ask({ body: call('t:ok') })).status).toBe(200)
    await until('the end', () => peers.every((peer) => peer.isClosed()))
    for (const peer of peers) expect(peer.text()).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/)
    expect(drops('request_timeout')).toBe(2)
    expect(drops()).toBe(2)
  })

  test('that never end their body get 408, and are counted once', async () => {
    const { raw, drops } = await serve({ headersTimeoutMs: 50, requestTimeoutMs: 150 })
    const peer = await raw(post(call('pwd')).slice(0, -5))
    await until('the end', peer.isClosed)
    expect(peer.text()).toMatch(/^HTTP\/1\.1 408 /)
    expect(drops('request_timeout')).toBe(1)
    expect(drops()).toBe(1)
  })

  test('that say nothing after a reply lose their connection after keepAliveMs', async () => {
    const { raw, drops } = await serve({ keepAliveMs: 50 }, { ok: () => 'OK' })
    const peer = await raw(post(call('t:ok')))
    await until('the reply', () => peer.text().endsWith('"result":"OK","id":1}'))
    await until('the end', peer.isClosed)
    expect(drops()).toBe(0)
  })
})

describe('more connections than maxConnections', () => {
  test('end those that are idle, the longest unused first, and new ones are served', async () => {
    const { raw, ask, drops } = await serve({ maxConnections: 10 }, { ok: () => 'OK' })
    const idle: RawPeer[] = []
    for (let count = 0; count < 10; count++) idle.push(await raw())
    await until('all to be accepted', () => idle.length === 10)
    // In use: no longer the first to go.
    idle[0]?.socket.write(post(call('t:ok')))
    await until('the reply', () => idle[0]?.text().includes('"OK"') === true)
    for (let count = 0; count < 30; count++) {
      expect(
        (await ask({ body: call('t:ok'), headers: { 'Content-Type': 'application/json', Connection: 'close' } }))
          .status,
      ).toBe(200)
    }
    await until('an idle one to end', () => idle[1]?.isClosed() === true)
    expect(idle[0]?.isClosed()).toBe(false)
    expect(drops('too_many_connections')).toBeGreaterThan(0)
  })

  test('that all have commands under way get no place', async () => {
    const slow = held()
    const { raw, port, drops, inFlight } = await serve({ maxConnections: 2 }, { slow: slow.handler })
    const busy = [await raw(post(call('t:slow'))), await raw(post(call('t:slow')))]
    await until('both to run', () => inFlight() === 2)
    const refused = watched(connect(port, '127.0.0.1'))
    await until('the end', refused.isClosed)
    expect(drops('too_many_connections')).toBe(1)
    expect(busy.map((peer) => peer.isClosed())).toEqual([false, false])
  })

  test('2,000 idle connections keep nobody from being served', async () => {
    const { raw, ask } = await serve({ maxConnections: 200 }, { ok: () => 'OK' })
    for (let count = 0; count < 2_000; count++) await raw()
    expect((await ask({ body: call('t:ok') })).status).toBe(200)
  })
})

describe('close', () => {
  test('answers what is in flight, ends that connection, and refuses what comes meanwhile', async () => {
    const slow = held()
    const { raw, mi, drops } = await serve({}, { slow: slow.handler })
    const peer = await raw(post(call('t:slow')))
    const idle = await raw()
    const reading = await raw(post('{', 'Content-Type: application/json\r\nExpect: 100-continue\r\n').slice(0, -1))
    await until('the headers to be read', () => reading.text().startsWith('HTTP/1.1 100 '))
    await until('the command', slow.isRunning)
    const closing = mi.close()
    await until('the idle one to end', idle.isClosed)
    await until('the one without a whole request to end', reading.isClosed)
    peer.socket.write(post(call('pwd', 'late')))
    slow.release()
    await closing
    await until('the end', peer.isClosed)
    expect(peer.text()).toMatch(/Connection: close\r\n.*"id":1\}/s)
    expect(peer.text()).not.toContain('"late"')
    expect(drops('closed')).toBe(1)
  })

  test('may be asked for by a command, which is answered', async () => {
    const fixture = await serve({}, { end: () => void setImmediate(() => fixture.mi.close()) })
    const reply = await fixture.ask({ body: call('t:end') })
    expect(reply.status).toBe(200)
  })
})
