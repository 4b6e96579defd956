import { createServer } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { hepPayloadText } from '../../src/codec/decode.js'
import { captureServer, unusedPort } from '../support/capture-server.js'
import { certificate } from '../support/certificate.js'
import { collecting } from '../support/collecting.js'
import { tracing } from '../support/tracing.js'
import { until } from '../support/until.js'

const local = (port: number): string => `[t]127.0.0.1:${port}`
const large = 'x'.repeat(60_000)

describe('a capture server that is absent', () => {
  test('costs the oldest messages, and gets the others when it comes', async () => {
    const port = await unusedPort()
    const { trace, status, lines } = await tracing(local(port), {
      maxQueued: 4,
      retryMs: 20,
      hepMaxRetries: 1_000,
    })
    for (const command of ['a', 'b', 'c', 'd']) trace(command)
    await until('a failure', () => status().state === 'retrying')
    expect(status()).toMatchObject({ sent: 0, queued: 4, dropped: 4 })
    expect(status().lastError).toContain('ECONNREFUSED')
    const server = await captureServer(port)
    await until('the messages', () => server.messages.length === 4)
    expect(server.messages.map(hepPayloadText)).toEqual(['done', 'done', 'done', 'done'])
    await until('the count', () => status().sent === 4)
    expect(status()).toMatchObject({ state: 'connected', queued: 0, dropped: 4 })
    expect(lines.filter((line) => line.includes('too many messages'))).toHaveLength(1)
  })

  test('is tried hepMaxRetries times, then only after the cool-down', async () => {
    const port = await unusedPort()
    const { status, lines } = await tracing(local(port), { retryMs: 1, hepMaxRetries: 2, hepRetryCooldown: 0.2 })
    await until('the cool-down', () => status().state === 'cooldown')
    expect(lines.filter((line) => line.startsWith('warn no connection'))).toHaveLength(3)
    const server = await captureServer(port)
    await server.connected(1)
    await until('the connection', () => status().state === 'connected')
  })

  test('is not tried any more once the tracer is closed', async () => {
    const port = await unusedPort()
    const { tracer, trace, status } = await tracing(local(port), { retryMs: 1, hepMaxRetries: 1_000 })
    trace('a')
    await until('a failure', () => status().lastError !== undefined)
    await tracer.close()
    expect(status()).toMatchObject({ state: 'closed', queued: 0, dropped: 2 })
    const server = await captureServer(port)
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(server.sockets).toHaveLength(0)
  })

  test('whose name cannot be found is a failure like any other', async () => {
    const { status } = await tracing(['[a]no-such-host.invalid;transport=udp', '[b]no-such-host.invalid'])
    await until('a failure', () => status().lastError !== undefined)
    expect(status()).toMatchObject({ state: 'retrying' })
  })
})

describe('a capture server that hangs', () => {
  test('makes messages wait, at most so many, and costs the oldest', async () => {
    const server = await captureServer(0, false)
    const { trace, status } = await tracing(local(server.port), { maxQueued: 100, maxFieldBytes: 0 })
    await until('the connection', () => status().state === 'connected')
    let traced = 0
    while (status().dropped === 0) {
      trace('a', large)
      traced += 2
      await new Promise((resolve) => setImmediate(resolve))
      expect(status().queued).toBeLessThanOrEqual(100)
    }
    const { sent, queued, dropped } = status()
    expect(sent + queued + dropped).toBe(traced)
    expect(queued).toBe(100)
  })

  test('is given up after stallTimeoutMs, and connected to anew', async () => {
    const server = await captureServer(0, false)
    const { trace, status } = await tracing(local(server.port), {
      maxFieldBytes: 0,
      stallTimeoutMs: 50,
      retryMs: 1,
      maxQueued: 1_000,
    })
    await until('the connection', () => status().state === 'connected')
    while (status().queued < 500) {
      trace('a', large)
      await new Promise((resolve) => setImmediate(resolve))
    }
    await server.connected(2)
    expect(status().lastError).toContain('took nothing for 50 ms')
    expect(status().dropped).toBeGreaterThan(0)
  })

  test('does not hold up the close for long, which drops what it did not take', async () => {
    const server = await captureServer(0, false)
    const { tracer, trace, status } = await tracing(local(server.port), { maxFieldBytes: 0 })
    await until('the connection', () => status().state === 'connected')
    while (status().queued < 300) {
      trace('a', large)
      await new Promise((resolve) => setImmediate(resolve))
    }
    await tracer.close()
    expect(status()).toMatchObject({ state: 'closed', queued: 0 })
    expect(status().dropped).toBeGreaterThanOrEqual(300)
  })

  test('before the TLS handshake is done is given up after connectTimeoutMs', async () => {
    const server = await captureServer(0, false)
    const { status } = await tracing(`${local(server.port)};transport=tls`, { connectTimeoutMs: 50 })
    await until('a failure', () => status().lastError !== undefined)
    expect(status()).toMatchObject({ state: 'retrying', lastError: 'no connection within 50 ms (connectTimeoutMs)' })
  })
})

