import type { MiPeer } from '@mi/contract'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type LooseHandler, request, serve, until } from './support/fixture.js'
import { ways } from './support/raw-socket.js'

describe.each(ways)('over %s', (way) => {
  test('whatever is in a datagram is answered or counted, and the next valid request is answered', async () => {
    const { peer, mi } = await serve(way, { socketBufSize: 2_000 })
    const client = await peer()
    const handled = (): number => {
      const { requests = 0, notifications = 0, drops = 0 } = counts(mi.statistics('datagram:'))
      return requests - notifications + drops
    }
    let id = 0
    const datagrams = fc.oneof(
      fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
      fc.string({ unit: fc.constantFrom(...':{}[]",\\ \n.1na'), maxLength: 40 }).map((text) => Buffer.from(text)),
      fc.json().map((text) => Buffer.from(text)),
      fc.integer({ min: 1_990, max: 3_000 }).map((length) => Buffer.alloc(length, '{')),
    )
    await fc.assert(
      fc.asyncProperty(datagrams, async (bytes) => {
        client.texts.length = 0
        const before = handled()
        await client.send(bytes)
        const expected = `"id":"end${++id}"}`
        await client.send(request('pwd', `end${id}`))
        await until('the next answer', () => client.texts.some((text) => text.endsWith(expected)))
        const answers = client.texts.length - 1
        expect(answers === 1 || handled() - before - 1 > answers || isSilent(bytes)).toBe(true)
      }),
      { numRuns: 200 },
    )
  })

  test('one that is longer than socketBufSize is answered by a text that names the limit, and counted', async () => {
    const { peer, drops, ask } = await serve(way, { socketBufSize: 1_000 })
    const client = await peer()
    await client.send(`{"x":"${'y'.repeat(2_000)}"}`)
    await until('the refusal', () => client.texts.length === 1)
    expect(client.texts[0]).toMatch(/^413 .*1000 bytes \(socketBufSize\)/)
    expect(drops('request_too_large')).toBe(1)
    expect(await ask('pwd')).toMatchObject({ result: {} })
  })

  test('one of exactly socketBufSize bytes is taken, and one of a byte more is not', async () => {
    const { peer } = await serve(way, { socketBufSize: 1_000 })
    const client = await peer()
    const exact = request('pwd').padEnd(1_000)
    await client.send(exact)
    await until('the answer', () => client.texts.length === 1)
    await client.send(`${exact} `)
    await until('the refusal', () => client.texts.length === 2)
    expect(client.texts.map((text) => text.slice(0, 4))).toEqual(['{"js', '413 '])
  })

  test('an empty datagram is answered as what is no JSON', async () => {
    const { peer } = await serve(way)
    const client = await peer()
    await client.send('')
    await until('the answer', () => client.texts.length === 1)
    expect(client.texts).toEqual(['400 Parse_error'])
  })

  test('the error text of another server is not answered, or the two would answer each other for ever', async () => {
    const { peer, drops } = await serve(way)
    const client = await peer()
    await client.send('{"jsonrpc":"2.0","result":"an answer","id":5}')
    await until('an error', () => client.texts.length === 1)
    const [error = ''] = client.texts
    expect(JSON.parse(error)).toMatchObject({ error: { code: -32600 }, id: 5 })
    await client.send(error)
    await client.send('400 Parse_error')
    await until('the drops', () => drops('no_request') === 2)
    await client.send(request('pwd'))
    await until('the answer to the next', () => client.texts.length === 2)
  })

  test.each([true, false])(
    'nor that of one which indents otherwise, prettyPrinting being %j',
    async (prettyPrinting) => {
      const [here, other] = [
        await serve(way, { prettyPrinting }),
        await serve(way, { prettyPrinting: !prettyPrinting }),
      ]
      const client = await other.peer()
      for (const text of ['{}', '{"jsonrpc":"2.0","method":5,"id":"a b"}', '[1,[]]']) await client.send(text)
      await until('the errors', () => client.texts.length === 3)
      const peer = await here.peer()
      for (const error of client.texts) await peer.send(error)
      await until('the drops', () => here.drops('no_request') === 3)
      await peer.send(request('nosuch'))
      await until('the answer to the next', () => peer.texts.length === 1)
      expect(JSON.parse(peer.texts[0] ?? '')).toMatchObject({ error: { code: -32601 } })
    },
  )

  test('what is no JSON is answered in JSON-RPC when parseErrors says so', async () => {
    const { peer } = await serve(way, { parseErrors: 'jsonrpc' })
    const client = await peer()
    await client.send('{bad}')
    await until('the answer', () => client.texts.length === 1)
    expect(JSON.parse(client.texts[0] ?? '')).toMatchObject({ error: { code: -32700 }, id: null })
  })

  test('a notification runs and is not answered', async () => {
    let runs = 0
    const { peer, drops } = await serve(way, {}, { run: () => void runs++ })
    const client = await peer()
    await client.send('{"jsonrpc":"2.0","method":"t:run"}')
    await client.send(request('pwd'))
    await until('the answer to the next', () => client.texts.length === 1)
    expect([runs, drops()]).toEqual([1, 0])
  })

  test('a command sees who asks', async () => {
    let seen: MiPeer | undefined
    const who: LooseHandler = (_params, ctx) => {
      seen = ctx.peer
    }
    const { peer, address } = await serve(way, {}, { who })
    const client = await peer(way === 'unix' ? { path: `\0mi-who-${process.pid}` } : {})
    await client.send(request('t:who'))
    await until('the answer', () => client.texts.length === 1)
    expect(seen?.transport).toBe('datagram')
    if (address.type === 'unix') {
      expect(seen?.address).toBe(`@mi-who-${process.pid}`)
      expect(seen?.credentials).toEqual({ pid: process.pid, uid: process.getuid?.(), gid: process.getgid?.() })
      expect([seen?.source, seen?.destination]).toEqual([undefined, undefined])
    } else {
      const host = way === 'udp6' ? '[::1]' : '127.0.0.1'
      expect(seen?.address).toBe(`udp:${host}:${seen?.source?.port}`)
      expect(seen?.source?.address).toBe(address.address)
      expect(seen?.destination).toEqual({ address: address.address, port: address.port })
    }
  })
})

