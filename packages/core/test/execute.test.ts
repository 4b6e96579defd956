import { tracingChannel } from 'node:diagnostics_channel'
import { CommandError, type ExecuteOptions, MiError, type Outcome } from '@mi/contract'
import fc from 'fast-check'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type CommandMessage, createMi, type Mi } from '../src/index.js'
import { deferred, HandTransport, oneCommand } from './support.js'

/** What a command answers through JSON-RPC text, in the shape of an outcome. */
async function throughText(mi: Mi, method: string, params?: unknown, options?: ExecuteOptions): Promise<Outcome> {
  const steps = options?.onProvisional
  const reply = await mi.dispatch(JSON.stringify({ jsonrpc: '2.0', method, params, id: 7 }), options?.peer, {
    signal: options?.signal,
    onProvisional: steps && ((text) => steps(JSON.parse(text).result)),
  })
  const { result, error } = JSON.parse(String(reply))
  return error === undefined ? { value: result } : { error }
}

/** A handler's result that JSON cannot carry as it is, or not at all. */
const oddValue = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.jsonValue(),
    fc.constantFrom<unknown>(undefined, Number.NaN, Number.POSITIVE_INFINITY, -0, 10n, Symbol('s'), () => {}),
    fc.date({ noInvalidDate: true }),
    fc.constant({ toJSON: () => ({ shown: [1, undefined] }) }),
    fc.constant(Object.create({ inherited: 1 }, { own: { value: 2, enumerable: true } })),
    fc.constantFrom(new Map([[1, 2]]), new Uint8Array([1, 2]), Object('boxed'), Object(5)),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.string(), tie('value'), { maxKeys: 4 }),
    fc.dictionary(fc.string(), tie('value'), { maxKeys: 3 }).map((value) => Object.freeze(value)),
  ),
})).value

