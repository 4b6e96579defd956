import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { createMi } from '@mi/core'
import { http as serverHttp } from '@mi/http'
import { describe, expect, test } from 'vitest'
import { EventParser, readEvents } from '../src/http/event-reader.js'
import { createClient, type MiClient, type SubscribeOptions } from '../src/index.js'
import { eventText } from './support/event-server.js'
import { failureOf } from './support/failure.js'
import { freeTcpPort } from './support/http-responder.js'
import { watchLeftovers } from './support/leftovers.js'
import { until } from './support/until.js'

/** A server of this project over HTTP. */
async function engine(port: number, options: { readonly events?: boolean; readonly maxEventStreams?: number } = {}) {
  const mi = createMi({ transports: [serverHttp({ port, events: true, ...options })] })
  await mi.listen()
  return mi
}

async function withEngine(options: { readonly events?: boolean; readonly maxEventStreams?: number } = {}) {
  const port = await freeTcpPort()
  const mi = await engine(port, options)
  const client = createClient(`http://127.0.0.1:${port}/mi`, { timeoutMs: 20_000 })
  return {
    mi,
    port,
    client,
    [Symbol.asyncDispose]: async () => {
      await client.close()
      await mi.close()
    },
  }
}

interface Asked {
  readonly method: string
  readonly url: string
  readonly headers: IncomingMessage['headers']
  readonly text: string
  readonly response: ServerResponse
}

/** A server end that answers as the test says. Fails at its end unless no descriptor or listener is left. */
async function withServer(answer: (asked: Asked, count: number) => void) {
  const nothingLeft = watchLeftovers()
  const asked: Asked[] = []
  const server = createServer(async (request, response) => {
    let text = ''
    for await (const piece of request.setEncoding('utf8')) text += piece
    const { method = '', url = '', headers } = request
    const each = { method, url, headers, text, response }
    asked.push(each)
    answer(each, asked.length)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : 0
  const client: MiClient = createClient(`http://127.0.0.1:${port}/mi`, { timeoutMs: 20_000 })
  return {
    asked,
    client,
    [Symbol.asyncDispose]: async () => {
      await client.close()
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
      await nothingLeft()
    },
  }
}

/** What mi_http answers to a subscription, and to anything that is not a POST: headers, and an end that never comes. */
function likeOpenSips({ method, text, response }: Asked): void {
  if (method === 'POST') {
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ jsonrpc: '2.0', result: 'OK', id: JSON.parse(text).id }))
    return
  }
  response.writeHead(405, { 'transfer-encoding': 'chunked' }).flushHeaders()
}

function stream(response: ServerResponse, text = ''): ServerResponse {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' })
  response.write(`: begin\n\n${text}`)
  return response
}

const quick: SubscribeOptions = { renewMs: 5 }

describe('with a server of this project over http, events', () => {
  test('come over a stream, in their order, and those of other names do not', async () => {
    await using at = await withEngine()
    await using events = at.client.events.subscribe('E_X')
    await events.ready
    at.mi.events.raise('E_OTHER', { n: 0 })
    at.mi.events.raise('E_X', { n: 1, text: 'ü\n✓' })
    at.mi.events.raise('E_X', [1, 'two'])
    at.mi.events.raise('E_X')
    expect([await events.next(), await events.next(), await events.next()].map(({ value }) => value)).toEqual([
      { event: 'E_X', params: { n: 1, text: 'ü\n✓' } },
      { event: 'E_X', params: [1, 'two'] },
      { event: 'E_X', params: undefined },
    ])
    expect([events.socket, events.ignored, events.dropped]).toEqual([undefined, 0, 0])
  })

  test('come again after a restart, which is reported, and whose loss is counted as dropped', async () => {
    const port = await freeTcpPort()
    let mi = await engine(port)
    await using client = createClient(`http://127.0.0.1:${port}/mi`, { timeoutMs: 20_000 })
    const seen: string[] = []
    await using events = client.events.subscribe('E_X', {
      ...quick,
      onAway: ({ code }) => seen.push(code),
      onBack: () => seen.push('back'),
    })
    await events.ready
    mi.events.raise('E_X', { n: 1 })
    expect((await events.next()).value?.params).toEqual({ n: 1 })
    await mi.close()
    await until('it is away', () => seen.length > 0)
    mi = await engine(port)
    await until('it is back', () => seen.includes('back'))
    mi.events.raise('E_X', { n: 2 })
    expect((await events.next()).value?.params).toEqual({ n: 2 })
    expect(seen).toEqual(['MI_CONNECTION', 'back'])
    expect([events.dropped, events.ignored]).toEqual([1, 0])
    await client.close()
    await mi.close()
  })

  test('do not take up the connections of calls', async () => {
    await using at = await withEngine()
    const subscriptions = Array.from({ length: 20 }, () => at.client.events.subscribe('E_X'))
    await Promise.all(subscriptions.map(({ ready }) => ready))
    expect(await at.client.call('pwd')).toMatchObject({ WD: expect.any(String) })
  })

  test('are refused with its words where it has too many streams', async () => {
    await using at = await withEngine({ maxEventStreams: 1 })
    await using first = at.client.events.subscribe('E_X')
    await first.ready
    const error = await failureOf(at.client.events.subscribe('E_X').next())
    expect(error).toMatchObject({ code: 'MI_PROTOCOL', cause: { status: 503 } })
    expect(String(error)).toContain('1 peers receive events already (maxEventStreams)')
  })

  test('are subscribed to by its command where it has no streams', async () => {
    await using at = await withEngine({ events: false })
    expect(await failureOf(at.client.events.subscribe('E_X').next())).toMatchObject({ code: -32601 })
  })
})