describe('a capture server that closes in mid-stream', () => {
  test('and returns later gets what waited; every message is counted once', async () => {
    const first = await captureServer()
    const { trace, status } = await tracing(local(first.port), { retryMs: 10, hepMaxRetries: 1_000 })
    trace('before')
    await until('the first messages', () => first.messages.length === 2)
    await first.close()
    await until('the end', () => status().state === 'retrying')
    trace('between')
    const second = await captureServer(first.port)
    await until('what waited', () => second.messages.length === 2)
    trace('after')
    await until('the rest', () => second.messages.length === 4)
    expect(second.messages.map(hepPayloadText)).toEqual(['between:fifo', 'done', 'after:fifo', 'done'])
    await until('the count', () => status().sent === 6)
    expect(status()).toMatchObject({ queued: 0, dropped: 0, lastError: 'the capture server closed the connection' })
  })

  test('while it is sent to costs what was being written', async () => {
    const server = await captureServer(0, false)
    const { trace, status } = await tracing(local(server.port), { maxFieldBytes: 0, maxQueued: 10_000 })
    await until('the connection', () => status().state === 'connected')
    let traced = 0
    while (status().queued < 400) {
      trace('a', large)
      traced += 2
      await new Promise((resolve) => setImmediate(resolve))
    }
    server.sockets[0]?.resetAndDestroy()
    await until('the end', () => status().state !== 'connected')
    const { sent, queued, dropped } = status()
    expect(dropped).toBeGreaterThan(0)
    expect(queued).toBeGreaterThan(0)
    expect(sent + queued + dropped).toBe(traced)
  })

  test('as soon as it is connected to is not connected to without pause', async () => {
    let connections = 0
    const server = createServer((socket) => {
      connections++
      socket.destroy()
    })
    server.listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    onTestFinished(() => void server.close())
    const address = server.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const { status } = await tracing(local(port), { retryMs: 1, hepMaxRetries: 3, hepRetryCooldown: 1_000 })
    await until('the cool-down', () => status().state === 'cooldown')
    expect(connections).toBe(4)
  })
})

describe('the close of a tracer', () => {
  test.each(['udp', 'tcp'] as const)(
    'sends what was traced just before over %s, the connection included',
    async (transport) => {
      const { port, arrived } = await collecting({ udp: { port: 0 }, tcp: { port: 0 } })
      const { tracer, trace, status } = await tracing(`${local(port(transport))};transport=${transport}`)
      for (let index = 0; index < 50; index++) trace('a')
      await tracer.close()
      await arrived(100)
      expect(status()).toMatchObject({ state: 'closed', sent: 100, queued: 0, dropped: 0 })
    },
  )
})

describe('a tracer that was closed', () => {
  test.each(['udp', 'tcp'] as const)('over %s does not connect again', async (transport) => {
    const { port } = await collecting({ udp: { port: 0 }, tcp: { port: 0 } })
    const { tracer, status, lines } = await tracing(`${local(port(transport))};transport=${transport}`, { retryMs: 1 })
    await until('the connection', () => status().state === 'connected')
    await tracer.close()
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(status().state).toBe('closed')
    expect(lines).toEqual(['info the capture server is connected'])
  })

  test('while it connects does not connect', async () => {
    const { collector, port } = await collecting({ udp: { port: 0 }, tcp: { port: 0 } })
    for (const transport of ['udp', 'tcp'] as const) {
      const { tracer, status, lines } = await tracing(`${local(port(transport))};transport=${transport}`)
      await tracer.close()
      expect(status().state).toBe('closed')
      expect(lines).toEqual([])
    }
    expect(collector.counts.messages).toBe(0)
  })

  test('leaves nothing open when it was to listen again meanwhile, and was closed again', async () => {
    const server = await captureServer(0, false)
    const { tracer, status } = await tracing(local(server.port))
    await until('the connection', () => status().state === 'connected')
    await Promise.all([tracer.close(), tracer.listen(), tracer.close()])
    expect(status().state).toBe('closed')
    await Promise.all([tracer.listen(), tracer.close()])
    expect(status().state).toBe('closed')
    await Promise.all([tracer.listen(), tracer.close(), tracer.listen()])
    await until('the connection', () => status().state === 'connected')
  })

  test('whose logger throws is closed all the same', async () => {
    const fail = (): void => {
      throw new Error('disk full')
    }
    const log = { debug: fail, info: fail, warn: fail, error: fail }
    const { tracer, status } = await tracing(local(await unusedPort()), { log, retryMs: 1 })
    await until('a failure', () => status().lastError !== undefined)
    await tracer.close()
    expect(status().state).toBe('closed')
  })
})

