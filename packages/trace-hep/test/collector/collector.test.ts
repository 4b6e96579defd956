import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { isMiError } from '@mi/contract'
import { hepVectors } from '@mi/fixtures'
import { describe, expect, onTestFinished, test } from 'vitest'
import { encodeHep } from '../../src/codec/encode.js'
import { createHepCollector } from '../../src/collector/collector.js'
import { certificate } from '../support/certificate.js'
import { collecting } from '../support/collecting.js'
import { until } from '../support/until.js'

const ends = { srcIp: '127.0.0.1', dstIp: '127.0.0.1', srcPort: 1, dstPort: 2, ipProto: 6 }

function miPacket(correlationId: string, payload: string, timeUsec = 0): Buffer {
  return encodeHep({ ...ends, protoType: 0x57, timeSec: 1_000, timeUsec, correlationId, payload })
}

async function sendUdp(port: number, ...packets: readonly Buffer[]): Promise<void> {
  const socket = createSocket('udp4')
  onTestFinished(() => void socket.close())
  for (const packet of packets) {
    await new Promise<void>((resolve, reject) => {
      socket.send(packet, port, '127.0.0.1', (error) => (error ? reject(error) : resolve()))
    })
  }
}

async function connectTo(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  await once(socket, 'connect')
  return socket
}