describe('with a server that has no streams over http, a subscription', () => {
  test('is made by event_subscribe; for a stream one request of a client asks, however many subscribe', async () => {
    await using at = await withServer(likeOpenSips)
    const subscriptions = ['E_A', 'E_B', 'E_C'].map((name) => at.client.events.subscribe(name))
    await Promise.all(subscriptions.map(({ ready }) => ready))
    await using later = at.client.events.subscribe('E_D')
    await later.ready
    expect(later.socket).toMatch(/^udp:127\.0\.0\.1:\d+$/)
    expect(at.asked.map(({ method }) => method).filter((method) => method === 'GET')).toHaveLength(1)
    expect(at.asked[0]).toMatchObject({ method: 'GET', url: '/mi/events?names=E_A' })
    expect(at.asked[0]?.headers.accept).toBe('text/event-stream')
    await Promise.all(subscriptions.map((each) => each.return()))
  })

  test('leaves no connection behind whose reply does not end', async () => {
    let isClosed = false
    await using at = await withServer((asked) => {
      if (asked.method === 'GET') asked.response.once('close', () => (isClosed = true))
      likeOpenSips(asked)
    })
    await using events = at.client.events.subscribe('E_X')
    await events.ready
    await until('its connection is closed', () => isClosed)
  })

  test('asks for none where the caller names a socket', async () => {
    await using at = await withServer(likeOpenSips)
    await using events = at.client.events.subscribe('E_X', { socket: 'udp:127.0.0.1:0' })
    await events.ready
    expect(at.asked.map(({ method }) => method)).toEqual(['POST'])
  })

  test.each([
    [200, 'text/html'],
    [404, 'text/plain'],
    [400, 'text/html'],
  ])('falls back on a reply of status %d and type %s', async (status, type) => {
    await using at = await withServer((asked) => {
      if (asked.method === 'POST') likeOpenSips(asked)
      else asked.response.writeHead(status, { 'content-type': type }).end('no')
    })
    await using events = at.client.events.subscribe('E_X')
    await events.ready
    expect(events.socket).toMatch(/^udp:/)
  })

  test('rejects on a status that says nothing about streams, and the next one asks again', async () => {
    await using at = await withServer((asked, count) => {
      if (count === 1) asked.response.writeHead(502).end()
      else stream(asked.response)
    })
    expect(await failureOf(at.client.events.subscribe('E_X').next())).toMatchObject({ cause: { status: 502 } })
    await using events = at.client.events.subscribe('E_X')
    await events.ready
    expect(at.asked.map(({ method }) => method)).toEqual(['GET', 'GET'])
  })
})

