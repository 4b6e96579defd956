import { CommandError, type DispatchSettings, isMiError, type MiPeer, type MiTracer } from '@mi/contract'
import { describe, expect, test } from 'vitest'
import { createMi, type Mi } from '../src/index.js'
import { deferred, HandTransport, oneCommand } from './support.js'

const peer: MiPeer = { transport: 'script' }

/** A tracer that keeps what it is told. */
function recordingTracer(more: Partial<MiTracer> = {}) {
  const told: unknown[] = []
  const tracer: MiTracer = {
    request: ({ command, backend, params }) => {
      told.push(['request', command, backend, params])
      return command
    },
    reply: (request, text) => void told.push(['reply', request, text]),
    listen: () => void told.push('listen'),
    close: () => void told.push('close'),
    ...more,
  }
  return { told, tracer }
}

const attached = (mi: Mi, settings: DispatchSettings = {}) => mi.attach('script', settings)

describe('a caller', () => {
  test('gets a result as a value, without a promise where the handler returned none', () => {
    const mi = createMi({ modules: [oneCommand('m:x', [{ a: 'int', b: 'string' }], (params) => ({ ...params }))] })
    const caller = attached(mi)
    expect(caller.execute('m:x', ['1', 2], { peer })).toEqual({ value: { a: 1, b: '2' } })
    expect(caller.execute('x', { b: 'é"', a: 7 }, { peer })).toEqual({ value: { a: 7, b: 'é"' } })
  })

  test('gets the same result each time from a command that always answers the same', () => {
    const constant = Object.freeze({ id: 'constant' })
    const caller = attached(createMi({ modules: [oneCommand('m:x', [{}], () => constant)] }))
    for (let times = 0; times < 3; times++) {
      expect(caller.execute('m:x', undefined, { peer })).toEqual({ value: { id: 'constant' } })
    }
  })

  test('gets errors with code, message and data', async () => {
    const failing = oneCommand('m:x', [{}], () => {
      throw new CommandError(404, 'Not "here"', { deep: [1] })
    })
    const broken = oneCommand('n:y', [{}], () => Promise.reject(new Error('secret')))
    const caller = attached(createMi({ modules: [failing, broken] }))
    expect(caller.execute('m:x', undefined, { peer })).toEqual({
      error: { code: 404, message: 'Not "here"', data: { deep: [1] } },
    })
    expect(caller.execute('nosuch', undefined, { peer })).toEqual({
      error: { code: -32601, message: 'Method not found' },
    })
    expect(caller.execute('m:x', [1], { peer })).toMatchObject({ error: { code: -32602 } })
    expect(await caller.execute('n:y', undefined, { peer })).toMatchObject({ error: { data: 'Command failed' } })
  })

  test('carries JSON-RPC as a transport does, with the settings for texts', () => {
    const mi = createMi({ modules: [oneCommand('m:x', [{}], () => ({ a: 1 }))] })
    const { dispatch } = mi.attach('web', { parseErrors: 'jsonrpc', prettyPrinting: true })
    expect(dispatch('{"jsonrpc":"2.0","method":"m:x","id":1}', peer)).toContain('{\n\t"jsonrpc"')
    expect(JSON.parse(String(dispatch('{', peer)))).toMatchObject({ error: { code: -32700 } })
    expect(mi.statistics('web:requests')).toEqual({ 'web:requests': 2 })
  })

  test('gets a promise of a command that answers later, which never rejects', async () => {
    const later = deferred<string>()
    const caller = attached(createMi({ modules: [oneCommand('m:x', [{}], () => later.promise)] }))
    const answer = caller.execute('m:x', undefined, { peer })
    expect(answer).toBeInstanceOf(Promise)
    later.resolve('done')
    expect(await answer).toEqual({ value: 'done' })
  })

  test('finds commands by all their names, and none by what means none or several', () => {
    const mi = createMi({
      modules: [
        oneCommand('a:x', [{}], () => {}, { aliases: ['a_x'] }),
        oneCommand('b:x', [{}], () => {}, { async: true }),
      ],
    })
    const caller = attached(mi)
    expect(['a:x', 'a_x', 'b:x', 'x', 'nosuch'].map((name) => caller.find(name)?.method)).toEqual([
      'a:x',
      'a:x',
      'b:x',
      undefined,
      undefined,
    ])
    expect(caller.find('b:x')?.async).toBe(true)
  })

  test('tells handlers its name and its peer', () => {
    const seen: unknown[] = []
    const mi = createMi({
      modules: [oneCommand('m:x', [{}], (_params, ctx) => void seen.push(ctx.transport, ctx.peer))],
    })
    attached(mi).execute('m:x', undefined, { peer })
    expect(seen).toEqual(['script', peer])
  })

  test('counts in the group of its name, which all of that name share, and in that of the engine', () => {
    const mi = createMi({ transports: [new HandTransport('hand')] })
    for (const name of ['script', 'script', 'hand', 'mi']) {
      const caller = mi.attach(name, {})
      caller.execute('pwd', undefined, { peer })
      caller.execute('nosuch', undefined, { peer })
    }
    attached(mi).drop('aborted')
    expect(
      mi.statistics('script:requests', 'script:replies', 'script:method_not_found', 'script:drops_aborted'),
    ).toEqual({ 'script:requests': 4, 'script:replies': 4, 'script:method_not_found': 2, 'script:drops_aborted': 1 })
    expect(mi.statistics('hand:requests', 'mi:requests')).toEqual({ 'hand:requests': 2, 'mi:requests': 8 })
  })

  test('cannot be made of a closed engine, nor with a traceBwlist that is wrong', async () => {
    const mi = createMi()
    expect(() => attached(mi, { traceBwlist: 'w: nosuch' })).toThrow(TypeError)
    expect(() => attached(mi, { traceBwlist: 'ps' })).toThrow("must begin with 'b:'")
    const early = attached(mi)
    await mi.close()
    expect(early.execute('pwd', undefined, { peer })).toMatchObject({ error: { data: 'Server closed' } })
    expect(() => attached(mi)).toThrow(expect.toSatisfy((error) => isMiError(error, 'MI_CLOSED')))
  })
})

