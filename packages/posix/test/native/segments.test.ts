import { constants } from 'node:os'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { openDatagram } from '../../src/index.js'
import { anyPort, listening, sendAll } from '../support/sockets.js'
import { until } from '../support/until.js'

const room = 4_194_304

/** Datagrams of one length to one peer go to the system in one piece: nobody may see that. */
async function pair(type: 'udp4' | 'udp6') {
  const from = await listening(openDatagram, { bind: anyPort(type), sendBufferBytes: room })
  const to = await listening(openDatagram, { bind: anyPort(type), receiveBufferBytes: room })
  return { from, to, peer: from.socket.peer(to.socket.address) }
}

describe.each(['udp4', 'udp6'] as const)('datagrams of one length over %s', (type) => {
  test('arrive one by one, in order, and are reported one by one', async () => {
    const { from, to, peer } = await pair(type)
    const messages = Array.from({ length: 150 }, (_, index) => `message ${String(index).padStart(3, '0')}`)
    sendAll(from.socket, messages, peer)
    expect([...from.socket.results.slice(0, 150)]).toEqual(messages.map(({ length }) => length))
    await until('all of them', () => to.texts.length >= messages.length)
    expect(to.texts).toEqual(messages)
  })

  test('arrive as they are among others, whatever their lengths', async () => {
    const { from, to, peer } = await pair(type)
    const length = fc.oneof(fc.constantFrom(0, 1, 7, 1_199, 1_200, 1_201, 9_000), fc.nat(40))
    const runs = fc.array(fc.tuple(length, fc.integer({ min: 1, max: 5 })), { minLength: 1, maxLength: 12 })
    await fc.assert(
      fc.asyncProperty(runs, async (lengths) => {
        to.texts.length = 0
        const messages = lengths.flatMap(([bytes, times], run) =>
          Array.from({ length: times }, (_, at) => String.fromCharCode(97 + ((run + at) % 26)).repeat(bytes)),
        )
        sendAll(from.socket, messages, peer)
        await until('all of them', () => to.texts.length >= messages.length)
        expect(to.texts).toEqual(messages)
      }),
      { numRuns: 60 },
    )
  })

  test('go to each of several peers, between whom they alternate', async () => {
    const { from, to, peer } = await pair(type)
    const other = await listening(openDatagram, { bind: anyPort(type) })
    const otherPeer = from.socket.peer(other.socket.address)
    const peers = Array.from({ length: 60 }, (_, index) => (index % 6 < 4 ? peer : otherPeer))
    const messages = peers.map((_, index) => `m${String(index).padStart(2, '0')}`)
    expect(from.socket.send(messages, peers)).toBe(0)
    await until('all of them', () => to.texts.length + other.texts.length >= 60)
    expect(to.texts).toEqual(messages.filter((_, index) => peers[index] === peer))
    expect(other.texts).toEqual(messages.filter((_, index) => peers[index] === otherPeer))
  })

  test('that the system refuses are reported one by one, and the next ones still go', async () => {
    const { from, to, peer } = await pair(type)
    const nowhere = from.socket.peer(anyPort(type))
    const messages = ['aa', 'bb', 'cc', 'dd', 'ee']
    expect(from.socket.send(messages, [nowhere, nowhere, peer, peer, peer])).toBe(2)
    expect([...from.socket.results.slice(0, 5)]).toEqual([-constants.errno.EINVAL, -constants.errno.EINVAL, 2, 2, 2])
    await until('the rest', () => to.texts.length === 3)
    expect(to.texts).toEqual(['cc', 'dd', 'ee'])
  })
})