describe('a stream of events', () => {
  test('that ends is asked for again from the last event on, also where no reply is a stream for a while', async () => {
    await using at = await withServer(({ response }, count) => {
      if (count === 1) stream(response, `id: a-7\ndata: ${eventText('E_X', { n: 1 })}\n\n`).end()
      else if (count === 2) response.destroy()
      else if (count === 3) response.writeHead(404).end()
      else stream(response, `id: a-8\ndata: ${eventText('E_X', { n: 2 })}\n\n`)
    })
    const seen: string[] = []
    await using events = at.client.events.subscribe('E_X', {
      ...quick,
      onAway: ({ message }) => seen.push(message),
      onBack: () => seen.push('back'),
    })
    expect((await events.next()).value?.params).toEqual({ n: 1 })
    expect((await events.next()).value?.params).toEqual({ n: 2 })
    await until('it is back', () => seen.includes('back'))
    expect(seen).toEqual([expect.stringMatching(/^the server has ended the stream of events from http:/), 'back'])
    expect(at.asked.map(({ headers }) => headers['last-event-id'])).toEqual([undefined, 'a-7', 'a-7', 'a-7'])
  })

  test('that does not come back until it has expired rejects with why', async () => {
    await using at = await withServer(({ response }, count) => {
      if (count === 1) stream(response).end()
      else response.writeHead(503, { 'content-type': 'text/plain' }).end('closing')
    })
    const events = at.client.events.subscribe('E_X', { ...quick, expire: 1 })
    await events.ready
    const error = await failureOf(events.next())
    expect(error).toMatchObject({ code: 'MI_PROTOCOL', cause: { cause: { status: 503 } } })
    expect(String(error)).toContain('the subscription to E_X expired')
  })

  test('brings what is too long, no event, or of another name as ignored, and goes on', async () => {
    const texts = [
      eventText('E_X', { long: 'x'.repeat(2000) }),
      'no JSON',
      eventText('E_Y'),
      eventText('E_X', { n: 1 }),
    ]
    await using at = await withServer(({ response }) => {
      stream(response, texts.map((text) => `data: ${text}\n\n`).join(''))
    })
    await using events = at.client.events.subscribe('E_X', { maxEventBytes: 1000 })
    expect((await events.next()).value?.params).toEqual({ n: 1 })
    expect(events.ignored).toBe(3)
  })

  test('that nobody reads holds maxQueued events; the oldest are dropped and counted', async () => {
    await using at = await withServer(({ response }) => {
      const all = Array.from({ length: 10 }, (_, n) => `data: ${eventText('E_X', { n })}\n\n`)
      stream(response, all.join(''))
    })
    await using events = at.client.events.subscribe('E_X', { maxQueued: 3 })
    await until('all have arrived', () => events.dropped === 7)
    expect((await events.next()).value?.params).toEqual({ n: 7 })
  })

  test('is left with the loop, and closed with the client, also before the server has replied', async () => {
    await using at = await withServer(({ url, response }) => {
      if (url.endsWith('E_X')) stream(response, `data: ${eventText('E_X')}\n\n`)
    })
    for await (const _ of at.client.events.subscribe('E_X')) break
    await until('the server sees it', () => at.asked[0]?.response.destroyed === true)
    const open = at.client.events.subscribe('E_X')
    await open.ready
    const waiting = at.client.events.subscribe('E_Y')
    await until('it has asked', () => at.asked.length === 3)
    const failures = Promise.all([failureOf(waiting.next()), failureOf(waiting.ready)])
    await at.client.close()
    expect(await failures).toMatchObject([{ code: 'MI_CLOSED' }, { code: 'MI_CLOSED' }])
    await until('the server sees it', () => at.asked.every(({ response }) => response.destroyed))
  })
})

describe('server-sent events', () => {
  /** What a parser makes of a text, in pieces of so many bytes. */
  function parse(text: string, size: number, maxBytes = 100): unknown[] {
    const seen: unknown[] = []
    const parser = new EventParser(maxBytes, {
      message: (data) => seen.push(data),
      tooLong: () => seen.push(null),
      onId: (id) => seen.push({ id }),
    })
    const bytes = Buffer.from(text)
    for (let at = 0; at < bytes.length; at += size) parser.push(bytes.subarray(at, at + size))
    return seen
  }

  test.each([1, 2, 3, 7, 1000])('are taken apart in pieces of %d bytes', (size) => {
    const text =
      ': comment\n\nid: a-1\nevent: x\nretry: 5\ndata: one\n\ndata:ü✓\r\ndata:  two\r\n\r\n\ndata\rdata\r\rid: nö\nid:\n\ndata: cut off\n'
    expect(parse(text, size)).toEqual([{ id: 'a-1' }, 'one', 'ü✓\n two', '\n'])
  })

  test.each([1, 64, 1000])('that are too long are passed over, in pieces of %d bytes', (size) => {
    const long = 'x'.repeat(150)
    const many = 'data: 0123456789\n'.repeat(12)
    const texts = [`data: ${long}\n\n`, 'data: a\n\n', `${many}\n`, `: ${long}\ndata: z\n\n`, 'data: b\n\n']
    expect(parse(texts.join(''), size)).toEqual([null, 'a', null, null, 'b'])
    expect(parse(`data: ${'x'.repeat(100)}\n\n`, size)).toEqual(['x'.repeat(100)])
  })

  test('over a stream that is silent end it', async () => {
    const silent = new Readable({ read: () => undefined })
    silent.push(': begin\n\n')
    const sink = { maxBytes: 100, message: () => undefined, tooLong: () => undefined }
    expect(await readEvents(silent, { ...sink, deadMs: 20 })).toBe('silent')
    expect(silent.destroyed).toBe(true)
  })
})
