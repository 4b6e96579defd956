import { createMi } from '@mi/core'
import { describe, expect, onTestFinished, test } from 'vitest'
import { datagram } from '../src/index.js'
import { freePlace, freePort, looseModule, request, serve, until } from './support/fixture.js'
import { openRaw, ways } from './support/raw-socket.js'

const listen = (options: Parameters<typeof datagram>[0]) => createMi({ transports: [datagram(options)] }).listen()

describe('listen on UDP', () => {
  test('resolves a host name', async () => {
    const port = await freePort('udp4')
    const mi = createMi({ transports: [datagram({ socketName: `udp:localhost:${port}` })] })
    onTestFinished(() => mi.close())
    await mi.listen()
    const texts: string[] = []
    for (const address of [
      { type: 'udp4', address: '127.0.0.1', port } as const,
      { type: 'udp6', address: '::1', port } as const,
    ]) {
      const socket = await openRaw(address, { onText: (text) => texts.push(text) })
      await socket.send(request('pwd'))
      onTestFinished(() => socket.close())
    }
    await until('an answer', () => texts.length > 0)
  })

  test.each([
    ['a port that is taken', 'taken', 'another process listens there: stop it or choose another port in socketName'],
    [
      'an address of another machine',
      'udp:192.0.2.1:8080',
      "this machine has no such address: give one that it has in socketName, or 'udp:0.0.0.0:PORT'",
    ],
    ['a host that does not exist', 'udp:no-such-host.invalid:8080', 'the host name in socketName cannot be resolved'],
  ])('says what is wrong, where, and how to fix it, with %s', async (_, name, message) => {
    const socketName = name === 'taken' ? (await serve('udp4')).socketName : name
    const failure = await listen({ socketName, allow: ['127.0.0.1'] }).then(
      () => undefined,
      (error: unknown) => error,
    )
    expect(failure).toMatchObject({ code: 'MI_LISTEN', message: expect.stringContaining(socketName) })
    expect(failure).toMatchObject({ message: expect.stringContaining(message) })
  })

  test.each([
    ['udp:0.0.0.0', undefined, 1],
    ['udp:[::]', undefined, 1],
    ['udp:0.0.0.0', ['127.0.0.1'], 0],
    ['udp:127.0.0.1', undefined, 0],
    ['udp:127.1.2.3', undefined, 0],
    ['udp:[::1]', undefined, 0],
  ])('on %s with allow %j warns of strangers so often: %i', async (host, allow, warnings) => {
    const lines: string[] = []
    const warn = (_: object, text: string): void => void lines.push(text)
    const log = { debug() {}, info() {}, warn, error() {} }
    const socketName = `${host}:${await freePort(host.includes('[') ? 'udp6' : 'udp4')}`
    const mi = createMi({ log, transports: [datagram({ socketName, allow })] })
    onTestFinished(() => mi.close())
    await mi.listen()
    expect(lines.filter((line) => line.includes('may run every command; give `allow`'))).toHaveLength(warnings)
  })

  test('on all IPv6 addresses takes IPv4 too, and holds it against IPv4 ranges', async () => {
    const port = await freePort('udp6')
    const mi = createMi({ transports: [datagram({ socketName: `udp:[::]:${port}`, allow: ['127.0.0.0/8'] })] })
    onTestFinished(() => mi.close())
    await mi.listen()
    const texts: string[] = []
    const socket = await openRaw({ type: 'udp4', address: '127.0.0.1', port }, { onText: (text) => texts.push(text) })
    onTestFinished(() => socket.close())
    await socket.send(request('pwd'))
    await until('the answer', () => texts.length === 1)
    const stranger = await openRaw({ type: 'udp6', address: '::1', port }, { onText: (text) => texts.push(text) })
    onTestFinished(() => stranger.close())
    await stranger.send(request('pwd'))
    await until('the drop', () => mi.statistics('datagram:drops_not_allowed')['datagram:drops_not_allowed'] === 1)
    expect(texts).toHaveLength(1)
  })
})

describe('several processes', () => {
  test('take a module for them to serve', async () => {
    await expect(listen({ socketName: 'udp:127.0.0.1:8080', childrenCount: 4 })).rejects.toMatchObject({
      code: 'MI_LISTEN',
      message: expect.stringMatching(/childrenCount is 4, but childModule is missing; give the URL of a module/),
    })
  })

  test('take an engine that can start them', async () => {
    const { socketName } = await freePlace('udp4')
    const transport = datagram({ socketName, childrenCount: 2, childModule: '/srv/commands.js' })
    const log = { debug() {}, info() {}, warn() {}, error() {} }
    await expect(
      transport.listen({ dispatch: () => null, execute: () => ({ value: 'OK' }), drop() {}, log }),
    ).rejects.toMatchObject({
      code: 'MI_LISTEN',
      message: expect.stringContaining('(npm install @mi/processes) and write createMi({ processes: cluster(), ... })'),
    })
  })
})

describe.each(ways)('close, over %s,', (way) => {
  test('may be asked for by a command, which is answered', async () => {
    const { socketName, address } = await freePlace(way)
    const closing: Promise<void>[] = []
    const bye = (): void => void closing.push(mi.close())
    const mi = createMi({ modules: [looseModule({ bye })], transports: [datagram({ socketName })] })
    await mi.listen()
    const texts: string[] = []
    const socket = await openRaw(address, { onText: (text) => texts.push(text) })
    onTestFinished(() => socket.close())
    await socket.send(request('t:bye'))
    await until('the answer', () => texts.length === 1)
    await Promise.all(closing)
    expect(JSON.parse(texts[0] ?? '')).toMatchObject({ result: 'OK' })
  })

  test('leaves the place to the next server', async () => {
    const first = await serve(way)
    await first.mi.close()
    const mi = createMi({ transports: [datagram({ socketName: first.socketName })] })
    onTestFinished(() => mi.close())
    await mi.listen()
    expect(await first.ask('pwd')).toMatchObject({ result: {} })
  })
})

test('close gives a UNIX peer that reads slowly its replies, and does not wait for one that has stalled', async () => {
  const { peer, mi, drops } = await serve('unix', {}, { ok: () => 'OK' })
  const [slow, stalled] = [await peer(), await peer()]
  for (const client of [slow, stalled]) {
    client.pause()
    for (let id = 1; id <= 40; id++) await client.send(request('t:ok', id))
  }
  await until('all to be answered', () => mi.statistics('datagram:replies')['datagram:replies'] === 80)
  const closed = mi.close()
  slow.resume()
  await closed
  await until('all replies', () => slow.texts.length === 40)
  expect(drops('peer_stalled')).toBeGreaterThan(20)
  expect(drops()).toBe(drops('peer_stalled'))
})
