import type { MiPeer } from '@mi/contract'
import { describe, expect, test, vi } from 'vitest'
import { createMi } from '../src/index.js'
import { call, deferred, oneCommand } from './support.js'

const inFlight = 'mi:in_flight'
const batchOf = (count: number, method: string) =>
  JSON.stringify(Array.from({ length: count }, (_none, id) => ({ jsonrpc: '2.0', method, id })))

/** An engine with a command that answers when `release` is called. */
function slowEngine(limits: { maxInFlight?: number; perPeer?: { inFlight?: number } }, async = true) {
  const later = deferred<string>()
  const mi = createMi({ modules: [oneCommand('m:slow', [{}], () => later.promise, { async })], limits })
  const ask = (peer: MiPeer, method = 'm:slow') => mi.execute(method, undefined, { peer })
  return { mi, ask, release: () => later.resolve('done') }
}

const udp = (address: string, port = 1): MiPeer => ({ transport: 'datagram', source: { address, port } })
const certified = (subject: string): MiPeer => ({ ...udp('192.0.2.1'), certificate: { subject } })
const unix = (uid: number, pid = 1): MiPeer => ({ transport: 'datagram', credentials: { uid, gid: 0, pid } })

describe('commands in flight', () => {
  test('of one peer leave room for those of others, and what answers at once is never refused', async () => {
    const { mi, ask, release } = slowEngine({})
    const peer = udp('192.0.2.7', 4000)
    const batches = Array.from({ length: 10 }, () => mi.dispatch(batchOf(1_000, 'm:slow'), peer))
    // The other 9,000 are refused, in slices.
    await vi.waitFor(
      () => expect(mi.statistics('mi:command_failures')).toEqual({ 'mi:command_failures': 9_000 }),
      30_000,
    )
    expect(mi.statistics(inFlight)).toEqual({ [inFlight]: 1_000 })
    for (const method of ['uptime', 'kill', 'ps', 'which', 'get_statistics']) {
      const params = method === 'get_statistics' ? [['all']] : undefined
      const outcome = await mi.execute(method, params, { peer })
      expect(outcome.error?.code ?? 'answered', method).toBe(method === 'kill' ? 403 : 'answered')
    }
    expect(ask(peer)).toMatchObject({
      error: {
        code: -32000,
        data:
          'Too many commands in flight: 1000 of 192.0.2.7 wait for an answer (limits.perPeer.inFlight); ' +
          'send more when some are answered',
      },
    })
    const other = ask(udp('192.0.2.8'))
    release()
    expect(await other).toEqual({ value: 'done' })
    const replies = (await Promise.all(batches)).flatMap((text) => JSON.parse(String(text)))
    expect(replies.filter(({ result }) => result === 'done')).toHaveLength(1_000)
    expect(replies.filter(({ error }) => error?.code === -32000)).toHaveLength(9_000)
    expect(mi.statistics(inFlight)).toEqual({ [inFlight]: 0 })
    expect(await ask(peer)).toEqual({ value: 'done' })
  })

  test.each<[string, MiPeer, MiPeer, boolean]>([
    ['two ports of an address', udp('192.0.2.1', 1), udp('192.0.2.1', 2), true],
    ['two addresses', udp('192.0.2.1'), udp('192.0.2.2'), false],
    ['one IPv4 address in two forms', udp('192.0.2.1'), udp('::ffff:192.0.2.1'), true],
    ['two IPv6 addresses of one network', udp('2001:db8:1:2::5'), udp('2001:db8:1:2:a:b:c:d'), true],
    ['two IPv6 networks', udp('2001:db8:1:2::5'), udp('2001:db8:1:3::5'), false],
    ['short and long IPv6 addresses', udp('fe80::1%eth0'), udp('fe80:0:0:0:9::'), true],
    ['two processes of a user', unix(1_000, 1), unix(1_000, 2), true],
    ['two users', unix(1_000), unix(1_001), false],
    [
      'two addresses of an authenticated user',
      { ...udp('192.0.2.1'), user: 'noc' },
      { ...udp('192.0.2.2'), user: 'noc' },
      true,
    ],
    ['two certificates at one address', certified('CN=a'), certified('CN=b'), false],
    ['two clients of the FIFO', { transport: 'fifo', address: 'a' }, { transport: 'fifo', address: 'b' }, true],
    ['two transports', { transport: 'fifo' }, { transport: 'script' }, false],
  ])('are counted by what a client cannot change at will: %s', async (_what, one, other, shared) => {
    const { ask, release } = slowEngine({ perPeer: { inFlight: 1 } })
    const first = ask(one)
    const second = ask(other)
    expect(second instanceof Promise).toBe(!shared)
    release()
    expect([await first, await second]).toEqual([
      { value: 'done' },
      shared ? { error: expect.objectContaining({ code: -32000 }) } : { value: 'done' },
    ])
  })

  test('have a limit for all peers together', async () => {
    const { ask, release } = slowEngine({ maxInFlight: 2, perPeer: { inFlight: 2 } })
    const begun = [ask(udp('192.0.2.1')), ask(udp('192.0.2.2'))]
    expect(ask(udp('192.0.2.3'))).toMatchObject({
      error: {
        data: 'Too many commands in flight: 2 of all clients wait for an answer (limits.maxInFlight); try again later',
      },
    })
    release()
    expect(await Promise.all(begun)).toEqual([{ value: 'done' }, { value: 'done' }])
  })

  test('are refused before they run: one that promises for the first time is let through, and never again', async () => {
    let runs = 0
    const later = deferred<string>()
    const mi = createMi({
      modules: [
        oneCommand('m:slow', [{}], () => later.promise, { async: true }),
        oneCommand('cache:fetch', [{ key: 'string' }], ({ key }) => {
          runs++
          return key === 'near' ? 'value' : later.promise
        }),
      ],
      limits: { perPeer: { inFlight: 1 } },
    })
    const slow = call(mi, 'slow')
    expect(await call(mi, 'fetch', ['near'])).toMatchObject({ result: 'value' })
    const far = call(mi, 'fetch', ['far'])
    for (const key of ['far', 'near']) expect(await call(mi, 'fetch', [key])).toMatchObject({ error: { code: -32000 } })
    expect(runs).toBe(2)
    later.resolve('done')
    expect([await slow, await far]).toMatchObject([{ result: 'done' }, { result: 'done' }])
    expect(await call(mi, 'fetch', ['near'])).toMatchObject({ result: 'value' })
  })

  test('have limits that are checked at creation', () => {
    expect(() => createMi({ limits: { perPeer: { inFlight: 0 } } })).toThrow('limits.perPeer.inFlight')
    // @ts-expect-error -- what is wrong is the point
    expect(() => createMi({ limits: { perPeer: { inflight: 5 } } })).toThrow("did you mean 'inFlight'?")
    // @ts-expect-error -- what is wrong is the point
    expect(() => createMi({ limits: 5 })).toThrow('options must be an object')
  })
})

