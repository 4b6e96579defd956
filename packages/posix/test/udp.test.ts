import { constants } from 'node:os'
import { describe, expect, test } from 'vitest'
import { DatagramPeer } from '../src/index.js'
import { anyPort, implementations, listening, sendAll } from './support/sockets.js'
import { until } from './support/until.js'

const { EBADF, EMSGSIZE } = constants.errno

const cases = implementations.flatMap((each) => [
  { ...each, type: 'udp4' as const, maxPayload: 65_507 },
  { ...each, type: 'udp6' as const, maxPayload: 65_527 },
])

describe.each(cases)('$type over $name', ({ name, open, type, maxPayload }) => {
  const twoSockets = async (options = {}) => {
    const server = await listening(open, { bind: anyPort(type), ...options })
    const client = await listening(open, { bind: anyPort(type) })
    return { server, client, toServer: client.socket.peer(server.socket.address) }
  }

  test('brings texts and senders, whom it can answer', async () => {
    const { server, client, toServer } = await twoSockets()
    sendAll(client.socket, ['one', 'zwei: ä', '三 𝄞', ''], toServer)
    await until('all four', () => server.texts.length === 4)
    expect(server.texts).toEqual(['one', 'zwei: ä', '三 𝄞', ''])
    expect(server.peers.map(({ address }) => address)).toEqual(Array(4).fill(client.socket.address))
    expect(server.peers[0]?.credentials).toBeUndefined()
    for (const peer of server.peers) sendAll(server.socket, [Buffer.from('answer')], peer)
    await until('the answers', () => client.texts.length === 4)
    expect(client.texts).toEqual(Array(4).fill('answer'))
  })

  test('has methods that work on their own', async () => {
    const { server, client } = await twoSockets()
    const { peer, send, pause, resume, awaitWritable, close } = client.socket
    pause()
    resume()
    awaitWritable()
    expect(send(['x'], [peer(server.socket.address)])).toBe(0)
    await until('it', () => server.texts.length === 1)
    close()
    expect(send(['x'], [peer(server.socket.address)])).toBe(1)
  })

  test('replaces what is not UTF-8', async () => {
    const { server, client, toServer } = await twoSockets()
    sendAll(client.socket, [Uint8Array.of(0x61, 0xff, 0xc3, 0x62), Uint8Array.of(0xed, 0xa0, 0x80)], toServer)
    await until('both', () => server.texts.length === 2)
    expect(server.texts).toEqual(['a��b', '���'])
  })

  test('tells a datagram that is too long from one that fits just so', async () => {
    const { server, client, toServer } = await twoSockets({ maxMessageBytes: 100 })
    sendAll(client.socket, ['x'.repeat(101), 'x'.repeat(100), 'ä'.repeat(51), 'end'], toServer)
    await until('all four', () => server.texts.length === 4)
    expect(server.texts).toEqual([null, 'x'.repeat(100), null, 'end'])
  })

  test('takes the largest datagram that there is', async () => {
    const { server, client, toServer } = await twoSockets()
    sendAll(client.socket, ['y'.repeat(maxPayload)], toServer)
    await until('it', () => server.texts.length === 1)
    expect(server.texts).toEqual(['y'.repeat(maxPayload)])
  })

  test('tells the result of each message, and goes on behind one that is too large', async () => {
    const { server, client, toServer } = await twoSockets()
    const messages = ['abc', 'z'.repeat(maxPayload + 1), 'ä']
    const failures = client.socket.send(
      messages,
      messages.map(() => toServer),
    )
    expect(failures).toBe(1)
    expect([...client.socket.results.slice(0, 3)]).toEqual([3, -EMSGSIZE, 2])
    await until('the others', () => server.texts.length === 2)
    expect(server.texts).toEqual(['abc', 'ä'])
  })

  test('sends any number of messages, to several peers in turn', async () => {
    const client = await listening(open, { bind: anyPort(type) })
    const servers = await Promise.all([0, 1, 2].map(() => listening(open, { bind: anyPort(type) })))
    const peers = servers.map(({ socket }) => client.socket.peer(socket.address))
    const each = 50
    const count = each * peers.length
    const messages = Array.from({ length: count }, (_, at) => `message ${at}`)
    const to = messages.flatMap((_, at) => peers[at % peers.length] ?? [])
    expect(client.socket.send(messages, to)).toBe(0)
    await until('all', () => servers.every(({ texts }) => texts.length === each))
    for (const [first, { texts }] of servers.entries()) {
      expect(texts).toEqual(messages.filter((_, at) => at % peers.length === first))
    }
  })

  test('knows a sender again, as the object that the program makes', async () => {
    class Named extends DatagramPeer {
      readonly name = `${this.address.type} peer`
    }
    const seen: Named[] = []
    const server = await open<Named>({
      bind: anyPort(type),
      createPeer: (facts, handle) => new Named(facts, handle),
      onBatch: ({ peers }) => void seen.push(...peers),
    })
    const [a, b] = [await listening(open, { bind: anyPort(type) }), await listening(open, { bind: anyPort(type) })]
    for (const { socket } of [a, b, a]) sendAll(socket, ['hello'], socket.peer(server.address))
    await until('all three', () => seen.length === 3)
    server.close()
    expect(seen.map((peer) => peer.name)).toEqual(Array(3).fill(`${type} peer`))
    expect(seen[0]).toBe(seen[2])
    expect(seen[0]).not.toBe(seen[1])
  })

  test('still answers a peer that was met before a thousand others', async () => {
    const { server, client, toServer } = await twoSockets()
    sendAll(client.socket, ['first'], toServer)
    await until('the first', () => server.texts.length === 1)
    for (let count = 1; count <= 1_100; count++) {
      const other = await open({ bind: anyPort(type) })
      sendAll(other, [`${count}`], other.peer(server.socket.address))
      await until(`number ${count}`, () => server.texts.length > count)
      other.close()
    }
    const [early] = server.peers
    sendAll(server.socket, ['for you'], early ?? toServer)
    sendAll(client.socket, ['again'], toServer)
    await until('the answer', () => client.texts.length === 1)
    await until('the second', () => server.texts.length === 1_102)
    sendAll(server.socket, ['and this'], server.peers.at(-1) ?? toServer)
    await until('the second answer', () => client.texts.length === 2)
    expect(client.texts).toEqual(['for you', 'and this'])
    expect(server.peers.at(-1)?.address).toEqual(client.socket.address)
  })

  test('hears a connected peer only, and tells when nobody listens there', async () => {
    const server = await listening(open, { bind: anyPort(type) })
    const client = await listening(open, { bind: anyPort(type), connect: server.socket.address })
    const stranger = await listening(open, { bind: anyPort(type) })
    const { remote } = client.socket
    if (remote === undefined) throw new Error('a connected socket has a remote')
    expect(remote.address).toEqual(server.socket.address)
    sendAll(stranger.socket, ['psst'], stranger.socket.peer(client.socket.address))
    sendAll(client.socket, ['hello'], remote)
    await until('the greeting', () => server.texts.length === 1)
    sendAll(server.socket, ['welcome'], server.peers[0] ?? remote)
    await until('the answer', () => client.texts.length === 1)
    expect(client.texts).toEqual(['welcome'])
    expect(client.peers).toEqual([remote])

    server.socket.close()
    sendAll(client.socket, ['anybody?'], remote)
    await until('the refusal', () => client.errors.length > 0)
    expect(client.errors[0]).toMatchObject({ code: 'ECONNREFUSED' })

    const successor = await listening(open, { bind: server.socket.address as ReturnType<typeof anyPort> })
    client.socket.send(['still here'], [remote])
    await until('the successor is heard', () => successor.texts.length > 0)
    sendAll(successor.socket, ['so am I'], successor.peers[0] ?? remote)
    await until('and answers', () => client.texts.length === 2)
    expect(client.texts[1]).toBe('so am I')
  })

  test('leaves messages alone while it is paused, and brings them in order', async () => {
    const { server, client, toServer } = await twoSockets()
    server.socket.pause()
    sendAll(client.socket, ['1', '2', '3'], toServer)
    const witness = await listening(open, { bind: anyPort(type) })
    sendAll(client.socket, ['behind them'], client.socket.peer(witness.socket.address))
    await until('the witness has what was sent later', () => witness.texts.length === 1)
    expect(server.texts).toEqual([])
    server.socket.resume()
    sendAll(client.socket, ['4'], toServer)
    await until('all four', () => server.texts.length === 4)
    expect(server.texts).toEqual(['1', '2', '3', '4'])
  })

  test('closes within a callback, once and for all', async () => {
    const server = await listening(open, { bind: anyPort(type), maxBatch: 1, onBatch: () => server.socket.close() })
    const client = await listening(open, { bind: anyPort(type) })
    sendAll(client.socket, ['1', '2', '3'], client.socket.peer(server.socket.address))
    await until('the first', () => server.texts.length > 0)
    server.socket.close()
    expect(server.socket.fd).toBe(-1)
    const successor = await listening(open, { bind: server.socket.address as ReturnType<typeof anyPort> })
    sendAll(client.socket, ['4'], client.socket.peer(successor.socket.address))
    await until('the successor has it', () => successor.texts.length > 0)
    expect(server.texts).toEqual(['1'])
  })

  test('sends nothing once closed, and says so', async () => {
    const { client, toServer } = await twoSockets()
    client.socket.close()
    expect(client.socket.send(['a', 'b'], [toServer, toServer])).toBe(2)
    expect([...client.socket.results.slice(0, 2)]).toEqual([-EBADF, -EBADF])
    client.socket.pause()
    client.socket.resume()
    client.socket.awaitWritable()
  })

  test('what was sent before it closed arrives', async () => {
    const { server, client, toServer } = await twoSockets()
    const messages = Array.from({ length: 100 }, (_, at) => `${at}`)
    sendAll(client.socket, messages, toServer)
    client.socket.close()
    await until('all', () => server.texts.length === messages.length)
    expect(server.texts).toEqual(messages)
  })

  test('tells once that there is room, each time it was asked', async () => {
    const { client } = await twoSockets()
    client.socket.awaitWritable()
    client.socket.awaitWritable()
    await until('the notice', () => client.writable === 1)
    client.socket.awaitWritable()
    await until('the second notice', () => client.writable === 2)
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)))
    expect(client.writable).toBe(2)
  })

  test('refuses an address that is taken, and shares it when all wish so', async () => {
    const { server } = await twoSockets()
    await expect(open({ bind: server.socket.address as ReturnType<typeof anyPort> })).rejects.toMatchObject({
      code: 'EADDRINUSE',
      syscall: 'bind',
    })
    const shared = await listening(open, { bind: anyPort(type), reuseAddress: true })
    const bind = shared.socket.address as ReturnType<typeof anyPort>
    await listening(open, { bind, reuseAddress: true })
  })

  test('refuses addresses that make no sense', async () => {
    const { client } = await twoSockets()
    const other = type === 'udp4' ? 'udp6' : 'udp4'
    expect(() => client.socket.peer({ type: 'unix', path: '/tmp/x' })).toThrow(TypeError)
    expect(() => client.socket.peer({ type: other, address: anyPort(other).address, port: 9 })).toThrow(TypeError)
    await expect(open({ bind: { type, address: 'localhost', port: 0 } })).rejects.toThrow(TypeError)
    await expect(open({ bind: { type, address: anyPort(other).address, port: 0 } })).rejects.toThrow(TypeError)
    await expect(
      open({ bind: anyPort(type), connect: { type: other, address: anyPort(other).address, port: 9 } }),
    ).rejects.toThrow(TypeError)
    await expect(open({ bind: anyPort(type), connect: { type, address: 'localhost', port: 9 } })).rejects.toThrow(
      TypeError,
    )
  })

  test('runs what a callback leaves to ticks and promises before the next one', async () => {
    const order: string[] = []
    const server = await listening(open, {
      bind: anyPort(type),
      maxBatch: 1,
      onBatch({ texts }) {
        order.push(`message ${texts[0]}`)
        process.nextTick(() => order.push(`tick ${texts[0]}`))
        Promise.resolve().then(() => order.push(`promise ${texts[0]}`))
      },
    })
    const client = await listening(open, { bind: anyPort(type) })
    server.socket.pause()
    sendAll(client.socket, ['1', '2'], client.socket.peer(server.socket.address))
    server.socket.resume()
    await until('both', () => order.length === 6)
    expect(order).toEqual(['message 1', 'tick 1', 'promise 1', 'message 2', 'tick 2', 'promise 2'])
  })

  test(`says that it is ${name}`, async () => {
    const { server } = await twoSockets()
    expect(server.socket.native).toBe(name === 'the addon')
    expect(server.socket.fd >= 0).toBe(server.socket.native)
    expect(server.socket.address).toEqual({ type, address: anyPort(type).address, port: expect.any(Number) })
    expect(server.socket.remote).toBeUndefined()
  })
})

