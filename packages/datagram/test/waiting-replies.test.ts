import { constants } from 'node:os'
import type { DatagramAddress } from '@mi/posix'
import { expect, test } from 'vitest'
import { Peer } from '../src/peer.js'
import { waitingReply } from '../src/peer-queue.js'
import { ReplyOutcomes } from '../src/reply-outcomes.js'
import { RequestCounters } from '../src/request-counters.js'
import { WaitingReplies } from '../src/waiting-replies.js'
import { until } from './support/fixture.js'

const limits = { socketTimeout: 1_000, maxPendingReplyBytes: 10_000, maxPendingReplyBytesPerPeer: 10_000 }

function peer(address: DatagramAddress): Peer {
  const sockaddr = Buffer.from(address.type === 'unix' ? address.path : '')
  return new Peer({ address, credentials: undefined }, { slot: -1, sockaddr }, true, () => undefined)
}

const unix = (path: string): Peer => peer({ type: 'unix', path })
const text = (reply: string) => waitingReply(reply, true)

/** Replies that wait at a system which has room for so many messages; what the system refuses for good is by text. */
function waiting(type: DatagramAddress['type'] = 'unix', changes: Partial<typeof limits> = {}) {
  const events: string[] = []
  const tried: number[] = []
  const system = { room: 0, refuses: new Map<string, number>(), asked: 0, suspected: 0, isFull: false }
  const results = new Int32Array(1_000)
  const current = {
    results,
    send(texts: readonly (string | Uint8Array)[], peers: readonly Peer[]): number {
      tried.push(performance.now())
      let failed = 0
      for (const [index, each] of texts.entries()) {
        const refusal = system.refuses.get(String(each))
        results[index] = refusal ?? (system.room > 0 ? each.length : -constants.errno.EAGAIN)
        if (refusal === undefined && system.room > 0) {
          system.room--
          events.push(`${peers[index]?.shown.address} gets ${each}`)
        } else failed++
      }
      return failed
    },
  }
  const sockets = {
    current,
    isFull: () => system.isFull,
    leaveFull: () => void system.suspected++,
    awaitRoom: () => void (type === 'unix' || system.asked++),
  }
  const log = { debug() {}, info() {}, warn() {}, error() {} }
  const drop = (reason: string, { peer, bytes }: Readonly<Record<string, unknown>> = {}, count = 1): void => {
    events.push(`${peer} loses ${count} of ${bytes} bytes: ${reason}`)
  }
  const counters = new RequestCounters()
  const outcomes = new ReplyOutcomes({ drop, log }, counters, false)
  const replies = new WaitingReplies(sockets, { ...limits, ...changes }, outcomes)
  /** How many requests are settled. */
  const settled = (): number => -counters.open
  return { waiting: replies, events, tried, system, settled }
}

test('close drops what still waits after its time', async () => {
  const { waiting: replies, events, settled } = waiting()
  replies.add(unix('/a'), text('one'))
  replies.add(unix('/a'), text('two'))
  replies.add(unix('/b'), text('three'))
  await replies.close(20)
  expect(events.toSorted()).toEqual(['/a loses 2 of 6 bytes: closed', '/b loses 1 of 5 bytes: closed'])
  expect([replies.queues.size, settled()]).toEqual([0, 3])
})

test('close ends as soon as nothing waits any more', async () => {
  const { waiting: replies, events, system, settled } = waiting()
  replies.add(unix('/a'), text('one'))
  system.room = 1
  await replies.close(60_000)
  expect([events, settled()]).toEqual([['/a gets one'], 1])
})

test('peers take turns at the room that there is', async () => {
  const { waiting: replies, events, system } = waiting()
  for (const name of ['/a', '/b']) for (const reply of ['1', '2', '3']) replies.add(unix(name), text(reply))
  system.room = 4
  replies.wakeAll()
  replies.tryAwake()
  expect(events).toEqual(['/a gets 1', '/b gets 1', '/a gets 2', '/b gets 2'])
  await replies.close(1)
})

test('a peer that got nothing is first when there is room again', async () => {
  const { waiting: replies, events, system } = waiting()
  for (const name of ['/a', '/b', '/c']) for (const reply of ['1', '2']) replies.add(unix(name), text(reply))
  for (let turn = 0; turn < 6; turn++) {
    system.room = 1
    replies.wakeAll()
    replies.tryAwake()
  }
  expect(events).toEqual(['/a gets 1', '/b gets 1', '/c gets 1', '/a gets 2', '/b gets 2', '/c gets 2'])
})

