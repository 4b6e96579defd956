import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import type { MiPeer } from '@mi/contract'
import { hepVectors } from '@mi/fixtures'
import { describe, expect, onTestFinished, test } from 'vitest'
import { decodeHep, hepPayloadText } from '../../src/codec/decode.js'
import { hep } from '../../src/tracer/tracer.js'
import { collecting } from '../support/collecting.js'
import { fifoPeer, tracing } from '../support/tracing.js'
import { until } from '../support/until.js'

const udpPeer: MiPeer = {
  transport: 'datagram',
  source: { address: '127.0.0.1', port: 40_000 },
  destination: { address: '127.0.0.1', port: 8_080 },
}

/** A UDP socket that keeps what it receives. */
async function udpSink(): Promise<{ readonly port: number; readonly packets: Buffer[] }> {
  const packets: Buffer[] = []
  const socket = createSocket('udp4', (bytes) => packets.push(bytes))
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  onTestFinished(() => void socket.close())
  return { port: socket.address().port, packets }
}

/** Everything but the time and the correlation id. */
function comparable(packet: Buffer): string {
  const text = packet.toString('latin1')
  const time = text.indexOf('\0\0\0\x09\0\x0a') + 6
  const correlation = text.indexOf('MICORR') + 6
  return (
    text.slice(0, time) +
    text.slice(time + 4, time + 10) +
    text.slice(time + 14, correlation) +
    text.slice(correlation + 28)
  )
}

const recorded = hepVectors.filter(({ version, mi }) => version === 3 && mi !== null)