describe.each(implementations)('IPv6 over $name', ({ open }) => {
  const loopback4 = (port: number) => ({ type: 'udp4' as const, address: '127.0.0.1', port })
  const portOf = (address: { readonly type: string; readonly port?: number }): number => address.port ?? 0

  test('hears IPv4 too unless it is to leave that alone', async () => {
    const both = await listening(open, { bind: { type: 'udp6', address: '::', port: 0 } })
    const sender = await listening(open, { bind: anyPort('udp4') })
    sendAll(sender.socket, ['over IPv4'], sender.socket.peer(loopback4(portOf(both.socket.address))))
    await until('it', () => both.texts.length === 1)
    expect(both.peers[0]?.address).toMatchObject({ type: 'udp6', address: '::ffff:127.0.0.1' })
    sendAll(both.socket, ['back'], both.peers[0] ?? both.socket.peer(both.socket.address))
    await until('the answer', () => sender.texts.length === 1)

    // The port is free for IPv4: one that is free there too, which nobody else takes meanwhile.
    const port = portOf(sender.socket.address)
    await listening(open, { bind: { type: 'udp6', address: '::', port }, ipv6Only: true })
  })
})

test.each(implementations)(
  '$name takes from an IPv6 socket to an IPv4 peer what IPv4 has room for',
  async ({ open }) => {
    const server = await listening(open, { bind: { type: 'udp6', address: '::', port: 0 } })
    const client = await listening(open, { bind: anyPort('udp4') })
    if (server.socket.address.type === 'unix') throw new Error('it is a UDP socket')
    const { port } = server.socket.address
    sendAll(client.socket, ['hello'], client.socket.peer({ type: 'udp4', address: '127.0.0.1', port }))
    await until('the message', () => server.texts.length === 1)
    const [peer] = server.peers
    if (peer === undefined) throw new Error('each message has a peer')
    expect(server.socket.send(['x'.repeat(65_508), 'y'.repeat(65_507)], [peer, peer])).toBe(1)
    expect([...server.socket.results.slice(0, 2)]).toEqual([-EMSGSIZE, 65_507])
    await until('what has room', () => client.texts.length === 1)
  },
)
