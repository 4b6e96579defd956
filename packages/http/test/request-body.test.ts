import { randomBytes } from 'node:crypto'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import type { BodySink, Exchange } from '../src/exchange.js'
import { RequestBodies } from '../src/request-body.js'
import { post, serve, until } from './support/fixture.js'

/** A request whose body comes as it is said. */
function exchange(readBody: (body: BodySink) => void, encoding?: string): Exchange {
  const given: Partial<Exchange> = {
    header: (name) => (name === 'content-encoding' ? encoding : undefined),
    readBody: async (body) => readBody(body),
  }
  return given as Exchange
}

/** What the heap holds, without garbage. */
function heapBytes(): number {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
  return process.memoryUsage().heapUsed
}

test('a body in pieces of one byte takes no more memory than its bytes', async () => {
  const count = 300_000
  const before = heapBytes()
  let after = 0
  const text = await new RequestBodies(count, count).read(
    exchange((body) => {
      for (let sent = 0; sent < count; sent++) body.add(Buffer.from('x'))
      after = heapBytes()
    }),
    '192.0.2.1',
  )
  expect(text.length).toBe(count)
  expect(after - before).toBeLessThan(10_000_000)
})

test('a body that waits to be unpacked counts against maxPendingRequestBytes', async () => {
  const packed = gzipSync(randomBytes(60_000))
  const bodies = new RequestBodies(100_000, 100_000)
  const add = (body: BodySink): void => body.add(packed)
  const first = bodies.read(exchange(add, 'gzip'), '192.0.2.1')
  // It has arrived; no thread can have unpacked it so soon.
  for (let turn = 0; turn < 5; turn++) await Promise.resolve()
  const second = bodies.read(exchange(add, 'gzip'), '192.0.2.1')
  const results = await Promise.allSettled([first, second])
  expect(results.some(({ status }) => status === 'rejected')).toBe(true)
  // What was counted is free again.
  await bodies.read(exchange(add, 'gzip'), '192.0.2.1')
})

test('many packed bodies of one address get 503, and others are unpacked meanwhile', async () => {
  const { raw, ask, drops } = await serve({ trustedProxies: ['127.0.0.1'] }, { ok: () => 'OK' })
  const packed = gzipSync(`${' '.repeat(200_000)}{"jsonrpc":"2.0","id":1,"method":"t:ok"}`)
  const headers = { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' }
  const lines = Object.entries({ ...headers, 'X-Forwarded-For': '192.0.2.1' }).map(
    ([name, value]) => `${name}: ${value}`,
  )
  const [head = ''] = post('', `${lines.join('\r\n')}\r\n`).split('Content-Length')
  const peer = await raw()
  const one = Buffer.concat([Buffer.from(`${head}Content-Length: ${packed.length}\r\n\r\n`), packed])
  peer.socket.write(Buffer.concat(Array.from({ length: 100 }, () => one)))
  const other = ask({ headers: { ...headers, 'X-Forwarded-For': '192.0.2.2' }, body: packed })
  expect((await other).status).toBe(200)
  await until('refusals', () => drops('too_many_pending') > 0)
  expect(drops()).toBe(drops('too_many_pending'))
})
