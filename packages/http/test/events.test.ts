import { describe, expect, test } from 'vitest'
import { call, held, post, type RawPeer, serve, until } from './support/fixture.js'

const get = (target: string, headers = ''): string => `GET ${target} HTTP/1.1\r\nHost: localhost\r\n${headers}\r\n`

/** The events that have arrived, without comments. */
function events(peer: RawPeer): { readonly id: string; readonly name: string; readonly params: unknown }[] {
  return [...peer.text().matchAll(/^(?:id: (.*)\n)?data: (.*)\n/gm)].map(([, id = '', json = '{}']) => {
    const { method, params } = JSON.parse(json)
    return { id, name: method, params }
  })
}

const begins = (peer: RawPeer) => until('the stream to begin', () => peer.text().includes(': these are events'))

describe('GET /mi/events', () => {
  test('is a stream of what the program raises, all of it or by name', async () => {
    const { raw, mi } = await serve({ events: true })
    const all = await raw(get('/mi/events'))
    const some = await raw(get('/mi/events?names=E_A,E_B'))
    await begins(all)
    await begins(some)
    expect(all.text()).toMatch(/^HTTP\/1\.1 200 OK\r\nContent-Type: text\/event-stream\r\nCache-Control: no-store\r\n/)
    mi.events.raise('E_A', { text: 'ü\n2' })
    mi.events.raise('E_C', [1])
    mi.events.raise('E_B')
    await until('all', () => events(all).length === 3)
    await until('those that were asked for', () => events(some).length === 2)
    expect(events(all).map(({ name, params }) => [name, params])).toEqual([
      ['E_A', { text: 'ü\n2' }],
      ['E_C', [1]],
      ['E_B', undefined],
    ])
    expect(events(some).map(({ name }) => name)).toEqual(['E_A', 'E_B'])
  })

  test('begins after the event that a peer had last, as far as they are kept; else it says that some are lost', async () => {
    const { raw, mi } = await serve({ events: true })
    for (let number = 1; number <= 5; number++) mi.events.raise('E_A', { number })
    const first = await raw(get('/mi/events', 'Last-Event-ID: 0-0\r\n'))
    await until('all that is kept', () => events(first).length === 6)
    expect(events(first)[0]?.name).toBe('mi.events_lost')
    const second = await raw(get('/mi/events', `Last-Event-ID: ${events(first)[3]?.id}\r\n`))
    await until('those after it', () => events(second).length === 2)
    expect(events(second).map(({ params }) => params)).toEqual([{ number: 4 }, { number: 5 }])
    for (let number = 6; number <= 1_100; number++) mi.events.raise('E_A', { number })
    const third = await raw(get('/mi/events', `Last-Event-ID: ${events(first)[3]?.id}\r\n`))
    await until('all that is kept', () => events(third).length === 1_001)
    expect([events(third)[0]?.name, events(third)[1]?.params]).toEqual(['mi.events_lost', { number: 101 }])
  })

  test('ends for a peer that does not read, and for nobody else', async () => {
    const { raw, mi, drops } = await serve({ events: true, replyTimeoutMs: 2_000 })
    const [slow, quick] = [await raw(get('/mi/events')), await raw(get('/mi/events'))]
    await begins(slow)
    await begins(quick)
    slow.socket.pause()
    const text = 'x'.repeat(100_000)
    for (let count = 0; drops('peer_stalled') === 0 && count < 100; count++) {
      mi.events.raise('E_A', { count, text })
      await until('the other to read it', () => events(quick).length === count + 1)
    }
    await until('the end of the other', () => drops('peer_stalled') === 1)
    expect(quick.isClosed()).toBe(false)
  })

  test.each([
    ['ASCII', 'x'],
    ['other', '☎'],
  ])('come to a peer that returns as fast as it reads, 1 MiB of them in all (%s text)', async (_, character) => {
    const { raw, mi, drops } = await serve({ events: true })
    for (let number = 1; number <= 1_500; number++) mi.events.raise('E_A', { number, text: character.repeat(960) })
    const peer = await raw(get('/mi/events', 'Last-Event-ID: 0-0\r\n'))
    await until('the last one', () => events(peer).at(-1)?.id.endsWith('-1500') === true)
    const [lost, ...kept] = events(peer)
    expect(lost?.name).toBe('mi.events_lost')
    expect(kept.length).toBeGreaterThan(300)
    const bytes = Buffer.byteLength(peer.text())
    expect([bytes > 900_000, bytes < 1_100_000]).toEqual([true, true])
    expect(drops()).toBe(0)
  })

  test('may be longer than what is kept; who comes back learns that it is lost', async () => {
    const { raw, mi, drops } = await serve({ events: true })
    const peer = await raw(get('/mi/events'))
    await begins(peer)
    mi.events.raise('E_BIG', { text: 'x'.repeat(1_200_000) })
    mi.events.raise('E_A')
    await until('both', () => events(peer).length === 2)
    const back = await raw(get('/mi/events', `Last-Event-ID: ${events(peer)[0]?.id.replace(/1$/, '0')}\r\n`))
    await until('the one that is kept', () => events(back).length === 2)
    expect(events(back).map(({ name }) => name)).toEqual(['mi.events_lost', 'E_A'])
    expect(drops()).toBe(0)
  })

  test('is open to maxEventStreams peers, ends with the server, and is not there unless it is asked for', async () => {
    const { raw, ask, mi, drops } = await serve({ events: true, maxEventStreams: 1 })
    const peer = await raw(get('/mi/events'))
    await begins(peer)
    expect((await ask({ method: 'GET', path: '/mi/events' })).status).toBe(503)
    expect((await ask({ path: '/mi/events' })).headers.allow).toBe('GET')
    await mi.close()
    await until('the end', peer.isClosed)
    expect(peer.text()).toMatch(/\r\n0\r\n\r\n$/)
    expect(drops('peer_gone')).toBe(0)
    expect((await (await serve()).ask({ method: 'GET', path: '/mi/events' })).status).toBe(404)
  })

  test('is one for each connection, and no peer takes all of them', async () => {
    const { raw, drops } = await serve({ events: true, maxEventStreams: 4, trustedProxies: ['127.0.0.1'] })
    const from = (address: string): string => get('/mi/events', `X-Forwarded-For: ${address}\r\n`)
    const first = await raw(from('192.0.2.1').repeat(100))
    await begins(first)
    await until('the others to be refused', () => drops('too_many_requests') === 99)
    await begins(await raw(from('192.0.2.1')))
    const third = await raw(from('192.0.2.1'))
    await until('a refusal', () => third.text().includes('half of maxEventStreams'))
    expect(third.text()).toMatch(/^HTTP\/1\.1 503 /)
    await begins(await raw(from('192.0.2.2')))
  })

  test('frees the place of a peer that has gone', async () => {
    const { raw } = await serve({ events: true, maxEventStreams: 1 })
    const first = await raw(get('/mi/events'))
    await begins(first)
    first.socket.destroy()
    // The server may see the next one before it sees that this one has gone.
    for (;;) {
      const next = await raw(get('/mi/events'))
      await until('a reply', () => next.text().includes('\r\n\r\n'))
      if (next.text().startsWith('HTTP/1.1 200')) break
      expect(next.text()).toMatch(/^HTTP\/1\.1 503 /)
      next.socket.destroy()
    }
  })
})