describe('execute', () => {
  test('gives what JSON-RPC gives, whatever a handler returns, throws or sends ahead', async () => {
    let returned: unknown
    const steps: unknown[] = []
    const mi = createMi({
      modules: [
        oneCommand('m:now', [{}], () => returned),
        oneCommand('n:later', [{}], async () => returned),
        oneCommand('o:fail', [{}], () => {
          throw new CommandError(404, 'gone', returned)
        }),
        oneCommand('p:step', [{}], (_params, { provisional }) => provisional(returned)),
      ],
      checkResults: false,
    })
    const onProvisional = (value: unknown) => void steps.push(value)
    await fc.assert(
      fc.asyncProperty(oddValue, async (value) => {
        returned = value
        for (const method of ['m:now', 'n:later', 'o:fail', 'p:step']) {
          steps.length = 0
          const outcome = await mi.execute(method, undefined, { onProvisional })
          const sent = steps.splice(0)
          expect(outcome).toStrictEqual(await throughText(mi, method, undefined, { onProvisional }))
          expect(sent).toStrictEqual(steps)
        }
      }),
      { numRuns: 500 },
    )
  })

  test('resolves names and parameters as JSON-RPC does', async () => {
    const mi = createMi({
      modules: [
        oneCommand('m:x', [{}, { a: 'int' }, { a: 'int', b: 'string' }], (params) => params),
        oneCommand('n:x', [{}], () => 'OK'),
        oneCommand('o:y', [{ list: 'string[]' }], (params) => params, { aliases: ['old_y'] }),
      ],
    })
    const method = fc.constantFrom('m:x', 'x', 'n:x', 'y', 'o:y', 'old_y', 'nosuch', '', 'm:', '__proto__')
    const params = fc.option(
      fc.oneof(
        fc.array(fc.jsonValue(), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom('a', 'b', 'list'), fc.oneof(fc.jsonValue(), fc.array(fc.string()))),
      ),
      { nil: undefined },
    )
    await fc.assert(
      fc.asyncProperty(method, params, async (name, values) => {
        const copy = values === undefined ? undefined : JSON.parse(JSON.stringify(values))
        expect(await mi.execute(name, copy)).toStrictEqual(await throughText(mi, name, copy))
      }),
      { numRuns: 500 },
    )
  })

  test('is a plain value when the handler is synchronous, else a promise', async () => {
    const mi = createMi({ modules: [oneCommand('m:now', [{}], () => 1), oneCommand('n:later', [{}], async () => 2)] })
    expect(mi.execute('now')).toStrictEqual({ value: 1 })
    const later = mi.execute('later')
    expect(later).toBeInstanceOf(Promise)
    expect(await later).toStrictEqual({ value: 2 })
  })

  test('hands on the value itself when it is plain data', () => {
    const result = { list: [{ a: 1 }] }
    const mi = createMi({ modules: [oneCommand('m:x', [{}], () => result)] })
    expect(mi.execute('x')).toStrictEqual({ value: result })
    expect((mi.execute('x') as Outcome).value).toBe(result)
  })

  test.each<[string, unknown]>([
    ['a cycle', Object.assign([], { 0: 0 })],
    ['a bigint', { n: 1n }],
  ])('answers -32000 to %s in a result', (_what, value) => {
    if (Array.isArray(value)) value[0] = value
    const mi = createMi({ modules: [oneCommand('m:x', [{}], () => value)] })
    expect(mi.execute('x')).toStrictEqual({ error: { code: -32000, message: 'Server error', data: 'Command failed' } })
  })

  test('answers -32600 to a method or parameters of another type', () => {
    const mi = createMi()
    // @ts-expect-error -- as plain JavaScript may call it
    expect(mi.execute(5)).toMatchObject({ error: { code: -32600, data: 'method must be a string' } })
    // @ts-expect-error -- as plain JavaScript may call it
    expect(mi.execute('pwd', 'text')).toMatchObject({ error: { data: 'params must be an array or an object' } })
  })

  test('refuses a signal that is not one before anything runs, and a parameter that is undefined', () => {
    let runs = 0
    const mi = createMi({ modules: [oneCommand('m:x', [{}, { n: 'int' }], () => ++runs)] })
    // @ts-expect-error -- the controller in place of its signal
    expect(mi.execute('x', undefined, { signal: new AbortController() })).toMatchObject({
      error: { code: -32600, data: 'signal must be an AbortSignal' },
    })
    expect(mi.execute('x', [undefined])).toMatchObject({ error: { data: "Bad type for parameter 'n'" } })
    expect(mi.execute('x', { n: undefined })).toMatchObject({ error: { data: "Bad type for parameter 'n'" } })
    expect(runs).toBe(0)
    expect(mi.statistics('mi:in_flight')).toEqual({ 'mi:in_flight': 0 })
  })

  test('shows the handler its peer, local when none is given', () => {
    const seen: unknown[] = []
    const mi = createMi({ modules: [oneCommand('m:x', [{}], (_params, { peer }) => void seen.push(peer))] })
    mi.execute('x')
    mi.execute('x', undefined, { peer: { transport: 'console', address: 'me' } })
    expect(seen).toEqual([{ transport: 'local' }, { transport: 'console', address: 'me' }])
  })
})

