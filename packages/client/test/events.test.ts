import { getEventListeners } from 'node:events'
import { connect, createServer } from 'node:net'
import { describe, expect, test } from 'vitest'
import { createClient, type EventSubscription } from '../src/index.js'
import { eventServer, eventText } from './support/event-server.js'
import { failureOf } from './support/failure.js'
import { freeTcpPort } from './support/http-responder.js'
import { freePort } from './support/udp-responder.js'
import { until } from './support/until.js'

/** Recorded from a live server (event_datagram, usrloc). */
const contact =
  '{"jsonrpc":"2.0","method":"E_UL_CONTACT_UPDATE","params":{"domain":"location","aor":"test@192.168.20.21","uri":' +
  '"sip:40936782@192.168.10.179:57028","received":"sip:192.168.10.179:57028","path":null,"qval":-1,"user_agent":"Blink ' +
  '8.9.4 (MacOSX)","socket":"","bflags":0,"expires":1695059926,"callid":"4VWWnqsOg9TIRYSyFN","cseq":10,"attr":"",' +
  '"latency":0,"shtag":""}}'

async function take(subscription: EventSubscription, count: number): Promise<unknown[]> {
  const taken: unknown[] = []
  while (taken.length < count) {
    const { done, value } = await subscription.next()
    if (done === true) break
    taken.push(value)
  }
  return taken
}

describe.each(['udp', 'tcp'] as const)('events over %s', (protocol) => {
  const socket = `${protocol}:127.0.0.1:0`

  test('arrive decoded, in their order, until the loop is left, which unsubscribes', async () => {
    await using at = await eventServer()
    const events = at.client.events.subscribe('E_PIKE_BLOCKED', { socket, expire: 60 })
    await events.ready
    expect(events.socket).toMatch(new RegExp(`^${protocol}:127\\.0\\.0\\.1:\\d+$`))
    await at.raise(...[1, 2, 3].map((n) => eventText('E_PIKE_BLOCKED', { ip: `192.0.2.${n}` })))
    const seen: unknown[] = []
    for await (const { event, params } of events) {
      seen.push([event, params.ip])
      if (seen.length === 3) break
    }
    expect(seen).toEqual([1, 2, 3].map((n) => ['E_PIKE_BLOCKED', `192.0.2.${n}`]))
    await until('the end was told', () => at.subscribed.length === 2)
    expect(at.subscribed).toEqual([
      { event: 'E_PIKE_BLOCKED', socket: events.socket, expire: 60, isNotification: false },
      { event: 'E_PIKE_BLOCKED', socket: events.socket, expire: 0, isNotification: false },
    ])
    expect(await events.next()).toEqual({ done: true, value: undefined })
  })

  test('may have named parameters, unnamed ones, none, and the id null', async () => {
    await using at = await eventServer()
    await using events = at.client.events.subscribe('E_X', { socket })
    await events.ready
    await at.raise(eventText('E_X', { a: 1, b: null }), eventText('E_X', ['v', 2]), eventText('E_X'))
    await at.raise(eventText('E_X', { 'ü✓': '𝄞' }, null))
    expect(await take(events, 4)).toEqual([
      { event: 'E_X', params: { a: 1, b: null } },
      { event: 'E_X', params: ['v', 2] },
      { event: 'E_X', params: undefined },
      { event: 'E_X', params: { 'ü✓': '𝄞' } },
    ])
  })

  test('keep all values of a parameter that is repeated, in their order', async () => {
    await using at = await eventServer()
    await using events = at.client.events.subscribe('E_X', { socket })
    await events.ready
    const head = '{"jsonrpc":"2.0","method":"E_X","params":'
    await at.raise(`${head}{"k":"two","a":"\\":","k":"one","k":null}}`, `${head}{"":"foo","":"bar"}}`, `${head}{"":1}}`)
    await at.raise(`${head}{"k":[1],"k":2}}`, `${head}{"k":[1,2]}}`, `${head}{"k" : 1,"k"\t: 2}}\n`)
    expect(await take(events, 4)).toEqual([
      { event: 'E_X', params: { k: ['two', 'one', null], a: '":' } },
      { event: 'E_X', params: ['foo', 'bar'] },
      { event: 'E_X', params: [1] },
      { event: 'E_X', params: { k: [1, 2] } },
    ])
    expect(events.ignored).toBe(2)
  })

  test('have their numbers read as the client is asked to', async () => {
    await using at = await eventServer()
    await using client = createClient(`udp:127.0.0.1:${at.port}`, { numbers: 'bigint' })
    await using events = client.events.subscribe('E_X', { socket })
    await events.ready
    await at.raise('{"jsonrpc":"2.0","method":"E_X","params":{"n":9007199254740993,"m":1,"m":9007199254740993}}')
    expect(await take(events, 1)).toEqual([
      { event: 'E_X', params: { n: 9007199254740993n, m: [1, 9007199254740993n] } },
    ])
  })

  test('are those that a live server sent', async () => {
    await using at = await eventServer()
    await using events = at.client.events.subscribe('E_UL_CONTACT_UPDATE', { socket })
    await events.ready
    await at.raise(contact)
    const { value } = await events.next()
    expect(value).toEqual({ event: 'E_UL_CONTACT_UPDATE', params: JSON.parse(contact).params })
    expect([value?.params.aor, value?.params.path, value?.params.cseq]).toEqual(['test@192.168.20.21', null, 10])
  })

  test('that nobody reads are held up to maxQueued; beyond it the oldest are dropped and counted', async () => {
    await using at = await eventServer()
    await using events = at.client.events.subscribe('E_X', { socket, maxQueued: 3 })
    await events.ready
    await at.raise(...Array.from({ length: 10 }, (_, n) => eventText('E_X', { n })))
    await until('all have arrived', () => events.dropped === 7)
    expect(await take(events, 3)).toEqual([7, 8, 9].map((n) => ({ event: 'E_X', params: { n } })))
  })

  test('of another name are ignored and counted', async () => {
    await using at = await eventServer()
    await using events = at.client.events.subscribe('E_X', { socket })
    await events.ready
    await at.raise(eventText('E_OTHER', { n: 1 }), eventText('E_X', { n: 2 }))
    expect(await take(events, 1)).toEqual([{ event: 'E_X', params: { n: 2 } }])
    expect(events.ignored).toBe(1)
  })

  test('are subscribed to again before the subscription expires', async () => {
    await using at = await eventServer()
    await using events = at.client.events.subscribe('E_X', { socket, expire: 5, renewMs: 20 })
    await until('it was renewed twice', () => at.subscribed.length >= 3)
    expect(new Set(at.subscribed.map((each) => JSON.stringify(each))).size).toBe(1)
    expect(events.socket).toBe(at.subscribed[2]?.socket)
  })
})

