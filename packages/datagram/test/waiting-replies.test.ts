import { constants } from 'node:os'
import type { DatagramAddress } from '@mi/posix'
import { expect, test } from 'vitest'
import type { PendingReply } from '../src/line.js'
import { PendingReplies } from '../src/pending-replies.js'
import { Sender } from '../src/sender.js'
import { until } from './support/fixture.js'

const limits = { socketTimeout: 1_000, maxPendingReplyBytes: 10_000, maxPendingReplyBytesPerPeer: 10_000 }

function sender(address: DatagramAddress): Sender {
  return new Sender(
    { address, credentials: undefined },
    { slot: -1, sockaddr: new Uint8Array() },
    true,
    () => undefined,
  )
}

const unix = (path: string): Sender => sender({ type: 'unix', path })
const text = (reply: string): PendingReply => ({ text: reply, octets: reply.length, final: true })

/** Replies that wait at a system which has room for so many messages; what the system refuses for good is by text. */
function waiting(type: DatagramAddress['type'] = 'unix', changes: Partial<typeof limits> = {}) {
  const events: string[] = []
  const tried: number[] = []
  const system = { room: 0, refuses: new Map<string, number>(), asked: 0 }
  const address: DatagramAddress = type === 'unix' ? { type, path: '/server' } : { type, address: '::1', port: 8080 }
  const results = new Int32Array(1_000)
  const socket = {
    address,
    results,
    send(texts: readonly (string | Uint8Array)[], senders: readonly Sender[]): number {
      tried.push(performance.now())
      let failed = 0
      for (const [index, each] of texts.entries()) {
        const refusal = system.refuses.get(String(each))
        results[index] = refusal ?? (system.room > 0 ? each.length : -constants.errno.EAGAIN)
        if (refusal === undefined && system.room > 0) {
          system.room--
          events.push(`${senders[index]?.key} gets ${each}`)
        } else failed++
      }
      return failed
    },
    awaitWritable: () => void system.asked++,
  }
  const pending = new PendingReplies(
    socket,
    { ...limits, ...changes },
    {
      sent: (count) => events.push(`${count} sent`),
      dropped: (reason, { key }, replies) => events.push(`${key} loses ${replies.map((each) => each.text)}: ${reason}`),
      instead: (_, { octets }) => (octets > 5 ? text('short') : undefined),
    },
  )
  return { pending, events, tried, system }
}

test('close gives up what still waits after its time', async () => {
  const { pending, events } = waiting()
  pending.add(unix('/a'), text('one'))
  pending.add(unix('/a'), text('two'))
  pending.add(unix('/b'), text('three'))
  await pending.close(20)
  expect(events).toEqual(['/a loses one,two: closed', '/b loses three: closed'])
  expect(pending.isEmpty).toBe(true)
})

test('close ends as soon as nothing waits any more', async () => {
  const { pending, events, system } = waiting()
  pending.add(unix('/a'), text('one'))
  system.room = 1
  await pending.close(60_000)
  expect(events).toEqual(['/a gets one', '1 sent'])
})

test('peers take turns at the room that there is', async () => {
  const { pending, events, system } = waiting()
  for (const name of ['/a', '/b']) for (const reply of ['1', '2', '3']) pending.add(unix(name), text(reply))
  system.room = 4
  pending.wakeAll()
  pending.tryAwake()
  expect(events.filter((event) => event.includes('gets'))).toEqual(['/a gets 1', '/b gets 1', '/a gets 2', '/b gets 2'])
  await pending.close(1)
})

test('pauses between tries double from 1 to 16 ms while nothing goes, and nothing is tried without end', async () => {
  const { pending, tried, events } = waiting('unix', { socketTimeout: 200 })
  pending.add(unix('/a'), text('one'))
  await until('it to be given up', () => events.length === 1)
  expect(events).toEqual(['/a loses one: peer_stalled'])
  expect(tried.length).toBeLessThanOrEqual(17)
  expect(tried.length).toBeGreaterThan(3)
})

test('a peer that sends is tried at once, and nobody else', async () => {
  const { pending, events, system } = waiting()
  pending.add(unix('/a'), text('one'))
  pending.add(unix('/b'), text('two'))
  system.room = 2
  pending.wake(unix('/b'))
  pending.tryAwake()
  expect(events).toEqual(['/b gets two', '1 sent'])
  await pending.close(1_000)
})

test('an abstract name is told from a path that looks like it', async () => {
  const { pending, events, system } = waiting()
  pending.add(unix('\0name'), text('secret'))
  pending.add(unix('@name'), text('other'))
  system.room = 2
  await pending.close(1_000)
  expect(events).toContain('\0name gets secret')
  expect(events).toContain('@name gets other')
})

test('what the system takes for too long is replaced, what it refuses is dropped, and the rest goes on', async () => {
  const { pending, events, system } = waiting()
  const { EMSGSIZE, EACCES } = constants.errno
  system.refuses.set('far too long', -EMSGSIZE).set('long', -EMSGSIZE).set('refused', -EACCES)
  for (const reply of ['far too long', 'long', 'refused', 'fine']) pending.add(unix('/a'), text(reply))
  system.room = 10
  await pending.close(1_000)
  expect(events).toEqual([
    '/a gets fine',
    '/a loses long: reply_too_large',
    '/a loses refused: reply_failed',
    '1 sent',
    '/a gets short',
    '1 sent',
  ])
})

test('over UDP the system is asked to tell when it has room, at each timed try and not at each failed one', async () => {
  const { pending, system, events } = waiting('udp6')
  pending.add(sender({ type: 'udp6', address: '::1', port: 9 }), text('one'))
  expect(system.asked).toBe(1)
  for (let notice = 0; notice < 10; notice++) {
    pending.wakeAll()
    pending.tryAwake()
  }
  expect(system.asked).toBe(1)
  await until('a timed try', () => system.asked > 1)
  system.room = 1
  await pending.close(1_000)
  expect(events[0]).toBe('udp:[::1]:9 gets one')
})
