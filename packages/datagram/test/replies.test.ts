import { execFile, execFileSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createMi } from '@mi/core'
import { openDatagram } from '@mi/posix'
import { describe, expect, onTestFinished, test } from 'vitest'
import { datagram } from '../src/index.js'
import { freePort, looseModule, request, serve, temporaryDirectory, until } from './support/fixture.js'
import { openRaw, ways } from './support/raw-socket.js'

/** What the engine answers, and what the transport answers where the engine did not. */
const TOO_LONG = (limit: number): string => `Reply (of \\d+ bytes )?exceeds the limit of ${limit} bytes`

describe.each(ways)('over %s', (way) => {
  test.each([100, 21_819, 21_820, 65_457])('a reply of %i bytes arrives whole', async (bytes) => {
    const text = 'z'.repeat(bytes - '{"jsonrpc":"2.0","result":"","id":1}'.length)
    const { ask } = await serve(way, {}, { big: () => text })
    expect(await ask('t:big')).toEqual({ jsonrpc: '2.0', result: text, id: 1 })
  })

  test('a reply over socketBufSize becomes an error with the id as it was sent and the limit, and is never cut', async () => {
    const { peer, drops } = await serve(way, {}, { big: () => 'é'.repeat(40_000), bigger: () => 'z'.repeat(65_421) })
    const client = await peer()
    await client.send('{"jsonrpc":"2.0","method":"t:big","id":12345678901234567890}')
    await client.send('{"jsonrpc":"2.0","method":"t:bigger","id":"a"}')
    await client.send('[{"jsonrpc":"2.0","method":"t:bigger","id":3}]')
    await until('the answers', () => client.texts.length === 3)
    const error = (id: string): RegExp =>
      new RegExp(
        `^\\[?{"jsonrpc":"2.0","error":{"code":-32000,"message":"Server error","data":"${TOO_LONG(65_457)}"},"id":${id}}\\]?$`,
      )
    expect(client.texts[0]).toMatch(error('12345678901234567890'))
    expect(client.texts[1]).toMatch(error('"a"'))
    expect(client.texts[2]).toMatch(error('(null|3)'))
    expect(drops()).toBe(0)
  })

  test('a reply over the limit to a promise becomes that error too; one ahead of the final one fails in the handler', async () => {
    const { peer } = await serve(
      way,
      { socketBufSize: 1_000, prettyPrinting: true },
      {
        steps: async (_params, ctx) => {
          expect(() => ctx.provisional('z'.repeat(2_000))).toThrow('Server error')
          return 'z'.repeat(3_000)
        },
      },
    )
    const client = await peer()
    await client.send(request('t:steps', 7))
    await until('the answers', () => client.texts.length === 1)
    const error = { code: -32000, data: expect.stringMatching(TOO_LONG(1_000)) }
    expect(client.texts.map((text) => JSON.parse(text))).toMatchObject([{ error, id: 7 }])
    expect(client.texts[0]).toContain('\n\t"error":\t{\n\t\t"code":\t-32000,\n')
  })

  test('whose very error does not fit, since the id is too long, is an error without the id', async () => {
    const { peer } = await serve(way, { socketBufSize: 600 }, { big: () => 'z'.repeat(600) })
    const client = await peer()
    await client.send(request('t:big', 'i'.repeat(520)))
    await until('the reply', () => client.texts.length === 1)
    expect(JSON.parse(client.texts[0] ?? '')).toMatchObject({ error: { code: -32000 }, id: null })
  })

  test('is indented with tabs when prettyPrinting is on', async () => {
    const { peer } = await serve(way, { prettyPrinting: true }, { ok: () => 'OK' })
    const client = await peer()
    await client.send(request('t:ok'))
    await until('the answer', () => client.texts.length === 1)
    expect(client.texts[0]).toBe('{\n\t"jsonrpc":\t"2.0",\n\t"result":\t"OK",\n\t"id":\t1\n}')
  })

  test('steps come at once, each in a datagram, behind what was answered before and ahead of the final one', async () => {
    let finish = (): void => {}
    const { peer } = await serve(
      way,
      {},
      {
        ok: () => 'OK',
        steps: (_params, ctx) => {
          ctx.provisional('one')
          ctx.provisional('two')
          return new Promise((resolve) => {
            finish = () => resolve('three')
          })
        },
      },
    )
    const client = await peer()
    await Promise.all([
      client.send(request('t:ok', 1)),
      client.send(request('t:steps', 2)),
      client.send(request('t:ok', 3)),
    ])
    await until('the steps and the quick ones', () => client.texts.length === 4)
    finish()
    await until('the final one', () => client.texts.length === 5)
    const results = client.texts.map((text) => JSON.parse(text)).map(({ id, result }) => `${id}:${result}`)
    expect(results).toEqual(['1:OK', '2:one', '2:two', '3:OK', '2:three'])
  })

  test('many commands that answer later are all answered, each once', async () => {
    const waiting: (() => void)[] = []
    const later = (): Promise<string> => new Promise((resolve) => waiting.push(() => resolve('OK')))
    const { peer } = await serve(way, {}, { later })
    const client = await peer()
    for (let id = 1; id <= 100; id++) await client.send(request('t:later', id))
    await until('the commands to run', () => waiting.length === 100)
    for (const resolve of waiting) resolve()
    await until('the answers', () => client.texts.length === 100)
    expect(new Set(client.texts).size).toBe(100)
  })
})