describe('replies that go ahead of the final one', () => {
  const steps = {
    steps: async (_: unknown, ctx: { readonly provisional: (value: unknown) => void }) => {
      ctx.provisional('one')
      ctx.provisional('two')
      return 'done'
    },
  }
  test('come as events where the request accepts them', async () => {
    const { ask } = await serve({}, steps)
    const headers = { 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream' }
    const reply = await ask({ headers, body: call('t:steps') })
    expect([reply.status, reply.headers['content-type']]).toEqual([200, 'text/event-stream'])
    expect([...reply.text.matchAll(/^data: (.*)\n/gm)].map(([, json = '']) => JSON.parse(json).result)).toEqual([
      'one',
      'two',
      'done',
    ])
    expect((await ask({ headers, body: '{"jsonrpc":"2.0","method":"pwd"}' })).status).toBe(202)
  })

  test('are left out elsewhere', async () => {
    const { ask } = await serve({}, steps)
    expect(JSON.parse((await ask({ body: call('t:steps') })).text).result).toBe('done')
  })
})

test('GET /mi/health says that the server listens, without a password, and 503 once it closes', async () => {
  const slow = held()
  const { ask, raw, mi } = await serve(
    { auth: { check: ({ type }) => (type === 'bearer' ? 'x' : undefined) } },
    { slow: slow.handler },
  )
  expect(await ask({ method: 'GET', path: '/mi/health' })).toMatchObject({
    status: 200,
    text: 'the server is listening\n',
  })
  expect(await ask({ method: 'HEAD', path: '/mi/health' })).toMatchObject({ status: 200, text: '' })
  const peer = await raw(post(call('t:slow'), 'Content-Type: application/json\r\nAuthorization: Bearer x\r\n'))
  await until('the command', slow.isRunning)
  const closing = mi.close()
  peer.socket.write(get('/mi/health'))
  // The reply to the command comes first.
  await until('the signal of the close', () => slow.signals[0]?.aborted === true)
  slow.release()
  await closing
  await until('the end', peer.isClosed)
  expect(peer.text()).toMatch(/^HTTP\/1\.1 200 OK/)
})

test('GET /mi/openrpc.json is what rpc.discover answers this peer', async () => {
  const { ask } = await serve()
  const { status, text } = await ask({ method: 'GET', path: '/mi/openrpc.json' })
  const discovered = JSON.parse((await ask({ body: call('rpc.discover') })).text)
  if (discovered.error === undefined) expect([status, JSON.parse(text)]).toEqual([200, discovered.result])
  else expect(status).toBe(404)
})
