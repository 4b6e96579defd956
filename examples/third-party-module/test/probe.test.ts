import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { type TestContext, test } from 'node:test'
import { createMi } from '@mi/core'
import { type ProbeOptions, probeModule } from 'mi-module-probe'

type Params = readonly unknown[] | Readonly<Record<string, unknown>>

/** An engine with the module alone: no transport is needed to try commands. */
async function engine(t: TestContext, options?: ProbeOptions) {
  const mi = createMi({ modules: [probeModule(options)] })
  await mi.listen()
  t.after(() => mi.close())
  return {
    mi,
    /** The answer as the peer gets it, but for the envelope. */
    async call(method: string, params?: Params) {
      const answer = await mi.dispatch(JSON.stringify({ jsonrpc: '2.0', method, params, id: 1 }))
      const { result, error } = JSON.parse(answer ?? '')
      return error === undefined ? { result } : { error }
    },
  }
}

/** A port that something listens on until the test is over, or until `close`. */
async function listeningPort(t: TestContext): Promise<{ port: number; close(): Promise<void> }> {
  const server = createServer((socket) => socket.end()).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()))
  t.after(close)
  return { port: portOf(server.address()), close }
}

/** The port of a server that listens on TCP. */
function portOf(address: AddressInfo | string | null): number {
  assert.ok(typeof address === 'object' && address !== null)
  return address.port
}

/** Never finds an address: what it is asked for stays on its way. */
const neverFound = () => {}

test('adds, lists and removes targets, by position and by name', async (t) => {
  const { call } = await engine(t)
  assert.deepEqual(await call('probe:add', ['web', '127.0.0.1', 80]), { result: 'OK' })
  assert.deepEqual(await call('probe:add', { name: 'sip', host: '::1', port: '5060' }), { result: 'OK' })
  assert.deepEqual(await call('probe:list'), {
    result: {
      Targets: [
        { name: 'web', host: '127.0.0.1', port: 80 },
        { name: 'sip', host: '::1', port: 5060 },
      ],
    },
  })
  assert.deepEqual(await call('probe:remove', ['web']), { result: 'OK' })
  assert.deepEqual(await call('probe:remove', ['web']), {
    error: { code: 404, message: 'No such target', data: { name: 'web' } },
  })
})

test('refuses a name that is taken, and more targets than it may keep', async (t) => {
  const { call } = await engine(t, { maxTargets: 1 })
  await call('probe:add', ['a', '127.0.0.1', 80])
  assert.deepEqual(await call('probe:add', ['a', '127.0.0.1', 81]), {
    error: { code: 409, message: 'Target exists', data: { name: 'a' } },
  })
  assert.deepEqual(await call('probe:add', ['b', '127.0.0.1', 80]), {
    error: { code: 403, message: 'Too many targets', data: { limit: 1 } },
  })
})

for (const params of [
  ['two words', 'h', 1],
  ['a', 'h h', 1],
  ['a', 'h', 0],
  ['a', 'h', 65_536],
  ['a', 'h', 'http'],
]) {
  test(`lets the engine refuse the parameters ${JSON.stringify(params)}`, async (t) => {
    const { call } = await engine(t)
    assert.equal((await call('probe:add', params)).error.code, -32602)
    assert.deepEqual(await call('probe:list'), { result: { Targets: [] } })
  })
}

test('tells how long connecting took, also under the name of OpenSIPS 3.x', async (t) => {
  const { call } = await engine(t)
  const { port } = await listeningPort(t)
  await call('probe:add', ['web', '127.0.0.1', port])
  for (const method of ['probe:check', 'probe_check']) {
    const { result } = await call(method, ['web'])
    assert.equal(result.name, 'web')
    assert.ok(Number.isInteger(result.connect_ms) && result.connect_ms >= 0)
  }
})

test('answers 503 with the reason when nothing listens there', async (t) => {
  const { call } = await engine(t)
  const { port, close } = await listeningPort(t)
  await close()
  await call('probe:add', ['web', '127.0.0.1', port])
  assert.deepEqual(await call('probe:check', ['web']), {
    error: { code: 503, message: 'Not reachable', data: { name: 'web', reason: 'ECONNREFUSED' } },
  })
})

test('gives up after within_ms', async (t) => {
  const { call } = await engine(t, { lookup: neverFound })
  await call('probe:add', ['web', 'web.example.com', 80])
  assert.deepEqual(await call('probe:check', ['web', 20]), {
    error: { code: 503, message: 'Not reachable', data: { name: 'web', reason: 'ETIMEDOUT' } },
  })
})

test('answers 404 for a target that does not exist', async (t) => {
  const { call } = await engine(t)
  assert.equal((await call('probe:check', ['nobody'])).error.code, 404)
})

test('ends a check at once when the engine closes', async (t) => {
  const { mi, call } = await engine(t, { lookup: neverFound })
  await call('probe:add', ['web', 'web.example.com', 80])
  const pending = call('probe:check', ['web', 30_000])
  const begun = performance.now()
  await mi.close()
  assert.deepEqual(await pending, { error: { code: 503, message: 'Check cut short', data: { name: 'web' } } })
  // Without the signal the engine would wait 5 s for it, and then answer in its place.
  assert.ok(performance.now() - begun < 4000)
})

test('refuses more checks than it may have under way, and counts what it does', async (t) => {
  const { mi, call } = await engine(t, { maxChecks: 1, lookup: neverFound })
  await call('probe:add', ['web', 'web.example.com', 80])
  const first = call('probe:check', ['web', 50])
  assert.deepEqual(await call('probe:check', ['web']), {
    error: { code: 429, message: 'Too many checks', data: { limit: 1 } },
  })
  const numbers = async () => mi.statistics('probe:')
  assert.deepEqual(await numbers(), { 'probe:targets': 1, 'probe:running': 1, 'probe:checks': 1, 'probe:failures': 0 })
  assert.equal((await first).error.code, 503)
  assert.deepEqual(await numbers(), { 'probe:targets': 1, 'probe:running': 0, 'probe:checks': 1, 'probe:failures': 1 })
  await call('statistics:reset', { statistics: ['probe:checks', 'probe:failures'] })
  assert.deepEqual(await numbers(), { 'probe:targets': 1, 'probe:running': 0, 'probe:checks': 0, 'probe:failures': 0 })
})

test('refuses limits that make no sense when it is made', () => {
  assert.throws(() => probeModule({ maxTargets: 0 }), RangeError)
  assert.throws(() => probeModule({ maxChecks: 1.5 }), RangeError)
})
