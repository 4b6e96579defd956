import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { type Fixture, type Peer, request, serve, until } from './support/fixture.js'

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
