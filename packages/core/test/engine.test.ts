import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { setTimeout as wait } from 'node:timers/promises'
import { type CommandContext, CommandError, isMiError, literal, type MiTracer, type TracedRequest } from '@mi/contract'
import { describe, expect, test, vi } from 'vitest'
import { createMi } from '../src/index.js'
import { call, deferred, HandTransport, oneCommand } from './support.js'

function recordingLog() {
  const lines: { level: string; message: string; fields: Readonly<Record<string, unknown>> }[] = []
  const at = (level: string) => (fields: Readonly<Record<string, unknown>>, message: string) => {
    lines.push({ level, message, fields })
  }
  return { lines, log: { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') } }
}

describe('a command', () => {
  test('that returns a plain value is answered without a promise', () => {
    const mi = createMi({ modules: [oneCommand('m:x', [{}], () => ({ n: 1 }))] })
    expect(mi.dispatch('{"jsonrpc":"2.0","method":"m:x","id":1}')).toBe('{"jsonrpc":"2.0","result":{"n":1},"id":1}')
  })

  test('whose result cannot even be looked at fails alone, and not the batch that it is in', async () => {
    const log = recordingLog()
    const noLook = (): never => {
      throw new Error('no look')
    }
    const result = new Proxy({}, { get: noLook })
    const modules = [oneCommand('m:odd', [{}], () => result), oneCommand('n:sound', [{}], () => 'sound')]
    const batch = '[{"jsonrpc":"2.0","method":"odd","id":1},{"jsonrpc":"2.0","method":"sound","id":2}]'
    expect(JSON.parse(String(await createMi({ modules, log: log.log }).dispatch(batch)))).toMatchObject([
      { error: { code: -32000, data: 'Command failed' }, id: 1 },
      { result: 'sound', id: 2 },
    ])
    expect(log.lines[0]?.fields.err).toMatchObject({ message: 'no look' })
  })

  test('that returns nothing answers OK', async () => {
    expect(await call(createMi({ modules: [oneCommand('m:x', [{}], () => {})] }), 'x')).toMatchObject({ result: 'OK' })
  })

  test('that promises is awaited, while others go on', async () => {
    const later = deferred<string>()
    const mi = createMi({
      modules: [oneCommand('m:slow', [{}], () => later.promise), oneCommand('n:quick', [{}], () => 'quick')],
    })
    const slow = call(mi, 'slow')
    expect(await call(mi, 'quick')).toMatchObject({ result: 'quick' })
    expect(mi.statistics('mi:in_flight')).toEqual({ 'mi:in_flight': 1 })
    later.resolve('slow')
    expect(await slow).toMatchObject({ result: 'slow' })
    expect(mi.statistics('mi:in_flight')).toEqual({ 'mi:in_flight': 0 })
  })

  test('that fails tells the cause to the log and never to the peer', async () => {
    const { log, lines } = recordingLog()
    const fail = () => {
      throw new Error('password is hunter2')
    }
    const mi = createMi({
      log,
      modules: [oneCommand('m:now', [{}], fail), oneCommand('m2:later', [{}], async () => fail())],
    })
    for (const method of ['now', 'later']) {
      const answer = await call(mi, method)
      expect(answer).toMatchObject({ error: { code: -32000, message: 'Server error', data: 'Command failed' } })
      expect(JSON.stringify(answer)).not.toContain('hunter2')
    }
    expect(lines.filter(({ level }) => level === 'error')).toMatchObject([
      { message: 'command failed', fields: { command: 'm:now', err: { message: 'password is hunter2' } } },
      { message: 'command failed', fields: { command: 'm2:later' } },
    ])
  })

  test('whose promise is none of its kind fails, and is in flight no more', async () => {
    const broken = {
      // biome-ignore lint/suspicious/noThenProperty: a promise that misbehaves is the point
      then() {
        throw new Error('no promise')
      },
    }
    const mi = createMi({ modules: [oneCommand('m:x', [{}], () => broken)], limits: { maxInFlight: 1 } })
    for (let tries = 0; tries < 2; tries++) {
      expect(await call(mi, 'x')).toMatchObject({ error: { code: -32000, data: 'Command failed' } })
    }
    expect(mi.statistics('mi:in_flight')).toEqual({ 'mi:in_flight': 0 })
  })

  test('may answer an error of its own, with any integer as code and any JSON as data', async () => {
    const mi = createMi({
      modules: [
        oneCommand('m:x', [{}], () => {
          throw new CommandError(7, 'seven', { deep: [1] })
        }),
      ],
    })
    expect(await call(mi, 'x')).toMatchObject({ error: { code: 7, message: 'seven', data: { deep: [1] } } })
  })

  test.each([
    ['a bigint', () => ({ n: 1n })],
    [
      'a cycle',
      () => {
        const circle: unknown[] = []
        circle.push(circle)
        return circle
      },
    ],
    [
      'an error whose data is no JSON',
      () => {
        throw new CommandError(5, 'x', 1n)
      },
    ],
  ])('that answers %s fails, and the server goes on', async (_what, handler) => {
    const mi = createMi({ modules: [oneCommand('m:x', [{}], handler)] })
    expect(await call(mi, 'x')).toMatchObject({ error: { code: -32000, data: 'Command failed' } })
    expect(mi.statistics('mi:command_errors', 'mi:command_failures')).toEqual({
      'mi:command_errors': 0,
      'mi:command_failures': 1,
    })
    expect(await call(mi, 'pwd')).toHaveProperty('result')
  })

  test.each([
    [
      'throws',
      () => {
        throw unreadable()
      },
    ],
    ['rejects with', () => Promise.reject(unreadable())],
    ['answers', () => unreadable()],
  ])('that %s what cannot be looked at fails alone: the others of its batch are answered', async (_what, handler) => {
    const mi = createMi({ modules: [oneCommand('m:x', [{}], handler)] })
    const batch = [
      { jsonrpc: '2.0', method: 'x', id: 1 },
      { jsonrpc: '2.0', method: 'pwd', id: 2 },
    ]
    const answers: unknown = JSON.parse((await mi.dispatch(JSON.stringify(batch))) ?? 'null')
    expect(answers).toMatchObject([
      { id: 1, error: { code: -32000, data: 'Command failed' } },
      { id: 2, result: {} },
    ])
    expect(mi.statistics('mi:internal_errors')).toEqual({ 'mi:internal_errors': 0 })
  })

  test('that rejects with what cannot be looked at when its signal fires is answered, and the engine closes', async () => {
    const giveUp = (_params: unknown, ctx: { signal: AbortSignal }) =>
      new Promise((_resolve, reject) => ctx.signal.addEventListener('abort', () => reject(unreadable())))
    const mi = createMi({ modules: [oneCommand('m:x', [{}], giveUp)], limits: { closeTimeoutMs: 10 } })
    const answer = call(mi, 'x')
    await mi.close()
    expect(await answer).toMatchObject({ error: { code: -32000 } })
    expect(mi.statistics('mi:in_flight')).toEqual({ 'mi:in_flight': 0 })
  })

  test('whose promise has a `then` of its own that throws fails, and is in flight no more', async () => {
    const broken = () =>
      Object.assign(Promise.resolve(1), {
        // biome-ignore lint/suspicious/noThenProperty: what is tested
        then: () => {
          throw new Error('own then')
        },
      })
    const mi = createMi({ modules: [oneCommand('m:x', [{}], broken)], limits: { maxInFlight: 1 } })
    for (let tries = 0; tries < 2; tries++) {
      expect(await call(mi, 'x')).toMatchObject({ id: 1, error: { code: -32000, data: 'Command failed' } })
    }
    expect(mi.statistics('mi:in_flight')).toEqual({ 'mi:in_flight': 0 })
  })

  test('whose result breaks its contract fails outside production, and says why in the log', async () => {
    const { log, lines } = recordingLog()
    const wrong = oneCommand('m:x', [{}], () => 'KO', { result: literal('OK') })
    expect(await call(createMi({ log, modules: [wrong], checkResults: true }), 'x')).toMatchObject({
      error: { data: 'Command failed' },
    })
    expect(String(lines[0]?.fields.err)).toContain('breaks the contract of m:x')
    expect(await call(createMi({ modules: [wrong], checkResults: false }), 'x')).toMatchObject({ result: 'KO' })
  })

  test('that takes too long is answered so, and its signal fires', async () => {
    const fired = deferred<unknown>()
    const never = (_params: unknown, ctx: { signal: AbortSignal }) => {
      ctx.signal.addEventListener('abort', () => fired.resolve(ctx.signal.reason))
      return new Promise(() => {})
    }
    const mi = createMi({
      modules: [oneCommand('m:x', [{}], never, { timeoutMs: 10 }), oneCommand('n:y', [{}], never)],
      limits: { commandTimeoutMs: 15 },
    })
    expect(await call(mi, 'x')).toMatchObject({ error: { code: -32000, data: 'Command timed out' } })
    expect(isMiError(await fired.promise, 'MI_TIMEOUT')).toBe(true)
    expect(await call(mi, 'y')).toMatchObject({ error: { code: -32000, data: 'Command timed out' } })
    expect(mi.statistics('mi:command_timeouts')).toEqual({ 'mi:command_timeouts': 2 })
  })

  test('knows its canonical name, its peer and its transport', async () => {
    const seen: unknown[] = []
    const transport = new HandTransport('hand')
    const mi = createMi({
      modules: [
        oneCommand('m:x', [{}], (_params, { command, transport, peer }) => seen.push([command, transport, peer]), {
          aliases: ['m_x'],
        }),
      ],
      transports: [transport],
    })
    await mi.listen()
    await transport.ask('m_x')
    expect(seen).toEqual([['m:x', 'hand', { transport: 'hand' }]])
    await mi.close()
  })

  test('may answer in several steps, but for notifications', async () => {
    const mi = createMi({
      modules: [
        oneCommand('m:x', [{}], async (_params, ctx) => {
          ctx.provisional('trying')
          ctx.provisional({ ringing: true })
          return 'ok'
        }),
      ],
    })
    const steps: string[] = []
    const onProvisional = (text: string) => steps.push(text)
    expect(await mi.dispatch('{"jsonrpc":"2.0","method":"x","id":9}', undefined, { onProvisional })).toContain('"ok"')
    expect(steps).toEqual([
      '{"jsonrpc":"2.0","result":"trying","id":9}',
      '{"jsonrpc":"2.0","result":{"ringing":true},"id":9}',
    ])
    await mi.dispatch('{"jsonrpc":"2.0","method":"x"}', undefined, { onProvisional })
    expect(steps).toHaveLength(2)
  })

  test.each<[string, () => unknown]>([
    ['answered at once', () => 'final'],
    ['failed at once', () => Promise.prototype.then.call(undefined)],
    ['promised its answer and gave it', async () => 'final'],
  ])('sends no more steps once it has %s', async (_what, answer) => {
    let step = (): void => {}
    const handler = (_params: unknown, ctx: CommandContext) => {
      step = () => ctx.provisional('late')
      return answer()
    }
    const mi = createMi({ modules: [oneCommand('m:x', [{}], handler)] })
    const steps: string[] = []
    await mi.dispatch('{"jsonrpc":"2.0","method":"x","id":9}', undefined, { onProvisional: (text) => steps.push(text) })
    step()
    expect(steps).toEqual([])
  })
})

test('a logger that throws is counted and hurts nobody', async () => {
  const fail = () => {
    throw new Error('disk full')
  }
  const transport = new HandTransport('hand')
  await using mi = createMi({ log: { debug: fail, info: fail, warn: fail, error: fail }, transports: [transport] })
  await mi.listen()
  transport.dispatcher?.drop('no_reader')
  expect(await transport.ask('pwd')).toContain('result')
  expect(mi.statistics('mi:log_errors', 'hand:drops')).toEqual({ 'mi:log_errors': 2, 'hand:drops': 1 })
})

describe('limits', () => {
  test('bound the requests of a batch', async () => {
    const mi = createMi({ limits: { maxBatchRequests: 2 } })
    expect(await mi.dispatch('[1,2]')).toMatch(/^\[/)
    expect(JSON.parse(String(await mi.dispatch('[1,2,3]')))).toMatchObject({
      error: { code: -32600, data: 'Batch of 3 requests exceeds the limit of 2' },
      id: null,
    })
  })

  test('that make no sense are refused at creation', () => {
    expect(() => createMi({ limits: { maxInFlight: 0 } })).toThrow('limits.maxInFlight')
    expect(() => createMi({ limits: { commandTimeoutMs: Number.NaN } })).toThrow(RangeError)
    // @ts-expect-error -- what is wrong is the point
    expect(() => createMi({ limits: { closeTimeoutMs: '5' } })).toThrow(RangeError)
  })
})

test('what is no transport, or no logger, is refused at creation', () => {
  // @ts-expect-error -- what is wrong is the point
  expect(() => createMi({ transports: [{ fifoName: '/run/app/mi_fifo' }] })).toThrow(
    /a transport must be what .* fifo\(\)/,
  )
  // @ts-expect-error -- what is wrong is the point
  expect(() => createMi({ transports: [undefined] })).toThrow(TypeError)
  // @ts-expect-error -- what is wrong is the point
  expect(() => createMi({ log: { info() {}, error() {} } })).toThrow('debug, warn missing')
})

describe('listen', () => {
  test('initialises modules, then opens transports; close undoes it, once', async () => {
    const order: string[] = []
    const hooks = (name: string) => ({
      init: async () => void order.push(`init ${name}`),
      close: () => void order.push(`close ${name}`),
    })
    const transport = new HandTransport('hand')
    const mi = createMi({
      modules: [oneCommand('a:x', [{}], () => 1, hooks('a')), oneCommand('b:y', [{}], () => 1, hooks('b'))],
      transports: [transport],
    })
    await mi.listen()
    expect([order, transport.log]).toEqual([['init a', 'init b'], ['listen']])
    await mi.close()
    await mi.close()
    expect([order, transport.log]).toEqual([
      ['init a', 'init b', 'close b', 'close a'],
      ['listen', 'close'],
    ])
    await expect(mi.listen()).rejects.toMatchObject({ code: 'MI_CLOSED' })
  })

  test('rejects naming the transport that cannot, with all others closed again', async () => {
    const fine = new HandTransport('fine')
    const closed: string[] = []
    const mi = createMi({
      modules: [oneCommand('m:x', [{}], () => 1, { close: () => void closed.push('m') })],
      transports: [fine, new HandTransport('bad', {}, new Error('no such directory'))],
    })
    await expect(mi.listen()).rejects.toMatchObject({
      code: 'MI_LISTEN',
      message: 'transport bad (by hand) cannot listen: no such directory',
    })
    expect([fine.log, closed]).toEqual([['listen', 'close'], ['m']])
  })

  test('rejects naming the module that cannot be initialised', async () => {
    const failing = {
      init: () => {
        throw new Error('no database')
      },
    }
    const mi = createMi({ modules: [oneCommand('m:x', [{}], () => 1, failing)] })
    await expect(mi.listen()).rejects.toThrow("module 'm' failed to initialise: no database")
  })

  test('stops when its signal fires', async () => {
    const abort = new AbortController()
    const first = new HandTransport('first')
    const mi = createMi({
      modules: [oneCommand('m:x', [{}], () => 1, { init: () => abort.abort(new Error('enough')) })],
      transports: [first],
    })
    await expect(mi.listen({ signal: abort.signal })).rejects.toThrow('enough')
    expect(first.log).toEqual([])
  })

  test('goes no further when the engine is closed meanwhile, and has undone all when close resolves', async () => {
    const ready = deferred<void>()
    const order: string[] = []
    const hooks = (name: string, init: () => Promise<void>) => ({
      init: () => {
        order.push(`init ${name}`)
        return init()
      },
      close: () => void order.push(`close ${name}`),
    })
    const transport = new HandTransport('hand')
    const mi = createMi({
      modules: [
        oneCommand(
          'a:x',
          [{}],
          () => 1,
          hooks('a', () => ready.promise),
        ),
        oneCommand(
          'b:y',
          [{}],
          () => 1,
          hooks('b', async () => {}),
        ),
      ],
      transports: [transport],
    })
    const listening = expect(mi.listen()).rejects.toMatchObject({ code: 'MI_CLOSED' })
    await vi.waitUntil(() => order.length > 0)
    const closing = mi.close()
    ready.resolve()
    await closing
    expect([order, transport.log]).toEqual([['init a', 'close a'], []])
    await listening
  })

  test('of a transport that fails because the engine is closed meanwhile says that', async () => {
    const failed = deferred<void>()
    const failing = new (class extends HandTransport {
      override async listen() {
        this.log.push('listen')
        await failed.promise
        throw new Error('interrupted')
      }
    })('hand')
    const mi = createMi({ transports: [failing] })
    const listening = expect(mi.listen()).rejects.toMatchObject({
      code: 'MI_CLOSED',
      cause: { code: 'MI_LISTEN', cause: { message: 'interrupted' } },
    })
    await vi.waitUntil(() => failing.log.length > 0)
    const closing = mi.close()
    failed.resolve()
    await closing
    await listening
  })

  test('that hangs keeps close waiting no longer than closeTimeoutMs', async () => {
    const hanging = oneCommand('m:x', [{}], () => 1, { init: () => new Promise(() => {}) })
    const mi = createMi({ modules: [hanging], limits: { closeTimeoutMs: 10 } })
    void mi.listen()
    await mi.close()
  })

  test('a second time is a mistake', async () => {
    await using mi = createMi()
    await mi.listen()
    await expect(mi.listen()).rejects.toThrow('already')
  })
})

describe('register', () => {
  test('of one module twice at the same time initialises it once and refuses the second', async () => {
    await using mi = createMi()
    await mi.listen()
    const ready = deferred<void>()
    let inits = 0
    const init = () => {
      inits++
      return ready.promise
    }
    const module = oneCommand('m:x', [{}], () => 1, { init })
    const first = mi.register(module)
    await expect(mi.register(module)).rejects.toThrow("module 'm' is being registered already")
    ready.resolve()
    await first
    expect(inits).toBe(1)
    expect(await call(mi, 'x')).toMatchObject({ result: 1 })
    await expect(mi.register(module)).rejects.toThrow("module 'm' registers 'm:x', which module 'm' has")
  })

  test.each([
    ['command', oneCommand('m:x', [{}], () => 2), /module 'm' registers 'm:x', which module 'm' has/],
    ['alias', oneCommand('n:y', [{}], () => 2, { aliases: ['old'] }), /alias 'old' for 'n:y', which module 'm' has/],
  ])(
    'refuses a module with the %s of one that is being initialised, until that has failed',
    async (_what, other, why) => {
      await using mi = createMi()
      await mi.listen()
      const ready = deferred<void>()
      const init = async () => {
        await ready.promise
        throw new Error('no database')
      }
      const first = mi.register(oneCommand('m:x', [{}], () => 1, { init, aliases: ['old'] }))
      await expect(mi.register(other)).rejects.toThrow(why)
      ready.resolve()
      await expect(first).rejects.toMatchObject({ code: 'MI_LISTEN' })
      await mi.register(other)
      expect(await call(mi, String(other.info.commands[0]?.method))).toMatchObject({ result: 2 })
    },
  )

  test('adds commands while the engine listens, after init', async () => {
    await using mi = createMi()
    await mi.listen()
    const ready = deferred<void>()
    const registering = mi.register(oneCommand('m:x', [{}], () => 1, { init: () => ready.promise }))
    expect(await call(mi, 'm:x')).toMatchObject({ error: { code: -32601 } })
    ready.resolve()
    await registering
    expect(await call(mi, 'm:x')).toMatchObject({ result: 1 })
  })

  test('while the engine begins to listen initialises a module once, and close closes it once', async () => {
    const ready = deferred<void>()
    const order: string[] = []
    const mi = createMi({ modules: [oneCommand('first:x', [{}], () => 1, { init: () => ready.promise })] })
    const listening = mi.listen()
    const hooks = { init: () => void order.push('init'), close: () => void order.push('close') }
    await mi.register(oneCommand('m:y', [{}], () => 1, hooks))
    ready.resolve()
    await listening
    await mi.close()
    expect(order).toEqual(['init', 'close'])
  })

  test('rejects when the engine is closed meanwhile, and the module is closed again', async () => {
    const ready = deferred<void>()
    const closed: string[] = []
    const mi = createMi()
    await mi.listen()
    const hooks = { init: () => ready.promise, close: () => void closed.push('m') }
    const registering = expect(mi.register(oneCommand('m:x', [{}], () => 1, hooks))).rejects.toMatchObject({
      code: 'MI_CLOSED',
    })
    const closing = mi.close()
    ready.resolve()
    await closing
    expect(closed).toEqual(['m'])
    await registering
  })
})

describe('close', () => {
  test('fires the signals of commands in flight and answers what they still say', async () => {
    const transport = new HandTransport('hand')
    const mi = createMi({
      modules: [
        oneCommand('m:x', [{}], (_params, { signal }) => {
          return new Promise((resolve) => signal.addEventListener('abort', () => resolve(String(signal.reason.code))))
        }),
      ],
      transports: [transport],
    })
    await mi.listen()
    const answer = transport.ask('x')
    await mi.close()
    expect(await answer).toContain('"result":"MI_CLOSED"')
  })

  test.each([
    ['rejects with the reason of its signal', (signal: AbortSignal) => rejectOnAbort(signal)],
    ['hands its signal on, as to a timer', (signal: AbortSignal) => wait(60_000, undefined, { signal })],
  ])('answers for a command that %s', async (_what, work) => {
    const errors: unknown[] = []
    const log = { debug() {}, info() {}, warn() {}, error: (fields: object) => void errors.push(fields) }
    const mi = createMi({ modules: [oneCommand('m:x', [{}], async (_params, { signal }) => work(signal))], log })
    await mi.listen()
    const answer = call(mi, 'x')
    await mi.close()
    expect(await answer).toMatchObject({ error: { code: -32000, data: 'Server closed' } })
    expect(errors).toEqual([])
  })

  test('answers for commands that do not end in time', async () => {
    const mi = createMi({
      modules: [oneCommand('m:x', [{}], () => new Promise(() => {}))],
      transports: [
        new (class extends HandTransport {
          override async close() {
            await answer
          }
        })('hand'),
      ],
      limits: { closeTimeoutMs: 10 },
    })
    await mi.listen()
    const answer = call(mi, 'x')
    await mi.close()
    expect(await answer).toMatchObject({ error: { code: -32000, data: 'Server closed' } })
  })
})

describe('tracing', () => {
  function recordingTracer(fail = false) {
    const seen: unknown[] = []
    const methods: unknown[] = []
    const tracer: MiTracer = {
      request: ({ command, method, backend, params }: TracedRequest) => {
        if (fail) throw new Error('tracer is broken')
        methods.push(method)
        return seen.push([command, backend, params])
      },
      reply: (request, text) => void seen.push([request, text]),
      listen: () => void seen.push('listen'),
      close: () => void seen.push('close'),
    }
    return { tracer, seen, methods }
  }

  test('sees each request and its reply, by canonical name and as it was sent, unknown and unparsable ones too', async () => {
    const { tracer, seen, methods } = recordingTracer()
    const transport = new HandTransport('hand', { tracer })
    await using mi = createMi({ transports: [transport] })
    await mi.listen()
    await transport.ask('get_statistics', [['nosuch']])
    await transport.ask('nosuch')
    await transport.dispatcher?.dispatch('{bad', { transport: 'hand' })
    expect(seen).toEqual([
      'listen',
      ['statistics:get', 'hand', [['nosuch']]],
      [2, '{"jsonrpc":"2.0","result":{},"id":1}'],
      ['nosuch', 'hand', undefined],
      [4, expect.stringContaining('-32601')],
      ['unknown', 'hand', undefined],
      [6, '400 Parse_error'],
    ])
    expect(methods).toEqual(['get_statistics', 'nosuch', undefined])
    await mi.close()
    expect(seen.at(-1)).toBe('close')
  })

  test.each([
    ['b: ps, which', ['core:pwd']],
    ['W : core:ps', ['core:ps']],
    [' w:ps ,which,', ['core:ps', 'core:which']],
    ['B:get_statistics', ['core:ps', 'core:which', 'core:pwd']],
  ])('follows traceBwlist %j', async (traceBwlist, expected) => {
    const { tracer, seen } = recordingTracer()
    const transport = new HandTransport('hand', { tracer, traceBwlist })
    await using mi = createMi({ transports: [transport] })
    await mi.listen()
    for (const method of ['ps', 'which', 'pwd']) await transport.ask(method)
    const requests = seen.filter((each) => Array.isArray(each) && each.length === 3)
    expect(requests).toEqual(expected.map((command) => [command, 'hand', undefined]))
  })

  test.each([
    ['ps', /must begin with/],
    ['b:', /names no command/],
    ['x: ps', /must begin with/],
    ['w: nosuch', /Method not found/],
  ])('refuses traceBwlist %j at listen', async (traceBwlist, message) => {
    const mi = createMi({ transports: [new HandTransport('hand', { traceBwlist })] })
    await expect(mi.listen()).rejects.toThrow(message)
  })

  test('that fails is counted and hurts nobody', async () => {
    const { tracer } = recordingTracer(true)
    const transport = new HandTransport('hand', { tracer })
    await using mi = createMi({ transports: [transport] })
    await mi.listen()
    expect(await transport.ask('pwd')).toContain('result')
    expect(mi.statistics('hand:trace_errors')).toEqual({ 'hand:trace_errors': 1 })
  })
})

describe('observability', () => {
  test('publishes drops on the channel mi.drop', async () => {
    const seen: unknown[] = []
    const listener = (message: unknown) => void seen.push(message)
    subscribe('mi.drop', listener)
    try {
      const transport = new HandTransport('hand')
      await using mi = createMi({ transports: [transport] })
      await mi.listen()
      transport.dispatcher?.drop('no_reader', { reply: 'r' })
    } finally {
      unsubscribe('mi.drop', listener)
    }
    expect(seen).toEqual([{ transport: 'hand', reason: 'no_reader', fields: { reply: 'r' }, count: 1 }])
  })

  test('counts for each transport and for the engine as a whole, errors by kind and drops by reason', async () => {
    const [a, b] = [new HandTransport('hand'), new HandTransport('hand')]
    await using mi = createMi({
      transports: [a, b],
      modules: [
        oneCommand('m:fail', [{}], () => {
          throw new CommandError(1, 'x')
        }),
      ],
    })
    await mi.listen()
    await a.ask('pwd')
    await a.ask('pwd', [1])
    await b.ask('nosuch')
    await b.ask('fail')
    await b.ask('version:')
    await b.dispatcher?.dispatch('{', { transport: 'hand' })
    await b.dispatcher?.dispatch('{}', { transport: 'hand' })
    await b.dispatcher?.dispatch('{"jsonrpc":"2.0","method":"pwd"}', { transport: 'hand' })
    for (let reason = 0; reason < 40; reason++) b.dispatcher?.drop(`reason_${reason}`)
    expect(mi.statistics('hand:')).toMatchObject({ 'hand:requests': 2, 'hand:replies': 2, 'hand:invalid_params': 1 })
    expect(mi.statistics('hand2:')).toMatchObject({
      'hand2:requests': 6,
      'hand2:replies': 5,
      'hand2:method_not_found': 2,
      'hand2:command_errors': 1,
      'hand2:parse_errors': 1,
      'hand2:invalid_requests': 1,
      'hand2:notifications': 1,
      'hand2:drops': 40,
      'hand2:drops_reason_0': 1,
      'hand2:drops_other': 8,
    })
    expect(mi.statistics('mi:')).toMatchObject({ 'mi:requests': 8, 'mi:replies': 7, 'mi:drops': 40 })
  })
})

describe('settings of a transport', () => {
  test('prettyPrinting prints as OpenSIPS does', async () => {
    const transport = new HandTransport('hand', { prettyPrinting: true })
    const value = { a: 1, 'b:{"': [1, { c: [], d: {} }, 'x,y'], e: {} }
    await using mi = createMi({ transports: [transport], modules: [oneCommand('m:x', [{}], () => value)] })
    await mi.listen()
    expect(await transport.ask('x')).toBe(
      [
        '{',
        '\t"jsonrpc":\t"2.0",',
        '\t"result":\t{',
        '\t\t"a":\t1,',
        '\t\t"b:{\\"":\t[1, {',
        '\t\t\t\t"c":\t[],',
        '\t\t\t\t"d":\t{',
        '\t\t\t\t}',
        '\t\t\t}, "x,y"],',
        '\t\t"e":\t{',
        '\t\t}',
        '\t},',
        '\t"id":\t1',
        '}',
      ].join('\n'),
    )
  })

  test('parseErrors answers text that is no JSON in JSON-RPC', async () => {
    const transport = new HandTransport('hand', { parseErrors: 'jsonrpc' })
    await using mi = createMi({ transports: [transport] })
    await mi.listen()
    expect(await transport.dispatcher?.dispatch('{', { transport: 'hand' })).toBe(
      '{"jsonrpc":"2.0","error":{"code":-32700,"message":"Parse error"},"id":null}',
    )
  })
})

function rejectOnAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}

/** An object that throws whatever it is asked. */
function unreadable(): object {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  return proxy
}