describe('a traced command', () => {
  test.each(recorded)(
    'is octet for octet what OpenSIPS sends but for time and id: $name',
    async ({ hex, format, mi, decoded }) => {
      const { port, packets } = await udpSink()
      const { tracer } = await tracing(`[t]127.0.0.1:${port};transport=udp`, {
        captureId: decoded.captureId ?? 0,
        homer5On: format === 'homer5',
      })
      const isFifo = decoded.srcIp === '127.0.0.2'
      const request = tracer.request({
        command: 'core:any',
        method: mi?.command ?? 'version',
        backend: mi?.backend ?? 'datagram',
        params: mi?.parameters?.split(','),
        peer: isFifo ? fifoPeer : udpPeer,
      })
      if (mi?.kind === 'reply') tracer.reply(request, mi.reply ?? '')
      const index = mi?.kind === 'reply' ? 1 : 0
      await until('the packet', () => packets.length > index)
      expect(comparable(packets[index] ?? Buffer.alloc(0))).toBe(comparable(Buffer.from(hex, 'hex')))
    },
  )

  test('has one correlation id with its reply, and the time at which it is traced', async () => {
    const { port, arrived } = await collecting({ udp: { port: 0 } })
    const { trace } = await tracing(`[t]127.0.0.1:${port('udp')};transport=udp`)
    const before = Date.now() / 1_000
    trace('a')
    trace('b')
    const messages = (await arrived(4)).map(({ message }) => message)
    const ids = messages.map(({ correlationId }) => correlationId)
    expect(new Set(ids).size).toBe(2)
    expect(ids.filter((id) => id === ids[0])).toHaveLength(2)
    for (const { timeSec = 0, timeUsec = 0 } of messages) {
      expect(timeSec + timeUsec / 1e6).toBeGreaterThan(before - 0.01)
      expect(timeSec + timeUsec / 1e6).toBeLessThan(Date.now() / 1_000 + 0.01)
    }
  })

  test.each<[string, MiPeer, object]>([
    [
      'without addresses',
      { transport: 'script' },
      { family: 2, srcIp: '127.0.0.2', srcPort: 0, dstIp: '127.0.0.2', dstPort: 0 },
    ],
    ['over a UNIX socket', { transport: 'datagram', address: '/run/mi' }, { srcIp: '127.0.0.2', dstIp: '127.0.0.2' }],
    [
      'over IPv6',
      { transport: 'datagram', source: { address: 'fe80::1%eth0', port: 1 }, destination: { address: '::', port: 2 } },
      { family: 10, srcIp: 'fe80::1', srcPort: 1, dstIp: '::', dstPort: 2 },
    ],
    [
      'over IPv4 on an IPv6 socket',
      {
        transport: 'datagram',
        source: { address: '::ffff:10.0.0.1', port: 1 },
        destination: { address: '::', port: 2 },
      },
      { family: 2, srcIp: '10.0.0.1', srcPort: 1, dstIp: '0.0.0.0', dstPort: 2 },
    ],
    [
      'of two families',
      { transport: 'x', source: { address: '10.0.0.1', port: 1 }, destination: { address: '2001:db8::1', port: 2 } },
      { family: 10, srcIp: '::ffff:10.0.0.1', dstIp: '2001:db8::1' },
    ],
    [
      'with one end that is no address',
      { transport: 'x', source: { address: '10.0.0.1', port: 1 }, destination: { address: 'here', port: 70_000 } },
      { family: 2, srcIp: '10.0.0.1', srcPort: 1, dstIp: '0.0.0.0', dstPort: 0 },
    ],
  ])('%s is traced, and its reply the other way', async (_, peer, ends) => {
    const { port, arrived } = await collecting({ udp: { port: 0 } })
    const { tracer } = await tracing(`[t]127.0.0.1:${port('udp')};transport=udp`)
    tracer.reply(tracer.request({ command: 'c', backend: 'b', params: [], peer }), 'r')
    const [request, reply] = (await arrived(2)).map(({ message }) => message)
    expect(request).toMatchObject({ ...ends, ipProto: 6, protoType: 0x57 })
    const { srcIp, srcPort, dstIp, dstPort } = request ?? {}
    expect(reply).toMatchObject({ srcIp: dstIp, srcPort: dstPort, dstIp: srcIp, dstPort: srcPort })
  })

  test.each([1, 2] as const)('has its payload in version %i too', async (version) => {
    const { port, arrived } = await collecting({ udp: { port: 0 } })
    const { tracer, lines } = await tracing(`[t]127.0.0.1:${port('udp')};version=${version}`, { captureId: 300 })
    tracer.reply(tracer.request({ command: 'c', backend: 'datagram', params: ['a'], peer: udpPeer }), 'r')
    const messages = (await arrived(2)).map(({ message }) => message)
    expect(messages.map(hepPayloadText)).toEqual(['c:datagram:a', 'r'])
    expect(messages[0]).toMatchObject({ version, ipProto: 6, srcPort: 40_000, dstPort: 8_080 })
    if (version === 2) expect(messages[0]?.captureId).toBe(300)
    expect(lines).toContain(`warn HEP version ${version} cannot go over tcp: udp is used`)
  })

  test('tells version 2 its time as heplify-server reads it, where that is asked for', async () => {
    const { port, arrived } = await collecting({ udp: { port: 0 }, decode: { v2Time: 'be10' } })
    const { trace } = await tracing({
      host: '127.0.0.1',
      port: port('udp'),
      transport: 'udp',
      version: 2,
      v2Time: 'be10',
    })
    trace('c')
    const [first] = await arrived(2)
    expect(Math.abs((first?.message.timeSec ?? 0) - Date.now() / 1_000)).toBeLessThan(60)
  })

  test('goes to each destination in its own way, with one id', async () => {
    const { port, arrived } = await collecting({ udp: { port: 0 }, tcp: { port: 0 } })
    const { trace } = await tracing(
      [
        { name: 'plain', host: '127.0.0.1', port: port('udp'), transport: 'udp', captureId: 5 },
        { name: 'json', host: '127.0.0.1', port: port('tcp'), format: 'homer6', authKey: 'secret' },
      ],
      { homer5Delim: '|' },
    )
    trace('ps', 'text')
    const arrivals = await arrived(4)
    const over = (transport: string) => arrivals.filter(({ sender }) => sender.transport === transport)
    expect(over('udp').map(({ message }) => hepPayloadText(message))).toEqual(['ps|fifo', 'text'])
    expect(over('udp')[0]?.message).toMatchObject({ captureId: 5 })
    expect(over('udp')[0]?.message.authKey).toBeUndefined()
    expect(over('tcp').map(({ mi }) => mi)).toMatchObject([
      { kind: 'request', command: 'ps', backend: 'fifo' },
      { kind: 'reply', reply: 'text' },
    ])
    expect(over('tcp')[0]?.message).toMatchObject({ captureId: 1, authKey: 'secret' })
    expect(new Set(arrivals.map(({ message }) => message.correlationId)).size).toBe(1)
  })

  test.each([
    ['udp', 65_507],
    ['tcp', 65_535],
  ] as const)('with maxFieldBytes 0 is whole, up to what a packet over %s holds', async (transport, largest) => {
    const { port, arrived } = await collecting({ udp: { port: 0 }, tcp: { port: 0 } })
    const { trace } = await tracing(`[t]127.0.0.1:${port(transport)};transport=${transport}`, {
      maxFieldBytes: 0,
      homer5On: false,
    })
    trace('a', 'x'.repeat(10_000))
    trace('b', '"é'.repeat(50_000))
    trace('c'.repeat(100_000))
    const arrivals = await arrived(6)
    const replies = arrivals.flatMap(({ mi }) => (mi?.kind === 'reply' ? [mi.reply] : []))
    expect(replies).toContain('x'.repeat(10_000))
    const cut = replies.find((reply) => reply.startsWith('"')) ?? ''
    expect('"é'.repeat(50_000).startsWith(cut)).toBe(true)
    // Some octets are kept for an IPv6 address.
    expect(cut.length * 2).toBeGreaterThan(largest - 200)
    expect(arrivals.some(({ mi }) => mi?.kind === 'request' && mi.command.length > 65_000)).toBe(true)
  })
})