test('where too much waits, those who wait for most lose their newest replies, and not one who waits for little', async () => {
  const { waiting: replies, events, system, settled } = waiting()
  const large = 'z'.repeat(3_000)
  for (const reply of [large, `${large}1`]) replies.add(unix('/large'), text(reply))
  replies.add(unix('/small'), text('1'))
  replies.add(unix('/other'), text('zz'.repeat(1_500)))
  replies.add(unix('/new'), text('new'))
  expect(events).toEqual(['/large loses 1 of 3001 bytes: too_many_pending'])
  replies.add(unix('/new'), text(large))
  replies.add(unix('/larger'), text('z'.repeat(20_000)))
  expect(events.slice(1)).toEqual([
    '/new loses 1 of 3000 bytes: too_many_pending',
    '/larger loses 1 of 20000 bytes: too_many_pending',
  ])
  system.room = 10
  await replies.close(1_000)
  expect(events.slice(3).map((event) => event.slice(0, 12))).toEqual([
    '/large gets ',
    '/small gets ',
    '/other gets ',
    '/new gets ne',
  ])
  expect(settled()).toBe(7)
})

test('many small replies that wait count with the memory that they take', () => {
  const { waiting: replies, events } = waiting()
  for (let count = 0; count < 100; count++) replies.add(unix('/a'), text('1'))
  expect(events.length).toBeGreaterThan(50)
})

test('a reply that the send buffer had no room for is not blamed on its peer', async () => {
  const { waiting: replies, events, system } = waiting('unix', { socketTimeout: 20 })
  system.isFull = true
  replies.add(unix('/a'), text('one'))
  await until('it to be dropped', () => events.length === 1)
  expect(events).toEqual(['/a loses 1 of 3 bytes: send_buffer_full'])
})

test('pauses between tries double from 1 to 16 ms while nothing goes, and nothing is tried without end', async () => {
  const { waiting: replies, tried, events, system } = waiting('unix', { socketTimeout: 200 })
  replies.add(unix('/a'), text('one'))
  await until('it to be dropped', () => events.length === 1)
  expect(events).toEqual(['/a loses 1 of 3 bytes: peer_stalled'])
  expect(tried.length).toBeLessThanOrEqual(17)
  // Before it is dropped, at the latest, it is looked at whether the send buffer is the cause.
  expect(system.suspected).toBeGreaterThan(0)
})

test('a peer that sends is tried at once, and nobody else', async () => {
  const { waiting: replies, events, system } = waiting()
  replies.add(unix('/a'), text('one'))
  replies.add(unix('/b'), text('two'))
  system.room = 2
  replies.wake(unix('/b'))
  replies.tryAwake()
  expect(events).toEqual(['/b gets two'])
  await replies.close(1_000)
})

test('peers are told apart by the bytes of their names, not by the text for people', async () => {
  const { waiting: replies, events, system } = waiting()
  const named = (bytes: Buffer): Peer =>
    new Peer(
      { address: { type: 'unix', path: 'c\ufffd' }, credentials: undefined },
      { slot: -1, sockaddr: bytes },
      true,
      () => undefined,
    )
  const [one, other] = [named(Buffer.from('c\xff', 'latin1')), named(Buffer.from('c\xfe', 'latin1'))]
  replies.add(one, text('for one'))
  expect([replies.has(one), replies.has(other)]).toEqual([true, false])
  replies.add(unix('\0name'), text('secret'))
  replies.add(unix('@name'), text('other'))
  expect(replies.queues.size).toBe(3)
  system.room = 3
  await replies.close(1_000)
  expect(events).toHaveLength(3)
})

test('what the system calls too long is replaced, what it refuses is dropped, and the rest goes on', async () => {
  const { waiting: replies, events, system, settled } = waiting()
  const { EMSGSIZE, EACCES } = constants.errno
  const long = `{"result":"${'z'.repeat(300)}","id":7}`
  system.refuses.set(long, -EMSGSIZE).set('short', -EMSGSIZE).set('refused', -EACCES)
  for (const reply of [long, 'short', 'refused', 'fine']) replies.add(unix('/a'), text(reply))
  system.room = 10
  await replies.close(1_000)
  const data = `Reply of ${long.length} bytes is longer than the system sends as one datagram`
  expect(events).toEqual([
    '/a gets fine',
    '/a loses 1 of 5 bytes: reply_too_large',
    '/a loses 1 of 7 bytes: reply_failed',
    `/a gets {"jsonrpc":"2.0","error":{"code":-32000,"message":"Server error","data":"${data}"},"id":7}`,
  ])
  expect(settled()).toBe(4)
})

test('over UDP the system is asked to report room, at each timed try and not at each failed one', async () => {
  const { waiting: replies, system, events } = waiting('udp6')
  replies.add(peer({ type: 'udp6', address: '::1', port: 9 }), text('one'))
  expect(system.asked).toBe(1)
  for (let notice = 0; notice < 10; notice++) {
    replies.wakeAll()
    replies.tryAwake()
  }
  expect(system.asked).toBe(1)
  await until('a timed try', () => system.asked > 1)
  system.room = 1
  await replies.close(1_000)
  expect(events[0]).toBe('udp:[::1]:9 gets one')
})
