import { CommandError, defineModule } from '@mi/contract'
import { describe, expect, test } from 'vitest'
import { type ClientRequest, createClient, logRequests, type Middleware, measureRequests, retry } from '../src/index.js'
import { udp } from '../src/udp/udp.js'
import { core } from './support/contracts.js'
import { failureOf } from './support/failure.js'
import { errorText, resultText } from './support/responder.js'
import { type UdpFixture, udpFixture } from './support/udp-fixture.js'
import { until } from './support/until.js'

const x = defineModule('x', {
  read: { recipes: [{}], idempotent: true },
  write: { recipes: [{}] },
})

/** Answers `x:read` and `x:write` from the so-many-th request on. */
function answersFrom(at: UdpFixture, count: number): void {
  for (const name of ['x:read', 'x:write', 'read']) {
    at.server.on(name, ({ id, reply }) =>
      at.server.received.length >= count ? reply(resultText(id, 'ok')) : undefined,
    )
  }
}

describe('middleware', () => {
  test('sees each request in order, may ask for it again, and decides what the caller gets', async () => {
    await using at = await udpFixture()
    at.server.on('pwd', ({ id, reply }) => reply(resultText(id, id)))
    const seen: string[] = []
    const outer: Middleware = async (_, next) => {
      seen.push('outer')
      return [await next(), await next()]
    }
    const inner: Middleware = (_, next) => {
      seen.push('inner')
      return next()
    }
    const client = at.makeClient({}, 20_000, [outer, inner])
    expect(await client.call('pwd')).toEqual([1, 2])
    expect(seen).toEqual(['outer', 'inner', 'inner'])
  })

  test('is told what is asked for, by whom and where', async () => {
    await using at = await udpFixture()
    const seen: ClientRequest[] = []
    const answer: Middleware = async (request) => {
      seen.push(request)
      return 'mine'
    }
    const client = at.makeClient({}, 20_000, [answer])
    const { signal } = new AbortController()
    expect(await client.call(core.pwd, {}, { signal })).toBe('mine')
    await client.notify('reload', [1])
    await client.batch([[core.which], ['other', [2]]])
    const where = `udp (127.0.0.1:${at.port})`
    expect(seen).toMatchObject([
      { type: 'call', commands: [{ name: 'core:pwd', contract: core.pwd, params: {} }], where, signal },
      { type: 'notification', commands: [{ name: 'reload', contract: undefined, params: [1] }], where },
      { type: 'batch', commands: [{ name: 'core:which' }, { name: 'other', params: [2] }], where },
    ])
    expect(at.server.texts).toEqual([])
  })

  test('that is no list of functions is refused', () => {
    const transport = udp({ port: 5 })
    // @ts-expect-error -- a list is wanted
    expect(() => createClient(transport, { middleware: retry() })).toThrow(TypeError)
    // @ts-expect-error -- of functions
    expect(() => createClient(transport, { middleware: [{}] })).toThrow(TypeError)
  })
})

describe('retry()', () => {
  test('sends a call again that got no answer, where the contract says that it may', async () => {
    await using at = await udpFixture()
    answersFrom(at, 3)
    const client = at.makeClient({}, 40, [retry({ pauseMs: 1 })])
    expect(await client.call(x.read)).toBe('ok')
    expect(at.server.received.map(({ method, id }) => [method, id])).toEqual([
      ['x:read', 1],
      ['x:read', 2],
      ['x:read', 3],
    ])
  })

  test.each([
    [
      'whose contract does not say so',
      (at: UdpFixture) => at.makeClient({}, 40, [retry({ pauseMs: 1 })]).call(x.write),
    ],
    ['by name', (at: UdpFixture) => at.makeClient({}, 40, [retry({ pauseMs: 1 })]).call('x:read')],
    [
      'in a batch with one that may not run again',
      (at: UdpFixture) => at.makeClient({}, 40, [retry({ pauseMs: 1 })]).batch([[x.read], [x.write]]),
    ],
  ])('never sends a call again %s', async (_, call) => {
    await using at = await udpFixture()
    expect(await failureOf(call(at))).toMatchObject({ code: 'MI_TIMEOUT' })
    expect(at.server.received.length).toBe(1)
  })

  test('gives up after so many attempts, with the last error', async () => {
    await using at = await udpFixture()
    const client = at.makeClient({}, 20, [retry({ attempts: 2, pauseMs: 1 })])
    expect(await failureOf(client.call(x.read))).toMatchObject({ code: 'MI_TIMEOUT' })
    expect(at.server.received.length).toBe(2)
  })

  test('lets a server that comes back answer', async () => {
    await using at = await udpFixture()
    answersFrom(at, 1)
    const { port } = at
    await at.server.close()
    const client = at.makeClient({}, 2000, [retry({ attempts: 50, pauseMs: 10, maxPauseMs: 10 })])
    const call = client.call(x.read)
    await new Promise((resolve) => setTimeout(resolve, 30))
    await at.server.listen(port)
    expect(await call).toBe('ok')
  })

  test('does not ask again what the server has refused', async () => {
    await using at = await udpFixture()
    at.server.on('x:read', ({ id, reply }) => reply(errorText(id, 500, 'No')))
    const client = at.makeClient({}, 20_000, [retry({ pauseMs: 1 })])
    expect(await failureOf(client.call(x.read))).toMatchObject({ code: 500 })
    expect(at.server.received.length).toBe(1)
  })

  test('heeds the signal and the end of the client during its pause', async () => {
    await using at = await udpFixture()
    const client = at.makeClient({}, 20, [retry({ pauseMs: 60_000, maxPauseMs: 60_000 })])
    const controller = new AbortController()
    const aborted = failureOf(client.call(x.read, {}, { signal: controller.signal }))
    const closed = failureOf(client.call(x.read))
    await new Promise((resolve) => setTimeout(resolve, 60))
    controller.abort('stop')
    expect(await aborted).toBe('stop')
    await client.close()
    expect(await closed).toMatchObject({ code: 'MI_CLOSED' })
    expect(at.server.received.length).toBe(2)
  })

  test.each([{ attempts: 0 }, { attempts: 1.5 }, { pauseMs: 0 }, { maxPauseMs: Number.NaN }])(
    'refuses %j',
    (options) => {
      expect(() => retry(options)).toThrow(RangeError)
    },
  )
})