describe('a tracer', () => {
  test('opens nothing before it listens, and counts what it is given then and after its close as dropped', async () => {
    const tracer = hep('[t]127.0.0.1:9;transport=udp')
    tracer.request({ command: 'c', backend: 'fifo', params: undefined, peer: fifoPeer })
    expect(tracer.status()).toMatchObject([
      { name: 't', address: 'udp:127.0.0.1:9', state: 'closed', dropped: 1, queued: 0 },
    ])
    await tracer.listen()
    expect(tracer.status()).toMatchObject([{ state: 'connecting' }])
    await tracer.close()
    await tracer.close()
    tracer.request({ command: 'c', backend: 'fifo', params: undefined, peer: fifoPeer })
    expect(tracer.status()).toMatchObject([{ state: 'closed', dropped: 2 }])
  })

  test('that several engines use is closed by the last of them, and can listen again', async () => {
    const { port, arrived } = await collecting({ udp: { port: 0 } })
    const { tracer, trace } = await tracing(`[t]127.0.0.1:${port('udp')};transport=udp`)
    await tracer.listen()
    await tracer.close()
    trace('a')
    await arrived(2)
    const closing = tracer.close()
    await tracer.listen()
    await closing
    trace('b')
    expect((await arrived(4)).map(({ mi }) => mi?.kind)).toEqual(['request', 'reply', 'request', 'reply'])
  })

  test('refuses a reply to what it has not traced', async () => {
    const { tracer } = await tracing('[t]127.0.0.1:9;transport=udp')
    expect(() => tracer.reply(undefined, 'x')).toThrow('must be what request() returned')
  })

  test('sends what it was given within one turn, in the order of requests and of replies', async () => {
    const { port, packets } = await udpSink()
    const { tracer, status } = await tracing(`[t]127.0.0.1:${port};transport=udp`)
    await until('the socket', () => status().state === 'connected')
    const names = Array.from({ length: 100 }, (_, index) => `command_${index}`)
    for (const command of names) {
      tracer.reply(tracer.request({ command, backend: 'fifo', params: [], peer: fifoPeer }), `reply to ${command}`)
    }
    await until('all packets', () => packets.length === 200)
    const texts = packets.map((packet) => hepPayloadText(decodeHep(packet)))
    expect(texts).toEqual([...names.map((name) => `${name}:fifo`), ...names.map((name) => `reply to ${name}`)])
    expect(status()).toMatchObject({ sent: 200, queued: 0, dropped: 0 })
  })
})