describe('a UNIX peer that does not read', () => {
  const ok = { ok: () => 'OK' }

  test('gets its replies in order when it reads again, and meanwhile others are answered', async () => {
    const { peer, ask, drops } = await serve('unix', {}, ok)
    const slow = await peer()
    slow.pause()
    for (let id = 1; id <= 500; id++) await slow.send(request('t:ok', id))
    expect(await ask('t:ok')).toMatchObject({ result: 'OK' })
    slow.resume()
    await until('all replies', () => slow.texts.length === 500)
    expect(slow.texts.map((text) => JSON.parse(text).id)).toEqual(Array.from({ length: 500 }, (_, index) => index + 1))
    expect(drops()).toBe(0)
  })

  test('loses its replies after socketTimeout: its replies are dropped and counted, and it is answered when it is back', async () => {
    const { peer, ask, drops } = await serve('unix', { socketTimeout: 100 }, ok)
    const stalled = await peer()
    stalled.pause()
    const asked = 50
    for (let id = 1; id <= asked; id++) await stalled.send(request('t:ok', id))
    await until('the drops', () => drops('peer_stalled') > 0)
    expect(await ask('t:ok')).toMatchObject({ result: 'OK' })
    stalled.resume()
    await until('what the kernel held', () => stalled.texts.length === asked - drops('peer_stalled'))
    await stalled.send(request('t:ok', 'back'))
    await until('the answer', () => stalled.texts.at(-1)?.includes('"back"') === true)
    expect(stalled.texts.length + drops()).toBe(asked + 1)
  })

  test('and reads again before socketTimeout, now and then, loses nothing', async () => {
    const { peer, drops } = await serve('unix', { socketTimeout: 3_000 }, ok)
    const slow = await peer()
    slow.pause()
    for (let id = 1; id <= 100; id++) await slow.send(request('t:ok', id))
    let pauses = 0
    while (slow.texts.length < 100) {
      const before = slow.texts.length
      slow.resume()
      await until('something to read', () => slow.texts.length > before)
      slow.pause()
      pauses++
      // Shorter than socketTimeout; all pauses together are longer.
      await new Promise((resolve) => setTimeout(resolve, 400))
    }
    expect(pauses).toBeGreaterThan(2)
    expect(drops()).toBe(0)
  })

  test.each([
    ['maxPendingReplyBytesPerPeer', 'of one peer'],
    ['maxPendingReplyBytes', 'in all'],
  ])('makes no more than %s bytes wait %s: what is more is dropped and counted', async (bound) => {
    const { peer, drops } = await serve('unix', { [bound]: 1_000 }, { ok: () => 'x'.repeat(200) })
    const slow = await peer()
    slow.pause()
    const asked = 40
    for (let id = 10; id < 10 + asked; id++) await slow.send(request('t:ok', id))
    await until('drops', () => drops('too_many_pending') > 0)
    slow.resume()
    await until('the rest', () => slow.texts.length + drops() === asked)
    expect(drops('too_many_pending')).toBe(drops())
    expect(slow.texts.length).toBeGreaterThan(10)
  })

  test('takes nothing from the bound of another', async () => {
    const { peer, drops, mi } = await serve(
      'unix',
      { maxPendingReplyBytesPerPeer: 3_000 },
      { ok: () => 'x'.repeat(200) },
    )
    const [one, other] = [await peer(), await peer()]
    one.pause()
    other.pause()
    for (let id = 10; id < 50; id++) await one.send(request('t:ok', id))
    await until('all to be answered', () => mi.statistics('datagram:replies')['datagram:replies'] === 40)
    const before = drops()
    expect(before).toBeGreaterThan(0)
    for (let id = 10; id < 20; id++) await other.send(request('t:ok', id))
    other.resume()
    await until('the answers to the other', () => other.texts.length === 10)
    expect(drops()).toBe(before)
  })
})

test('UNIX peers whose names differ only in bytes that are not UTF-8 get their own replies', async () => {
  const { socketName, drops } = await serve('unix', {}, { ok: () => 'OK' })
  const program = fileURLToPath(new URL('programs/names-not-utf8.py', import.meta.url))
  const { stdout } = await promisify(execFile)('python3', [program, socketName, temporaryDirectory()])
  const ids = stdout
    .trim()
    .split('\n')
    .map((text) => JSON.parse(text).id)
  expect(ids).toEqual(['second', ...Array.from({ length: 30 }, () => 'first')])
  expect(drops()).toBe(0)
})