describe('the signal of a command', () => {
  const waiting = (mi: Mi, door: 'execute' | 'dispatch', signal: AbortSignal) =>
    door === 'execute' ? mi.execute('x', undefined, { signal }) : throughText(mi, 'x', undefined, { signal })
  const aborted = { error: { code: -32000, message: 'Server error', data: 'Command aborted' } }

  test.each(['execute', 'dispatch'] as const)('fires with that of the caller, through %s', async (door) => {
    const started = deferred<AbortSignal>()
    const mi = createMi({
      modules: [
        oneCommand('m:x', [{}], (_params, { signal }) => {
          started.resolve(signal)
          return new Promise(() => {})
        }),
      ],
    })
    const controller = new AbortController()
    const outcome = waiting(mi, door, controller.signal)
    const signal = await started.promise
    expect(signal.aborted).toBe(false)
    controller.abort(new Error('the peer has gone'))
    expect(signal.reason).toEqual(new Error('the peer has gone'))
    expect(await outcome).toEqual(aborted)
    expect(mi.statistics('mi:in_flight', 'mi:command_aborts')).toEqual({ 'mi:in_flight': 0, 'mi:command_aborts': 1 })
  })

  test.each(['execute', 'dispatch'] as const)(
    'that has fired already keeps the command from running, through %s',
    async (door) => {
      let runs = 0
      const mi = createMi({ modules: [oneCommand('m:x', [{}], () => ++runs)] })
      expect(await waiting(mi, door, AbortSignal.abort())).toEqual(aborted)
      expect(runs).toBe(0)
    },
  )

  test.each(['execute', 'dispatch'] as const)('fires when its time is up, through %s', async (door) => {
    const reasons: unknown[] = []
    const mi = createMi({
      modules: [
        oneCommand(
          'm:x',
          [{}],
          (_params, { signal }) => {
            signal.addEventListener('abort', () => reasons.push(signal.reason))
            return new Promise(() => {})
          },
          { timeoutMs: 1 },
        ),
      ],
    })
    expect(await waiting(mi, door, new AbortController().signal)).toMatchObject({
      error: { data: 'Command timed out' },
    })
    expect(reasons).toEqual([new MiError('MI_TIMEOUT', 'command m:x timed out after 1 ms')])
  })

  test('fires in a handler that closes the engine itself', async () => {
    const fired = deferred<unknown>()
    const mi = createMi({
      limits: { closeTimeoutMs: 60_000 },
      modules: [
        oneCommand('m:x', [{}], async (_params, { signal }) => {
          void mi.close()
          await new Promise<void>((resolve) => {
            signal.addEventListener('abort', () => resolve())
            if (signal.aborted) resolve()
          })
          fired.resolve(signal.reason)
        }),
      ],
    })
    await mi.execute('x')
    expect(await fired.promise).toMatchObject({ code: 'MI_CLOSED' })
  })

  test('keeps no listener on that of the caller once the command has ended', async () => {
    const mi = createMi({ modules: [oneCommand('m:x', [{}], async () => 'done')] })
    const { signal } = new AbortController()
    const added: unknown[] = []
    const removed: unknown[] = []
    const add = signal.addEventListener.bind(signal)
    const remove = signal.removeEventListener.bind(signal)
    signal.addEventListener = (...args: Parameters<typeof add>) => {
      added.push(args[1])
      add(...args)
    }
    signal.removeEventListener = (...args: Parameters<typeof remove>) => {
      removed.push(args[1])
      remove(...args)
    }
    expect(await mi.execute('x', undefined, { signal })).toEqual({ value: 'done' })
    expect(added).toHaveLength(1)
    expect(removed).toEqual(added)
  })
})

describe('the context of a handler', () => {
  test('works when it is taken apart', async () => {
    const steps: unknown[] = []
    const mi = createMi({
      modules: [
        oneCommand('m:x', [{}], async (_params, { provisional, signal, command, transport, log }) => {
          provisional('half')
          log.info({}, 'on the way')
          return { command, transport, aborted: signal.aborted }
        }),
      ],
    })
    const { execute } = mi
    expect(await execute('x', undefined, { onProvisional: (value) => steps.push(value) })).toEqual({
      value: { command: 'm:x', transport: 'local', aborted: false },
    })
    expect(steps).toEqual(['half'])
  })
})

test('the functions of an engine work when they are detached', async () => {
  const transport = new HandTransport('hand')
  const { attach, close, contracts, dispatch, execute, listen, register, statistics } = createMi({
    transports: [transport],
  })
  await listen()
  await register(oneCommand('m:x', [{}], () => 'here'))
  expect(execute('m:x')).toEqual({ value: 'here' })
  expect(dispatch('{"jsonrpc":"2.0","method":"m:x","id":1}')).toBe('{"jsonrpc":"2.0","result":"here","id":1}')
  const { execute: call, find } = attach('script')
  expect(call('x')).toEqual({ value: 'here' })
  expect(find('x')?.method).toBe('m:x')
  expect(contracts().at(-1)?.method).toBe('m:x')
  expect(statistics('script:requests')).toEqual({ 'script:requests': 1 })
  const { samples } = statistics
  expect(samples().length).toBeGreaterThan(10)
  await close()
})