describe('logRequests() and measureRequests()', () => {
  test('tell of each request when it is over, how it ended and how long it took', async () => {
    await using at = await udpFixture()
    at.server.on('core:pwd', ({ id, reply }) => reply(resultText(id, { WD: '/' })))
    at.server.on('bad', ({ id, reply }) => reply(errorText(id, 500, 'No')))
    at.server.on('nosuch', ({ id, reply }) => reply(errorText(id, -32601, 'Method not found')))
    const lines: [string, object, string][] = []
    const measured: object[] = []
    const log = {
      debug: (fields: object, text: string) => void lines.push(['debug', fields, text]),
      warn: (fields: object, text: string) => void lines.push(['warn', fields, text]),
    }
    const client = at.makeClient({}, 20_000, [logRequests(log), measureRequests((each) => measured.push(each))])
    await client.call(core.pwd)
    await failureOf(client.call('bad', [{ password: 'secret' }]))
    await failureOf(client.call('nosuch'))
    await failureOf(client.call('never', [], { timeoutMs: 20 }))
    await failureOf(client.call('never', [], { signal: AbortSignal.abort('stop') }))
    await failureOf(client.batch([['a'], ['b']], { timeoutMs: 20 }))
    await client.notify('reload')
    await failureOf(client.call('pwd', [1n]))
    const where = `udp (127.0.0.1:${at.port})`
    const ms = expect.any(Number)
    const call = { type: 'call', ms }
    expect(measured).toEqual([
      { ...call, command: 'core:pwd', outcome: 'ok' },
      { ...call, command: 'bad', outcome: 'refused' },
      { ...call, command: 'unknown', outcome: 'refused' },
      { ...call, command: 'never', outcome: 'MI_TIMEOUT' },
      { ...call, command: 'never', outcome: 'aborted' },
      { type: 'batch', command: 'batch', outcome: 'MI_TIMEOUT', ms },
      { type: 'notification', command: 'reload', outcome: 'ok', ms },
      { ...call, command: 'pwd', outcome: 'failed' },
    ])
    expect(lines[0]).toEqual(['debug', { ...call, command: 'core:pwd', outcome: 'ok', where }, 'MI request answered'])
    const err = new CommandError(500, 'No', undefined, { command: 'bad' })
    expect(lines[1]).toEqual(['warn', { ...call, command: 'bad', outcome: 'refused', where, err }, 'MI request failed'])
    expect(lines[5]?.[1]).toMatchObject({ command: 'a batch of 2 (a, b)' })
    expect(JSON.stringify(lines)).not.toContain('secret')
  })

  test('that throw fail no request, and count it', async () => {
    await using at = await udpFixture()
    at.server.on('pwd', ({ id, reply }) => reply(resultText(id, '/')))
    const broken = measureRequests(() => {
      throw new Error('no metrics today')
    })
    const client = at.makeClient({}, 20_000, [broken])
    expect(await client.call('pwd')).toBe('/')
    expect(await failureOf(client.call('never', [], { timeoutMs: 20 }))).toMatchObject({ code: 'MI_TIMEOUT' })
    await until('both are counted', () => broken.failures === 2)
  })

  test('refuse what they cannot tell to', () => {
    // @ts-expect-error -- a logger is wanted
    expect(() => logRequests({})).toThrow(TypeError)
    // @ts-expect-error -- a function is wanted
    expect(() => measureRequests()).toThrow(TypeError)
  })
})