describe('a UNIX peer that cannot be answered is a counted drop:', () => {
  test('one without a name', async () => {
    const { socketName, drops, ask } = await serve('unix')
    // Sockets of @mi/posix always have one.
    const code =
      'import socket,sys; socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(sys.argv[2].encode(), sys.argv[1])'
    execFileSync('python3', ['-c', code, socketName, request('pwd')])
    await until('the drop', () => drops('no_reply_address') === 1)
    expect(await ask('pwd')).toMatchObject({ result: {} })
  })

  test('one that has gone, which the log names with the error of the system', async () => {
    const { client, path, answer, logged } = await waitingPeer()
    await client.close()
    answer()
    await until('the drop', () => logged.length > 0)
    expect(logged).toMatchObject([{ reason: 'peer_gone', peer: path, bytes: 38, error: 'ECONNREFUSED' }])
  })

  test('one that has left its name to a socket which listens to another only', async () => {
    const { client, path, answer, drops } = await waitingPeer()
    await client.close()
    rmSync(path)
    const other = await openDatagram({ bind: { type: 'unix', path: `${path}.other` } })
    const heir = await openDatagram({ bind: { type: 'unix', path }, connect: other.address })
    answer()
    await until('the drop', () => drops('peer_gone') === 1)
    heir.close()
    other.close()
  })

  test('one that goes while replies wait for it, and all of them', async () => {
    const { peer, drops } = await serve('unix', {}, { ok: () => 'OK' })
    const client = await peer()
    client.pause()
    for (let id = 1; id <= 40; id++) await client.send(request('t:ok', id))
    await client.close()
    await until('the drops', () => drops('peer_gone') > 20)
    expect(drops()).toBe(drops('peer_gone'))
  })

  /** A peer with a path whose command has not answered yet. */
  async function waitingPeer() {
    let answer = (): void => {}
    const later = (): Promise<string> =>
      new Promise((resolve) => {
        answer = () => resolve('OK')
      })
    const logged: object[] = []
    const log = { debug() {}, info() {}, error() {}, warn: (fields: object) => void logged.push(fields) }
    const { peer, drops, mi } = await serve('unix', {}, { later }, { log })
    const path = join(temporaryDirectory(), 'peer')
    const client = await peer({ path })
    await client.send(request('t:later'))
    await until('the command to run', () => mi.statistics('datagram:in_flight')['datagram:in_flight'] === 1)
    return { client, path, drops, logged, answer: () => answer() }
  }
})

test.each([
  ['udp4', 65_507],
  ['udp6', 65_527],
] as const)('over %s a larger socketBufSize cannot raise the limit of %i bytes', async (way, limit) => {
  const text = 'z'.repeat(limit - 36)
  const { ask } = await serve(way, { socketBufSize: 131_072 }, { most: () => text, more: () => `${text}z` })
  expect(await ask('t:most')).toMatchObject({ result: text })
  expect(await ask('t:more')).toMatchObject({
    error: { code: -32000, data: expect.stringMatching(TOO_LONG(limit)) },
  })
})

test('a reply that the system refuses for its length becomes an error that says so', async () => {
  const port = await freePort('udp6')
  const modules = [looseModule({ big: () => 'z'.repeat(65_480) })]
  const transport = datagram({ socketName: `udp:[::]:${port}`, socketBufSize: 131_072, allow: ['127.0.0.1'] })
  const mi = createMi({ modules, transports: [transport] })
  onTestFinished(() => mi.close())
  await mi.listen()
  const texts: string[] = []
  // An IPv4 peer of an IPv6 socket: it takes less than the socket.
  const client = await openRaw({ type: 'udp4', address: '127.0.0.1', port }, { onText: (text) => texts.push(text) })
  onTestFinished(() => client.close())
  await client.send(request('t:big', 7))
  await until('the answer', () => texts.length === 1)
  const data = 'Reply of 65516 bytes is longer than the system sends as one datagram'
  expect(JSON.parse(texts[0] ?? '')).toMatchObject({ error: { code: -32000, data }, id: 7 })
})

test('the limit of the system is named where it is lower than socketBufSize', async () => {
  const most = 2 * Math.min(4_194_304, wmemMax()) - 32
  if (most > 1_048_576) return
  const { ask } = await serve('unix', { socketBufSize: 1_048_576 }, { big: () => 'z'.repeat(most) })
  expect(await ask('t:big')).toMatchObject({
    error: { code: -32000, data: expect.stringMatching(TOO_LONG(most)) },
    id: 1,
  })
})

test('a reply of a megabyte goes over a UNIX socket whose socketBufSize and system allow it', async () => {
  const text = 'é'.repeat(Math.min(500_000, wmemMax() / 2))
  const { ask } = await serve('unix', { socketBufSize: 1_048_576 }, { big: () => text })
  expect(await ask('t:big')).toMatchObject({ result: text })
})

function wmemMax(): number {
  return Number(readFileSync('/proc/sys/net/core/wmem_max', 'utf8'))
}