describe('a subscription', () => {
  test('that the server refuses rejects with its error, once, and closes the socket', async () => {
    await using at = await eventServer()
    at.refuse()
    const events = at.client.events.subscribe('E_NOSUCH')
    expect(await failureOf(events.next())).toMatchObject({ code: 400, reason: 'Bad parameter value' })
    expect(await failureOf(events.ready)).toMatchObject({ code: 400 })
    expect(await events.next()).toEqual({ done: true, value: undefined })
    expect(at.subscribed.length).toBe(1)
  })

  test('that is refused when it is renewed rejects after the events that had arrived', async () => {
    await using at = await eventServer()
    const events = at.client.events.subscribe('E_X', { renewMs: 40 })
    await events.ready
    await at.raise(eventText('E_X', { n: 1 }))
    at.refuse()
    await until('it was refused', () => at.subscribed.length === 2)
    expect(await take(events, 1)).toEqual([{ event: 'E_X', params: { n: 1 } }])
    expect(await failureOf(events.next())).toMatchObject({ code: 400 })
  })

  test('outlives a server that does not answer for a while', async () => {
    await using at = await eventServer()
    const client = at.makeClient({}, 30)
    await using events = client.events.subscribe('E_X', { expire: 3600, renewMs: 20 })
    await events.ready
    at.mute(true)
    await until('some renewals had no answer', () => at.subscribed.length >= 4)
    at.mute(false)
    await until('it is renewed', () => at.subscribed.length >= 6)
    await at.raise(eventText('E_X', { n: 1 }))
    expect(await take(events, 1)).toEqual([{ event: 'E_X', params: { n: 1 } }])
  })

  test('says once that the server is away, and once that it is back', async () => {
    await using at = await eventServer()
    const client = at.makeClient({}, 30)
    const seen: string[] = []
    await using events = client.events.subscribe('E_X', {
      renewMs: 20,
      onAway: ({ code }) => seen.push(code),
      onBack: () => seen.push('back'),
    })
    await events.ready
    at.mute(true)
    const { length } = at.subscribed
    await until('some renewals had no answer', () => at.subscribed.length >= length + 3)
    expect(seen.at(-1)).toBe('MI_TIMEOUT')
    at.mute(false)
    await until('it is back', () => seen.includes('back'))
    // On a busy machine it may happen again, but never twice of one kind.
    expect(seen).toEqual(seen.map((_, index) => (index % 2 === 0 ? 'MI_TIMEOUT' : 'back')))
  })

  test('that nobody renews until it has expired rejects with why', async () => {
    await using at = await eventServer()
    const client = at.makeClient({}, 1000)
    const events = client.events.subscribe('E_X', { expire: 1, renewMs: 100 })
    await events.ready
    at.mute(true)
    const error = await failureOf(events.next())
    expect(error).toMatchObject({ code: 'MI_TIMEOUT', cause: { code: 'MI_TIMEOUT' } })
    expect(String(error)).toContain('the subscription to E_X expired: it could not be renewed for 1 s')
  })

  test('to a server that is not there rejects with MI_CONNECTION', async () => {
    await using at = await eventServer()
    await at.server.close()
    const events = at.client.events.subscribe('E_X')
    expect(await failureOf(events.next())).toMatchObject({ code: 'MI_CONNECTION' })
  })

  test('ends with the reason of its signal, and leaves no listener on it', async () => {
    await using at = await eventServer()
    const controller = new AbortController()
    const events = at.client.events.subscribe('E_X', { signal: controller.signal })
    await events.ready
    const waiting = failureOf(events.next())
    controller.abort('stop')
    expect(await waiting).toBe('stop')
    await until('the end was told', () => at.subscribed.at(-1)?.expire === 0)
    expect(getEventListeners(controller.signal, 'abort')).toEqual([])
    expect(await failureOf(at.client.events.subscribe('E_X', { signal: controller.signal }).next())).toBe('stop')
    expect(await failureOf(at.client.events.subscribe('E_X', { signal: controller.signal }).ready)).toBe('stop')
  })

  test('ends when the client is closed: the server is told, and calls begin no more', async () => {
    await using at = await eventServer()
    const client = at.makeClient()
    const events = client.events.subscribe('E_X')
    await events.ready
    const waiting = failureOf(events.next())
    const closed = client.close()
    expect(await failureOf(client.call('pwd'))).toMatchObject({ code: 'MI_CLOSED' })
    expect(await waiting).toMatchObject({ code: 'MI_CLOSED', message: expect.stringContaining('the client is closed') })
    await closed
    await until('the end was told', () => at.subscribed.at(-1)?.expire === 0)
    expect(await failureOf(client.events.subscribe('E_X').next())).toMatchObject({ code: 'MI_CLOSED' })
  })

  test('that is ended before the server has answered is taken back all the same', async () => {
    await using at = await eventServer()
    at.mute(true)
    const events = at.client.events.subscribe('E_X')
    await until('it was asked for', () => at.subscribed.length === 1)
    await events.return()
    expect(await failureOf(events.ready)).toMatchObject({ code: 'MI_CLOSED' })
    await until('the end was told', () => at.subscribed.at(-1)?.expire === 0)
    expect(await events.return()).toEqual({ done: true, value: undefined })
  })

  test('answers a server that waits for it (reliable_mode of event_stream)', async () => {
    await using at = await eventServer()
    await using events = at.client.events.subscribe('E_X', { socket: 'tcp:127.0.0.1:0' })
    await events.ready
    await at.raise(eventText('E_X', { n: 1 }, 77))
    await until('it was answered', () => at.answers() !== '')
    expect(JSON.parse(at.answers())).toEqual({ jsonrpc: '2.0', result: 'OK', id: 77 })
    expect(await take(events, 1)).toEqual([{ event: 'E_X', params: { n: 1 } }])
  })

  test.each(['no JSON', `{"jsonrpc":"2.0","method":"E_X","params":{"long":"${'x'.repeat(2000)}"}}`])(
    'over tcp cuts off a sender of %.30s..., counts it, and takes the events of the next connection',
    async (text) => {
      await using at = await eventServer()
      await using events = at.client.events.subscribe('E_X', { socket: 'tcp:127.0.0.1:0', maxEventBytes: 1000 })
      await events.ready
      await at.raise(text)
      await until('the connection is cut', at.isCut)
      expect(events.ignored).toBe(1)
      await at.raise(eventText('E_X', { n: 1 }))
      expect(await take(events, 1)).toEqual([{ event: 'E_X', params: { n: 1 } }])
    },
  )

  test('cuts off a server that waits for answers and does not read them', async () => {
    await using at = await eventServer()
    await using events = at.client.events.subscribe('E_X', { socket: 'tcp:127.0.0.1:0', maxEventBytes: 100_000 })
    await events.ready
    const peer = connect(Number(events.socket?.split(':')[2]), '127.0.0.1')
    peer.pause().on('error', () => undefined)
    // At most 64 MB of answers: more than the buffers of the system hold.
    const thousand = JSON.stringify({ jsonrpc: '2.0', method: 'E_X', id: 'x'.repeat(1000) }).repeat(1000)
    let failure: Error | null | undefined
    for (let n = 0; n < 64 && !failure; n++) {
      failure = await new Promise((resolve) => peer.write(thousand, resolve))
    }
    peer.destroy()
    expect(failure).toBeInstanceOf(Error)
    expect(events.ignored).toBe(1)
  })

  test.each(['', 'E_X\nparam::1\n', '[]', 'null', '{"jsonrpc":"2.0","result":1}', '{"method":"E_X"}'])(
    'over udp ignores and counts %j',
    async (text) => {
      await using at = await eventServer()
      await using events = at.client.events.subscribe('E_X')
      await events.ready
      await at.raise(text, '{"jsonrpc":"2.0","method":"E_X","params":{"nested":{}}}', eventText('E_X', { n: 1 }))
      expect(await take(events, 1)).toEqual([{ event: 'E_X', params: { n: 1 } }])
      expect(events.ignored).toBe(2)
    },
  )

  test('tells the server another address where it is reached under one', async () => {
    await using at = await eventServer()
    for (const [announce, told] of [
      ['192.0.2.7', /^udp:192\.0\.2\.7:\d+$/],
      ['mi.example.org:9000', /^udp:mi\.example\.org:9000$/],
    ] as const) {
      await using events = at.client.events.subscribe('E_X', { socket: 'udp:0.0.0.0:0', announce })
      await events.ready
      expect(at.subscribed.at(-1)?.socket).toMatch(told)
    }
  })

  test('listens where it is told to, and rejects with MI_LISTEN where it cannot', async () => {
    await using at = await eventServer()
    const port = await freePort()
    await using events = at.client.events.subscribe('E_X', { socket: `udp:127.0.0.1:${port}` })
    await events.ready
    expect(events.socket).toBe(`udp:127.0.0.1:${port}`)
    const second = at.client.events.subscribe('E_X', { socket: `udp:127.0.0.1:${port}` })
    const error = await failureOf(second.next())
    expect(error).toMatchObject({ code: 'MI_LISTEN', cause: { code: 'EADDRINUSE' } })
    expect(String(error)).toContain(
      `cannot receive events at udp:127.0.0.1:${port}: the port is taken; give another one`,
    )

    const tcpPort = await freeTcpPort()
    const server = createServer().listen(tcpPort, '127.0.0.1')
    const taken = at.client.events.subscribe('E_X', { socket: `tcp:127.0.0.1:${tcpPort}` })
    expect(await failureOf(taken.next())).toMatchObject({ code: 'MI_LISTEN' })
    await new Promise<void>((resolve) => server.close(() => resolve()))
  })

  test.each([
    { socket: '127.0.0.1:9000' },
    { socket: 'udp:127.0.0.1' },
    { socket: 'udp:[::1]:9000' },
    { socket: 'udp:127.0.0.1:70000' },
    { socket: 'unix:/tmp/x' },
    { socket: 'udp:0.0.0.0:9000' },
    { announce: 'a b' },
    { announce: 'udp:host:5' },
    { announce: 'host:0' },
    { announce: 'host:65536' },
  ])('refuses %j', async (options) => {
    await using at = await eventServer()
    expect(() => at.client.events.subscribe('E_X', options)).toThrow(TypeError)
  })

  test.each([{ expire: 0 }, { expire: 1.5 }, { expire: 10, renewMs: 10_000 }, { maxQueued: 0 }, { maxEventBytes: 0 }])(
    'refuses the number in %j',
    async (options) => {
      await using at = await eventServer()
      expect(() => at.client.events.subscribe('E_X', options)).toThrow(RangeError)
    },
  )

  test('needs the name of an event', async () => {
    await using at = await eventServer()
    expect(() => at.client.events.subscribe('')).toThrow(TypeError)
  })
})