describe('over TLS', () => {
  test('a certificate that nobody vouches for is refused', async () => {
    const identity = await certificate()
    const { port } = await collecting({ tls: { port: 0, ...identity } })
    const { trace, status } = await tracing(`${local(port('tls'))};transport=tls`)
    trace('a')
    await until('a failure', () => status().lastError !== undefined)
    expect(status()).toMatchObject({ state: 'retrying', sent: 0, queued: 2 })
    expect(status().lastError).toMatch(/self[- ]signed/i)
  })

  test('a certificate is verified for the name of the host, and messages arrive', async () => {
    const identity = await certificate()
    const { port, arrived } = await collecting({ tls: { port: 0, ...identity } })
    const tls = { ca: identity.cert }
    const named = await tracing(`[t]localhost:${port('tls')};transport=tls`, { tls })
    named.trace('a')
    const byAddress = await tracing(`${local(port('tls'))};transport=tls`, { tls })
    byAddress.trace('b')
    await arrived(4)
    const wrong = await tracing(`${local(port('tls'))};transport=tls`, { tls: { ...tls, servername: 'other.example' } })
    await until('a failure', () => wrong.status().lastError !== undefined)
    expect(wrong.status().lastError).toContain('other.example')
  })
})

describe.each([
  ['@mi/posix', {}],
  ['node:dgram', { findPosix: async () => ({ reason: 'left out', isAbsent: true }) }],
])('over UDP by %s', (_, context) => {
  test('a capture server that is absent is noticed, and what it costs counted', async () => {
    const port = await unusedPort()
    const { trace, status } = await tracing(`${local(port)};transport=udp`, {}, context)
    let traced = 0
    await until('a drop', () => {
      trace('a')
      traced += 2
      return status().dropped > 0
    })
    expect(status()).toMatchObject({ state: 'connected' })
    expect(status().lastError).toContain('ECONNREFUSED')
    await until('the end of the queue', () => status().queued === 0)
    expect(status().sent + status().dropped).toBe(traced)
  })

  test('messages arrive in order, over IPv6 too', async () => {
    const { port, arrived } = await collecting({ udp: { host: '::1', port: 0 } })
    const { trace, status } = await tracing(`[t][::1]:${port('udp')};transport=udp`, {}, context)
    for (const command of ['a', 'b', 'c']) {
      trace(command, `reply ${command}`)
      await new Promise((resolve) => setImmediate(resolve))
    }
    const texts = (await arrived(6)).map(({ message }) => hepPayloadText(message))
    expect(texts.filter((text) => text.endsWith(':fifo'))).toEqual(['a:fifo', 'b:fifo', 'c:fifo'])
    expect(texts.filter((text) => text.startsWith('reply'))).toEqual(['reply a', 'reply b', 'reply c'])
    await until('the count', () => status().sent === 6)
  })

  test('messages of a burst that the system has no room for wait or are counted', async () => {
    const { port, arrivals } = await collecting({ udp: { port: 0 } })
    const { trace, status } = await tracing(`${local(port('udp'))};transport=udp`, { maxFieldBytes: 0 }, context)
    await until('the socket', () => status().state === 'connected')
    for (let index = 0; index < 500; index++) trace('a', large)
    await until('the end of the queue', () => status().queued === 0)
    expect(status().sent + status().dropped).toBe(1_000)
    await until('some of them', () => arrivals.length > 0)
  })
})