describe('the channel mi.command', () => {
  function recorded() {
    const seen: { event: string; message: CommandMessage; copy: CommandMessage }[] = []
    const record = (event: string) => (message: unknown) => {
      seen.push({ event, message: message as CommandMessage, copy: { ...(message as CommandMessage) } })
    }
    const channel = tracingChannel('mi.command')
    const subscribers = {
      start: record('start'),
      end: record('end'),
      error: record('error'),
      asyncStart: record('asyncStart'),
      asyncEnd: record('asyncEnd'),
    }
    channel.subscribe(subscribers)
    onTestFinished(() => channel.unsubscribe(subscribers))
    return seen
  }

  test.each<[string, (mi: Mi) => unknown]>([
    ['execute', (mi) => mi.execute('x', [5], { peer: { transport: 'local', address: 'me' } })],
    [
      'dispatch',
      (mi) => mi.dispatch('{"jsonrpc":"2.0","method":"x","params":[5],"id":1}', { transport: 'local', address: 'me' }),
    ],
  ])('has one object for start and end of a command that comes by %s', async (_door, ask) => {
    const later = deferred<string>()
    const mi = createMi({ modules: [oneCommand('m:x', [{ a: 'int' }], () => later.promise)] })
    const seen = recorded()
    const answered = ask(mi)
    expect(seen.map(({ event }) => event)).toEqual(['start'])
    later.resolve('done')
    await answered
    expect(seen.map(({ event }) => event)).toEqual(['start', 'end'])
    expect(seen[1]?.message).toBe(seen[0]?.message)
    expect(seen[0]?.copy).toEqual({
      command: 'm:x',
      params: [5],
      transport: 'local',
      peer: { transport: 'local', address: 'me' },
      started: expect.any(Number),
      duration: undefined,
      outcome: undefined,
      code: undefined,
      error: undefined,
    })
    expect(seen[1]?.copy).toMatchObject({ outcome: 'success', duration: expect.any(Number) })
  })

  test('publishes an error with its code, also for a name that means nothing', () => {
    const mi = createMi()
    const seen = recorded()
    mi.execute('pwd', [1])
    mi.execute('nosuch')
    expect(seen.map(({ event, copy }) => [event, copy.command, copy.outcome, copy.code])).toEqual([
      ['start', 'core:pwd', undefined, undefined],
      ['error', 'core:pwd', 'error', -32602],
      ['end', 'core:pwd', 'error', -32602],
      ['start', 'nosuch', undefined, undefined],
      ['error', 'nosuch', 'error', -32601],
      ['end', 'nosuch', 'error', -32601],
    ])
  })

  test('publishes each entry of a batch, and notifications', async () => {
    const mi = createMi()
    const seen = recorded()
    await mi.dispatch('[{"jsonrpc":"2.0","method":"pwd","id":1},{"jsonrpc":"2.0","method":"version"}]')
    expect(seen.filter(({ event }) => event === 'end').map(({ copy }) => copy.command)).toEqual([
      'core:pwd',
      'core:version',
    ])
  })
})

describe('samples', () => {
  test('have name, kind, help, labels and value, and count nothing twice', async () => {
    const transport = new HandTransport('hand')
    await using mi = createMi({
      transports: [transport],
      modules: [
        oneCommand('m:x', [{}], () => 'OK', {
          statistics: { hits: { value: () => 3, reset() {}, help: 'Hits so far' }, level: () => 7 },
        }),
      ],
    })
    await mi.listen()
    await transport.ask('x')
    mi.execute('x')
    mi.execute('nosuch')
    transport.dispatcher?.drop('no_reader', {}, 2)
    await mi.execute('reset_all_statistics')
    const find = (name: string, labels: Record<string, string>) =>
      mi.statistics
        .samples()
        .find((each) => each.name === name && JSON.stringify(each.labels) === JSON.stringify(labels))
    expect(find('requests', { transport: 'hand' })).toEqual({
      name: 'requests',
      kind: 'counter',
      help: 'Requests received; each entry of a batch is one',
      labels: { transport: 'hand' },
      value: 1,
    })
    expect(find('requests', { transport: 'local' })?.value).toBe(3)
    expect(find('method_not_found', { transport: 'local' })?.value).toBe(1)
    expect(find('drops_by_reason', { transport: 'hand', reason: 'no_reader' })?.value).toBe(2)
    expect(find('hits', { module: 'm' })).toMatchObject({ kind: 'counter', help: 'Hits so far', value: 3 })
    expect(find('level', { module: 'm' })).toMatchObject({ kind: 'gauge', help: '', value: 7 })
    expect(find('in_flight', { transport: 'hand' })).toMatchObject({ kind: 'gauge', value: 0 })
    const keys = mi.statistics.samples().map(({ name, labels }) => JSON.stringify([name, labels]))
    expect(new Set(keys).size).toBe(keys.length)
  })
})