describe('a collector', () => {
  test('pairs a request with its reply by correlation id, and measures the time between', async () => {
    const { port, arrived } = await collecting({ udp: { port: 0 } })
    await sendUdp(
      port('udp'),
      miPacket('a', 'ps:fifo:1,2', 100),
      miPacket('b', '{\n\t"command":\t"which",\n\t"backend":\t"datagram"\n}', 200),
      miPacket('b', '{\n\t"reply":\t"400 Parse_error"\n}', 1_450),
      miPacket('a', '{"jsonrpc":"2.0"}', 2_100),
      miPacket('c', '{"jsonrpc":"2.0"}', 3_000),
    )
    const arrivals = await arrived(5)
    const first = { command: 'ps', backend: 'fifo', parameters: '1,2' }
    const second = { command: 'which', backend: 'datagram', parameters: undefined }
    expect(arrivals.map(({ mi }) => mi)).toEqual([
      { kind: 'request', ...first },
      { kind: 'request', ...second },
      { kind: 'reply', reply: '400 Parse_error', request: second, elapsedMs: 1.25 },
      { kind: 'reply', reply: '{"jsonrpc":"2.0"}', request: first, elapsedMs: 2 },
      { kind: 'reply', reply: '{"jsonrpc":"2.0"}', request: undefined, elapsedMs: undefined },
    ])
    expect(arrivals[0]?.sender).toMatchObject({ transport: 'udp', address: '127.0.0.1' })
    expect(Math.abs((arrivals[0]?.receivedAtMs ?? 0) - Date.now())).toBeLessThan(10_000)
  })

  test('knows several replies to one request', async () => {
    const { port, arrived } = await collecting({ udp: { port: 0 } })
    await sendUdp(port('udp'), miPacket('a', 'ps:fifo'), miPacket('a', '{"part', 1_000), miPacket('a', 'two"}', 2_000))
    const replies = (await arrived(3)).slice(1).map(({ mi }) => mi)
    expect(replies).toMatchObject([
      { request: { command: 'ps' }, elapsedMs: 1 },
      { request: { command: 'ps' }, elapsedMs: 2 },
    ])
  })

  test('receives other messages too, which are no trace of MI', async () => {
    const { port, arrived } = await collecting({ udp: { port: 0 } })
    await sendUdp(
      port('udp'),
      encodeHep({ ...ends, protoType: 1, payload: 'INVITE' }),
      encodeHep({ ...ends, version: 1, payload: 'x' }),
    )
    expect((await arrived(2)).map(({ mi, message }) => [mi, message.payload?.toString()])).toEqual([
      [undefined, 'INVITE'],
      [undefined, 'x'],
    ])
  })

  test('reads what OpenSIPS sent, request by reply', async () => {
    const packets = hepVectors
      .filter(({ name }) => name.startsWith('v3-udp-homer6'))
      .map(({ hex }) => Buffer.from(hex, 'hex'))
    const { port, arrived } = await collecting({ udp: { port: 0 } })
    await sendUdp(port('udp'), ...packets)
    const arrivals = await arrived(packets.length)
    const paired = arrivals.flatMap(({ mi }) => (mi?.kind === 'reply' && mi.request !== undefined ? [mi] : []))
    expect(paired.map(({ request }) => request?.command)).toEqual(['version', 'unknown', 'version'])
    for (const { elapsedMs } of paired) expect(elapsedMs).toBeGreaterThan(0)
  })

  test('forgets the oldest request when more than maxOpenRequests are open, and counts it', async () => {
    const { port, arrived, collector } = await collecting({ udp: { port: 0 }, maxOpenRequests: 2 })
    const requests = ['a', 'b', 'c'].map((id) => miPacket(id, `${id}:fifo`))
    await sendUdp(port('udp'), ...requests, miPacket('a', '{}'), miPacket('b', '{}'))
    const replies = (await arrived(5)).slice(3).map(({ mi }) => mi)
    expect(replies).toMatchObject([{ request: undefined }, { request: { command: 'b' } }])
    expect(collector.counts).toEqual({ messages: 5, malformed: 0, unanswered: 1, missed: 0 })
  })

  test('tells of octets that are no packet, and goes on', async () => {
    const { port, arrived, malformed, collector } = await collecting({ udp: { port: 0 } })
    await sendUdp(
      port('udp'),
      Buffer.from('GET / HTTP/1.1'),
      miPacket('a', 'ps:fifo').subarray(0, 50),
      miPacket('a', 'ps:fifo'),
    )
    await arrived(1)
    expect(malformed.map(({ error, bytes }) => [error.code, bytes])).toEqual([
      ['HEP_VERSION', 14],
      ['HEP_TRUNCATED', 50],
    ])
    expect(collector.counts).toMatchObject({ messages: 1, malformed: 2 })
  })

  test('reads packets over TCP in pieces and several at once', async () => {
    const { port, arrived } = await collecting({ tcp: { port: 0 } })
    const socket = await connectTo(port('tcp'))
    const packets = ['a', 'b', 'c'].map((id) => miPacket(id, `${id}:fifo`))
    socket.setNoDelay(true)
    const bytes = Buffer.concat(packets)
    for (let at = 0; at < bytes.length; at += 37) {
      socket.write(bytes.subarray(at, at + 37))
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect((await arrived(3)).map(({ mi }) => mi)).toMatchObject([{ command: 'a' }, { command: 'b' }, { command: 'c' }])
  })

  test('closes a TCP connection in which no packet can be found, after the packets before', async () => {
    const { port, arrived, malformed } = await collecting({ tcp: { port: 0 } })
    const socket = await connectTo(port('tcp'))
    const ended = once(socket, 'close')
    socket.on('error', () => {
      // Reset, where octets were not read.
    })
    socket.resume()
    socket.write(Buffer.concat([miPacket('a', 'ps:fifo'), Buffer.from('no packet at all')]))
    await ended
    await arrived(1)
    expect(malformed.map(({ error }) => error.code)).toEqual(['HEP_VERSION'])
  })

  test('tells when a connection ends within a packet', async () => {
    const { port, problems } = await collecting({ tcp: { port: 0 } })
    const socket = await connectTo(port('tcp'))
    socket.end(miPacket('a', 'ps:fifo').subarray(0, 20))
    await until('the problem', () => problems.length > 0)
    expect(problems[0]?.message).toContain('ended within a packet')
  })

  test('receives over TLS, and survives who speaks no TLS', async () => {
    const identity = await certificate()
    const { port, arrived, problems } = await collecting({ tls: { port: 0, ...identity } })
    const plain = await connectTo(port('tls'))
    plain.on('error', () => {
      // Closed by the collector, maybe with a reset.
    })
    plain.write('no TLS')
    await until('the problem', () => problems.length > 0)
    const socket = connectTls({ host: '127.0.0.1', port: port('tls'), ca: identity.cert })
    onTestFinished(() => void socket.destroy())
    socket.end(miPacket('a', 'ps:fifo'))
    expect((await arrived(1))[0]).toMatchObject({ sender: { transport: 'tls' }, mi: { command: 'ps' } })
  })

  test('closes connections beyond maxConnections', async () => {
    const { port, arrived } = await collecting({ tcp: { port: 0 }, maxConnections: 1 })
    const first = await connectTo(port('tcp'))
    first.write(miPacket('a', 'a:fifo'))
    await arrived(1)
    const second = connect(port('tcp'), '127.0.0.1')
    second.on('error', () => {
      // Closed at once, maybe with a reset.
    })
    second.resume()
    await once(second, 'close')
    first.write(miPacket('b', 'b:fifo'))
    await arrived(2)
  })
})

describe('a loop over a collector', () => {
  test('sees what arrives from its beginning on, as others do, and ends with the collector', async () => {
    const { port, arrived, collector } = await collecting({ udp: { port: 0 } })
    const read = async (): Promise<(string | undefined)[]> => {
      const seen: (string | undefined)[] = []
      for await (const { message } of collector) seen.push(message.correlationId)
      return seen
    }
    const both = [read(), read()]
    await sendUdp(port('udp'), miPacket('a', 'a:fifo'), miPacket('b', 'b:fifo'))
    await arrived(2)
    await collector.close()
    expect(await Promise.all(both)).toEqual([
      ['a', 'b'],
      ['a', 'b'],
    ])
    for await (const _ of collector) throw new Error('a closed collector has nothing to see')
  })

  test('that is slow misses the oldest, which is counted', async () => {
    const { port, arrived, collector } = await collecting({ udp: { port: 0 }, maxQueued: 2 })
    const loop = collector[Symbol.asyncIterator]()
    await sendUdp(port('udp'), ...['a', 'b', 'c'].map((id) => miPacket(id, 'a:fifo')))
    await arrived(3)
    expect(collector.counts.missed).toBe(1)
    const { value } = await loop.next()
    expect(value?.message.correlationId).toBe('b')
    await loop.return?.()
    await sendUdp(port('udp'), ...['d', 'e', 'f'].map((id) => miPacket(id, 'a:fifo')))
    await arrived(6)
    expect(collector.counts.missed).toBe(1)
    expect(await loop.next()).toEqual({ done: true, value: undefined })
  })
})

describe('the life of a collector', () => {
  test('where a port is taken ends at listen, with nothing left open', async () => {
    const { port } = await collecting({ tcp: { port: 0 } })
    const collector = createHepCollector({ udp: { port: 0 }, tcp: { port: port('tcp') } })
    const error = await collector.listen().catch((reason: unknown) => reason)
    expect(isMiError(error, 'MI_LISTEN')).toBe(true)
    expect(String(error)).toContain(`tcp:127.0.0.1:${port('tcp')}`)
    expect(collector.addresses).toEqual({})
    await collector.close()
  })

  test('ends with close, also of connections that are open, and cannot begin anew', async () => {
    const { port, collector } = await collecting({ udp: { port: 0 }, tcp: { port: 0 } })
    const socket = await connectTo(port('tcp'))
    socket.resume()
    socket.on('error', () => {
      // Reset by the collector.
    })
    const ended = once(socket, 'close')
    await Promise.all([collector.close(), collector.close()])
    await ended
    expect(isMiError(await collector.listen().catch((reason: unknown) => reason), 'MI_CLOSED')).toBe(true)
  })

  test('closed while it begins to listen is closed only when no socket is open any more', async () => {
    const collector = createHepCollector({ udp: { port: 0 }, tcp: { port: 0 } })
    let isOver = false
    const listening = collector.listen().catch((reason: unknown) => {
      isOver = true
      return reason
    })
    await collector.close()
    expect(isOver).toBe(true)
    expect(isMiError(await listening, 'MI_CLOSED')).toBe(true)
    expect(collector.addresses).toEqual({})
  })

  test('leaves out a listener that was taken off', async () => {
    const { port, arrived, collector } = await collecting({ udp: { port: 0 } })
    let calls = 0
    const listener = (): void => {
      calls++
    }
    collector.on('message', listener)
    await sendUdp(port('udp'), miPacket('a', 'a:fifo'))
    await arrived(1)
    collector.off('message', listener)
    await sendUdp(port('udp'), miPacket('b', 'b:fifo'))
    await arrived(2)
    expect(calls).toBe(1)
  })

  test.each([
    [{}, /at least one of udp, tcp and tls/],
    [{ udp: { host: 'localhost' } }, /udp.host must be an IP address/],
    [{ tcp: { port: 65_536 } }, /tcp.port must be an integer/],
    [{ udp: {}, maxOpenRequests: 0 }, /maxOpenRequests/],
    [{ udp: {}, maxQueued: 1.5 }, /maxQueued/],
    [{ udp: {}, decode: { maxInflatedBytes: 0 } }, /maxInflatedBytes/],
    [{ tls: {} }, /tls needs a certificate/],
    [{ tls: { key: 'no key', cert: 'no certificate' } }, /tls: /],
  ])('%j are refused', (options, reason) => {
    expect(() => createHepCollector(options)).toThrow(reason)
  })

  test('a delimiter that is no text is refused', () => {
    // @ts-expect-error -- it is a number
    expect(() => createHepCollector({ udp: {}, homer5Delim: 5 })).toThrow('homer5Delim must be a string, not 5')
  })
})