describe('those who are not allowed', () => {
  test.each([
    ['udp4', ['10.0.0.0/8'], ['10.0.0.0/8', '127.0.0.1']],
    ['udp6', ['fd00::/8'], ['::1']],
    ['unix', { uids: [4_000_000_000] }, { uids: [4_000_000_000], gids: [process.getgid?.() ?? 0] }],
  ] as const)('are not heard over %s, and counted', async (way, others, us) => {
    let runs = 0
    const run = (): void => void runs++
    const closed = await serve(way, { allow: others }, { run })
    const stranger = await closed.peer()
    for (let sent = 0; sent < 3; sent++) await stranger.send(request('t:run'))
    await until('the drops', () => closed.drops('not_allowed') === 3)
    expect([runs, stranger.texts]).toEqual([0, []])
    const open = await serve(way, { allow: us }, { run })
    expect(await open.ask('t:run')).toMatchObject({ result: 'OK' })
    expect(runs).toBe(1)
  })
})

function counts(statistics: Readonly<Record<string, number>>): Record<string, number | undefined> {
  return Object.fromEntries(Object.entries(statistics).map(([name, value]) => [name.replace('datagram:', ''), value]))
}

/** A valid notification, which is neither answered nor dropped. */
function isSilent(bytes: Buffer): boolean {
  try {
    const value: unknown = JSON.parse(bytes.toString())
    return typeof value === 'object' && value !== null
  } catch {
    // No JSON: that is answered.
    return false
  }
}