describe('close waits for a batch that runs in slices', () => {
  /** Each entry takes so long that a few fill a slice. */
  const busy = (ms: number) => {
    const until = performance.now() + ms
    while (performance.now() < until);
    return 'OK'
  }

  test('and the entries that have not run by then are answered -32000', async () => {
    const mi = createMi({ modules: [oneCommand('m:busy', [{}], () => busy(8))] })
    const caller = mi.attach('part')
    let reply: string | null | undefined
    const batch = Promise.resolve(mi.dispatch(batchOf(500, 'busy'))).then((text) => {
      reply = text
    })
    await mi.close()
    expect(reply).toBeTypeOf('string')
    const replies: { result?: unknown; error?: unknown }[] = JSON.parse(String(reply))
    expect(replies).toHaveLength(500)
    expect(replies[0]).toMatchObject({ result: 'OK' })
    expect(replies.at(-1)).toMatchObject({ error: { code: -32000, data: 'Server closed' } })
    expect(caller.execute('pwd')).toMatchObject({ error: { data: 'Server closed' } })
    await batch
  })

  test('no longer than its grace, whatever commands the batch has begun', async () => {
    const endless = oneCommand('m:endless', [{}], () => new Promise(() => {}))
    const mi = createMi({
      modules: [endless, oneCommand('n:busy', [{}], () => busy(8))],
      limits: { closeTimeoutMs: 20 },
    })
    const entries = Array.from({ length: 50 }, (_none, id) => ({
      jsonrpc: '2.0',
      method: id === 0 ? 'endless' : 'busy',
      id,
    }))
    let reply: string | null | undefined
    const batch = Promise.resolve(mi.dispatch(JSON.stringify(entries))).then((text) => {
      reply = text
    })
    await mi.close()
    expect(JSON.parse(String(reply))).toHaveLength(50)
    await batch
  })
})