describe('the tracer of a caller', () => {
  test('sees calls by the name of the caller, and their answers as compact texts', async () => {
    const { told, tracer } = recordingTracer()
    const mi = createMi({ modules: [oneCommand('m:x', [{ a: 'int' }], ({ a }) => ({ a }))] })
    const caller = attached(mi, { tracer, prettyPrinting: true, traceBwlist: 'b: pwd' })
    caller.execute('x', ['5'], { peer })
    caller.execute('pwd', undefined, { peer })
    expect(told).toEqual([
      ['request', 'm:x', 'script', ['5']],
      ['reply', 'm:x', '{"jsonrpc":"2.0","result":{"a":5},"id":1}'],
    ])
    await mi.close()
  })

  test('listens and closes with the engine, once however many share it', async () => {
    const { told, tracer } = recordingTracer()
    const mi = createMi({ transports: [new HandTransport('hand', { tracer })] })
    attached(mi, { tracer })
    attached(mi, { tracer })
    expect(told).toEqual([])
    await mi.listen()
    attached(mi, { tracer })
    expect(told).toEqual(['listen'])
    await mi.close()
    expect(told).toEqual(['listen', 'close'])
  })

  test('begins at once when the engine listens already', async () => {
    const { told, tracer } = recordingTracer()
    const mi = createMi()
    await mi.listen()
    attached(mi, { tracer })
    expect(told).toEqual(['listen'])
    await mi.close()
    expect(told).toEqual(['listen', 'close'])
  })

  test('is closed too when the engine closes while it begins', async () => {
    const begun = deferred<void>()
    const { told, tracer } = recordingTracer({ listen: () => begun.promise })
    const mi = createMi()
    await mi.listen()
    attached(mi, { tracer })
    const closed = mi.close()
    begun.resolve()
    await closed
    expect(told).toEqual(['close'])
  })

  test('that cannot listen makes the engine fail to, and may do so the next time', async () => {
    let tries = 0
    const { told, tracer } = recordingTracer({
      listen() {
        tries++
        if (tries === 1) throw new Error('no route')
      },
    })
    const mi = createMi()
    attached(mi, { tracer })
    await expect(mi.listen()).rejects.toThrow("a script's tracer cannot listen: no route")
    await mi.listen()
    await mi.close()
    expect([tries, told]).toEqual([2, ['close']])
  })

  test('that cannot listen is logged and counted when the engine listens already', async () => {
    const logged = deferred<string>()
    const silent = { debug() {}, info() {}, warn() {} }
    const mi = createMi({ log: { ...silent, error: (_fields, message) => logged.resolve(message) } })
    await mi.listen()
    const { tracer } = recordingTracer({ listen: () => Promise.reject(new Error('no route')) })
    const caller = attached(mi, { tracer })
    expect(await logged.promise).toContain('tracer cannot listen')
    expect(mi.statistics('script:trace_errors')).toEqual({ 'script:trace_errors': 1 })
    expect(caller.execute('pwd', undefined, { peer })).toHaveProperty('value')
    await mi.close()
  })
})

describe('close', () => {
  test('waits for what callers have asked for, before tracers and modules are closed', async () => {
    const { told, tracer } = recordingTracer()
    const held = oneCommand(
      'm:x',
      [{}],
      (_params, { signal }) =>
        new Promise((resolve) => signal.addEventListener('abort', () => setImmediate(resolve, 'held'))),
      { close: () => void told.push('module closed') },
    )
    const mi = createMi({ modules: [held] })
    await mi.listen()
    const answer = attached(mi, { tracer }).execute('m:x', undefined, { peer })
    await mi.close()
    expect(await answer).toEqual({ value: 'held' })
    expect(told.slice(2)).toEqual([expect.arrayContaining(['reply']), 'close', 'module closed'])
  })

  test('answers for what does not answer in time', async () => {
    const mi = createMi({
      modules: [oneCommand('m:x', [{}], () => new Promise(() => {}))],
      limits: { closeTimeoutMs: 10 },
    })
    const answer = attached(mi).execute('m:x', undefined, { peer })
    await mi.close()
    expect(await answer).toMatchObject({ error: { data: 'Server closed' } })
  })
})
