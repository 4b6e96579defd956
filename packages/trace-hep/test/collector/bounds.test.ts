import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { encodeHep } from '../../src/codec/encode.js'
import type { HepMalformed, HepSender } from '../../src/collector/arrivals.js'
import { type HepCollectorOptions, resolveCollectorOptions } from '../../src/collector/collector-options.js'
import { Intake } from '../../src/collector/intake.js'
import { collecting } from '../support/collecting.js'
import { until } from '../support/until.js'

const sender: HepSender = { transport: 'udp', address: '127.0.0.1', port: 1 }
const ends = { srcIp: '127.0.0.1', dstIp: '127.0.0.1', srcPort: 1, dstPort: 2, ipProto: 6 }

function intakeOf(options: Partial<HepCollectorOptions> = {}): Intake {
  const intake = new Intake(resolveCollectorOptions({ udp: {}, ...options }))
  onTestFinished(() => intake.close())
  return intake
}

/** A request of 1 MiB in a packet of about 1.1 kB, which ends with its correlation id. */
const bombTemplate = encodeHep({
  ...ends,
  protoType: 0x57,
  correlationId: '00000',
  payload: `ps:fifo:${'x'.repeat(1_048_576 - 8)}`,
  compressed: true,
})

function bomb(index: number): Buffer {
  const packet = Buffer.from(bombTemplate)
  packet.write(String(index).padStart(5, '0'), packet.length - 5)
  return packet
}

function megabytes(): number {
  const { heapUsed, external } = process.memoryUsage()
  return (heapUsed + external) / 1_048_576
}

describe('a collector under packets that inflate', () => {
  test('refuses payloads over 64 KiB unless it is given another limit', () => {
    const intake = intakeOf()
    const refused: HepMalformed[] = []
    intake.emitter.on('malformed', (each: HepMalformed) => refused.push(each))
    for (let index = 0; index < 1_500; index++) intake.datagram(bomb(index), sender)
    expect(intake.counts).toEqual({ messages: 0, malformed: 1_500, unanswered: 0, missed: 0 })
    expect(refused.map(({ error }) => error.code)).toEqual(['HEP_INFLATE_LIMIT'])
  })

  test('keeps no more than its bounds in bytes for slow loops and open requests', () => {
    const intake = intakeOf({ decode: { maxInflatedBytes: 1_048_576 } })
    intake.loop()
    const before = megabytes()
    for (let index = 0; index < 700; index++) intake.datagram(bomb(index), sender)
    const { messages, unanswered, missed } = intake.counts
    expect(messages).toBe(700)
    expect(missed).toBeGreaterThan(690)
    expect(unanswered).toBeGreaterThan(690)
    // Over 700 without the bounds. Garbage that is not collected yet counts too.
    expect(megabytes() - before).toBeLessThan(300)
  })

  test('counts small chunks and long correlation ids as what they take', () => {
    const chunks = Array.from({ length: 5_000 }, () => ({ vendor: 9, type: 1, body: Buffer.alloc(0) }))
    const intake = intakeOf({ maxQueuedBytes: 10_000_000, maxOpenBytes: 1_000_000 })
    intake.loop()
    for (let index = 0; index < 100; index++) {
      const correlationId = `${index} ${'i'.repeat(20_000)}`
      intake.datagram(encodeHep({ ...ends, protoType: 0x57, correlationId, chunks, payload: 'ps:fifo' }), sender)
    }
    expect(intake.counts.missed).toBeGreaterThan(90)
    expect(intake.counts.unanswered).toBeGreaterThan(70)
  })

  test('keeps the newest request, however large it is', () => {
    const intake = intakeOf({ maxOpenBytes: 1 })
    const seen: unknown[] = []
    intake.emitter.on('message', ({ mi }) => seen.push(mi))
    const packet = (payload: string): Buffer => encodeHep({ ...ends, protoType: 0x57, correlationId: 'a', payload })
    intake.datagram(packet('ps:fifo'), sender)
    intake.datagram(packet('{}'), sender)
    expect(seen[1]).toMatchObject({ kind: 'reply' })
  })
})

describe('a flood of what is not a packet', () => {
  test('gives one event for each error code and second, with a count and the first as example', async () => {
    const intake = intakeOf()
    const events: HepMalformed[] = []
    intake.emitter.on('malformed', (each: HepMalformed) => events.push(each))
    const good = encodeHep({ ...ends, payload: 'x' })
    for (let index = 0; index < 5_000; index++) {
      intake.datagram(Buffer.from(`GET /${index}`), sender)
      intake.datagram(good.subarray(0, good.length - 1), sender)
    }
    expect(events.map(({ error, count }) => [error.code, count])).toEqual([
      ['HEP_VERSION', 1],
      ['HEP_TRUNCATED', 1],
    ])
    await until('the sums', () => events.length === 4)
    expect(events.slice(2).map(({ error, bytes, count }) => [error.code, bytes, count])).toEqual([
      ['HEP_VERSION', 6, 4_999],
      ['HEP_TRUNCATED', good.length - 1, 4_999],
    ])
    expect(intake.counts.malformed).toBe(10_000)
  })

  test('is summed up at close too', () => {
    const intake = intakeOf()
    const counts: number[] = []
    intake.emitter.on('malformed', ({ count }) => counts.push(count))
    intake.emitter.on('problem', (_, count) => counts.push(count))
    for (let index = 0; index < 3; index++) {
      intake.datagram(Buffer.from('GET'), sender)
      intake.problem('ECONNRESET', new Error('reset'))
    }
    intake.close()
    expect(counts).toEqual([1, 1, 2, 2])
  })
})

describe('a TCP connection of a collector', () => {
  async function connected(port: number): Promise<Socket> {
    const socket = connect(port, '127.0.0.1')
    onTestFinished(() => void socket.destroy())
    socket.on('error', () => {
      // Closed by the collector, maybe with a reset.
    })
    socket.resume()
    await once(socket, 'connect')
    return socket
  }

  test('that delivers no packet is closed after idleTimeoutMs, and makes room for another', async () => {
    const { port, arrived } = await collecting({ tcp: { port: 0 }, maxConnections: 1, idleTimeoutMs: 300 })
    const idle = await connected(port('tcp'))
    await once(idle, 'close')
    const other = await connected(port('tcp'))
    other.write(encodeHep({ ...ends, payload: 'x' }))
    await arrived(1)
    await once(other, 'close')
  })

  test('is closed although single bytes keep coming', async () => {
    const { port, problems } = await collecting({ tcp: { port: 0 }, idleTimeoutMs: 300 })
    const slow = await connected(port('tcp'))
    const packet = encodeHep({ ...ends, payload: 'x'.repeat(60_000) })
    let at = 0
    const drip = setInterval(() => slow.write(packet.subarray(at, ++at)), 5)
    onTestFinished(() => clearInterval(drip))
    await once(slow, 'close')
    await until('the problem', () => problems.length > 0)
    expect(problems[0]?.message).toContain('ended within a packet')
  })
})
