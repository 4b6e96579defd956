import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { openDatagram } from '@mi/posix'
import { expect, onTestFinished, test } from 'vitest'
import { Peer as ServedPeer } from '../src/peer.js'
import { ReplySockets } from '../src/reply-sockets.js'
import { type Fixture, type Peer, request, serve, temporaryDirectory, until } from './support/fixture.js'

const big = { big: () => 'z'.repeat(60_000), ok: () => 'OK' }

/** A peer that asks for so many answers of 60 kB and reads none. */
async function mutePeer({ peer }: Fixture, requests: number, connected: boolean): Promise<Peer> {
  const mute = await peer({ connected })
  mute.pause()
  for (let id = 1; id <= requests; id++) await mute.send(request('t:big', id))
  return mute
}

test('30 peers that ask for large answers and read nothing take the answers from nobody else', async () => {
  const server = await serve('unix', {}, big)
  const mute: Peer[] = []
  for (let count = 0; count < 30; count++) mute.push(await mutePeer(server, 11, false))
  const reader = await server.peer()
  for (let id = 1; id <= 20; id++) {
    await reader.send(request('t:big', id))
    await until(`answer ${id}`, () => reader.texts.length === id)
  }
  expect(server.drops('send_buffer_full')).toBe(0)
  for (const peer of mute) peer.resume()
  await until('the answers that the others left unread', () => {
    const read = mute.reduce((sum, { texts }) => sum + texts.length, 0)
    return read + server.drops('peer_stalled') === 330
  })
})

test('a peer that is connected to the server and reads nothing holds up only those that are connected too', async () => {
  const server = await serve('unix', { socketTimeout: 500, maxPendingReplyBytes: 1_000_000 }, big)
  const mute = await mutePeer(server, 300, true)
  expect(await server.ask('t:ok')).toMatchObject({ result: 'OK' })
  const connected = await server.peer({ connected: true })
  await connected.send(request('t:ok', 1))
  await until('its answer to be dropped, with the reason', () => server.drops('send_buffer_full') > 0)
  expect(server.drops('peer_stalled')).toBe(0)
  expect(await server.ask('t:ok')).toMatchObject({ result: 'OK' })
  await mute.close()
  await connected.send(request('t:ok', 2))
  await until('the answer', () => connected.texts.length > 0)
})

test('sockets that replies went out of are closed with the server', async () => {
  const descriptors = (): number => readdirSync('/proc/self/fd').length
  const before = descriptors()
  const server = await serve('unix', { socketTimeout: 500, maxPendingReplyBytes: 1_000_000 }, big)
  const mute = await mutePeer(server, 300, true)
  expect(await server.ask('t:ok')).toMatchObject({ result: 'OK' })
  await mute.close()
  await server.mi.close()
  // The socket of the peer that asked is one.
  await until('all descriptors to be closed', () => descriptors() <= before + 1)
})

test('a socket that is full is left for another one, which is used at once when it is there', async () => {
  const path = join(temporaryDirectory(), 'mi.sock')
  const listening = await openDatagram<ServedPeer>({
    bind: { type: 'unix', path },
    sendBufferBytes: 1,
    createPeer: (facts, handle) => new ServedPeer(facts, handle, true, () => undefined),
  })
  let called = 0
  const log = { debug() {}, info() {}, warn() {}, error() {} }
  const sockets = new ReplySockets(listening, log, () => void called++)
  const mute = await openDatagram({ bind: { type: 'unix', path: `${path}.mute` } })
  onTestFinished(() => {
    sockets.close()
    mute.close()
    listening.close()
  })
  const send = (): number => sockets.current.send(['z'.repeat(2_000)], [listening.peer(mute.address)])
  await until('the send buffer to be full', () => send() > 0)
  sockets.awaitRoom()
  await until('another socket', () => {
    sockets.leaveFull()
    return sockets.current !== listening
  })
  await until('a call for what waits', () => called > 0)
  expect([send(), called]).toEqual([0, 1])
})
