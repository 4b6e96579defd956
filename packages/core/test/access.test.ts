import { type AccessCheck, CommandError, ErrorCode, type Interceptor } from '@mi/contract'
import { describe, expect, test } from 'vitest'
import { createMi } from '../src/index.js'
import { call, HandTransport, oneCommand } from './support.js'

const forbidden = new CommandError(ErrorCode.Forbidden)

describe('an access check', () => {
  test('is asked with the canonical contract, the peer and the parameters as they arrived, before they are looked at', async () => {
    const seen: unknown[] = []
    const access: AccessCheck = ({ method }, peer, params) => {
      seen.push([method, peer, params])
      return method === 'm:x' ? forbidden : undefined
    }
    const mi = createMi({
      access,
      modules: [oneCommand('m:x', [{ a: 'int' }], () => 'OK', { aliases: ['old'] })],
    })
    const peer = { transport: 'hand', address: 'a' }
    expect(mi.execute('old', { wrong: true }, { peer })).toEqual({ error: { code: -32003, message: 'Forbidden' } })
    expect(mi.execute('pwd', undefined, { peer })).toHaveProperty('value')
    expect(seen).toEqual([
      ['m:x', peer, { wrong: true }],
      ['core:pwd', peer, undefined],
    ])
    expect(mi.statistics('mi:forbidden', 'mi:invalid_params')).toEqual({ 'mi:forbidden': 1, 'mi:invalid_params': 0 })
  })

  test('holds for transports, each entry of a batch, notifications, callers and kill', async () => {
    let runs = 0
    const transport = new HandTransport('hand')
    await using mi = createMi({
      access: ({ method }) => (method === 'core:pwd' ? undefined : forbidden),
      modules: [oneCommand('m:x', [{}], () => ++runs)],
      transports: [transport],
      allowKill: true,
    })
    await mi.listen()
    const error = { code: -32003, message: 'Forbidden' }
    expect(JSON.parse(String(await transport.ask('m:x')))).toMatchObject({ error })
    const entries = ['m:x', 'core:pwd', 'core:kill'].map((method, id) => ({ jsonrpc: '2.0', method, id }))
    const notification = { jsonrpc: '2.0', method: 'm:x' }
    expect(JSON.parse(String(await mi.dispatch(JSON.stringify([...entries, notification]))))).toMatchObject([
      { error },
      { result: { WD: process.cwd() } },
      { error },
    ])
    expect(mi.attach('script').execute('x')).toEqual({ error })
    expect(runs).toBe(0)
    expect(mi.statistics('mi:forbidden')).toEqual({ 'mi:forbidden': 5 })
  })

  test('that throws refuses the command and is logged', () => {
    const lines: unknown[] = []
    const none = () => {}
    const log = { debug: none, info: none, warn: none, error: (fields: unknown) => void lines.push(fields) }
    const failure = new TypeError('policy broken')
    const mi = createMi({
      log,
      access: () => {
        throw failure
      },
    })
    expect(mi.execute('pwd')).toMatchObject({ error: { code: -32000, data: 'Command failed' } })
    expect(lines).toMatchObject([{ command: 'core:pwd', err: failure }])
  })

  test('hides commands from which and help', async () => {
    const mi = createMi({
      access: ({ method }) => (method === 'm:x' ? forbidden : undefined),
      modules: [oneCommand('m:x', [{}], () => 'OK'), oneCommand('n:y', [{}], () => 'OK')],
    })
    const { result } = await call(mi, 'which')
    expect(result).toContain('n:y')
    expect(result).not.toContain('m:x')
    for (const request of [
      await call(mi, 'which', ['m:x']),
      await call(mi, 'which', ['m:']),
      await call(mi, 'help', ['x']),
    ]) {
      expect(request).toMatchObject({ error: { code: 404, message: 'unknown MI command' } })
    }
    expect(mi.contracts().map(({ method }) => method)).toContain('m:x')
  })
})

describe('interceptors', () => {
  const around =
    (name: string, seen: (unknown[] | string)[]): Interceptor =>
    (command, params, { peer }, next) => {
      seen.push([name, command.method, params, peer.transport])
      return next()
    }

  test('wrap every handler, the first one outermost, on every way in', async () => {
    const seen: (unknown[] | string)[] = []
    const mi = createMi({
      interceptors: [around('outer', seen), around('inner', seen)],
      modules: [oneCommand('m:x', [{ a: 'int' }], () => void seen.push('handler'))],
    })
    mi.execute('x', ['5'])
    expect(seen).toEqual([['outer', 'm:x', { a: 5 }, 'local'], ['inner', 'm:x', { a: 5 }, 'local'], 'handler'])
    seen.length = 0
    await mi.dispatch('[{"jsonrpc":"2.0","method":"pwd","id":1},{"jsonrpc":"2.0","method":"version"}]')
    mi.attach('script').execute('pwd', undefined, { peer: { transport: 'script' } })
    expect(seen.filter(([name]) => name === 'outer')).toEqual([
      ['outer', 'core:pwd', {}, 'local'],
      ['outer', 'core:version', {}, 'local'],
      ['outer', 'core:pwd', {}, 'script'],
    ])
  })

  test('may answer in place of the handler, change its result, and refuse', async () => {
    const mi = createMi({
      interceptors: [
        async ({ name }, _params, _context, next) => {
          if (name === 'refused') throw new CommandError(429, 'Too many')
          return name === 'replaced' ? 'instead' : { wrapped: await next() }
        },
      ],
      modules: ['m:refused', 'n:replaced', 'o:wrapped'].map((method) => oneCommand(method, [{}], () => method)),
    })
    expect(await mi.execute('refused')).toEqual({ error: { code: 429, message: 'Too many' } })
    expect(await mi.execute('replaced')).toEqual({ value: 'instead' })
    expect(await mi.execute('wrapped')).toEqual({ value: { wrapped: 'o:wrapped' } })
  })

  test('hold for modules that are registered later', async () => {
    const seen: (unknown[] | string)[] = []
    const mi = createMi({ interceptors: [around('one', seen)] })
    await mi.register(oneCommand('m:x', [{}], () => 'OK'))
    mi.execute('x')
    expect(seen).toHaveLength(1)
  })
})

test('which lists aliases after canonical names when asked to', async () => {
  const modules = [oneCommand('m:x', [{}], () => 'OK', { aliases: ['old_x', 'older_x'] })]
  expect((await call(createMi({ modules }), 'which', ['m:'])).result).toEqual(['m:x'])
  const mi = createMi({ modules, listAliases: true })
  expect((await call(mi, 'which', ['m:'])).result).toEqual(['m:x', 'old_x', 'older_x'])
  expect((await call(mi, 'which')).result).toContain('get_statistics')
})

test('unknown options are refused with the nearest known name', () => {
  // @ts-expect-error -- misspelt
  expect(() => createMi({ transport: [] })).toThrow(
    new TypeError("createMi(): unknown option 'transport'; did you mean 'transports'?"),
  )
  // @ts-expect-error -- misspelt
  expect(() => createMi({ limits: { maxInflight: 1 } })).toThrow(
    /createMi\(\): limits: unknown option 'maxInflight'.*'maxInFlight'/,
  )
  // @ts-expect-error -- misspelt
  expect(() => createMi({ server: { nam: 'x' } })).toThrow(/unknown option 'nam'; did you mean 'name'/)
  // @ts-expect-error -- not a function
  expect(() => createMi({ access: {} })).toThrow(/access and each of interceptors must be a function/)
})

test('rpc.discover describes the commands that the peer may run, and no others', async () => {
  const access: AccessCheck = ({ method, level }) => (level === 'read' || method === 'm:x' ? undefined : forbidden)
  const mi = createMi({ access, modules: [oneCommand('m:x', [{ a: 'int' }], () => 1)] })
  const names = async () => {
    const { result } = await call(mi, 'rpc.discover')
    return (result as { readonly methods: readonly { readonly name: string }[] }).methods.map(({ name }) => name)
  }
  expect(await names()).toEqual((await call(mi, 'which')).result)
  expect(await names()).not.toContain('core:kill')
  await mi.register(oneCommand('n:y', [{}], () => 1, { level: 'read' }))
  expect(await names()).toContain('n:y')
})

describe('a name that several modules share', () => {
  const modules = ['a', 'b', 'c'].map((module) => oneCommand(`${module}:x`, [{}], () => module))
  const allowing = (...methods: string[]) =>
    createMi({ modules, access: ({ method }) => (methods.includes(method) ? undefined : forbidden) })

  test.each([
    [['a:x', 'c:x'], { code: -32001, message: 'Method ambiguous', data: 'supported names: a:x, c:x' }],
    // Not run: a name must not mean one command to one peer and another to the next.
    [['b:x'], { code: -32001, message: 'Method ambiguous', data: 'supported names: b:x' }],
    [[], { code: -32003, message: 'Forbidden' }],
  ])('is answered with those of them that the peer may run: %j', async (allowed, error) => {
    const mi = allowing(...allowed)
    expect(await call(mi, 'x')).toEqual({ jsonrpc: '2.0', error, id: 1 })
    expect(mi.execute('x')).toEqual({ error })
    const ambiguous = allowed.length > 0
    expect(mi.statistics('mi:method_ambiguous', 'mi:forbidden')).toEqual({
      'mi:method_ambiguous': ambiguous ? 2 : 0,
      'mi:forbidden': ambiguous ? 0 : 2,
    })
  })
})

describe('an access check that is not what it should be', () => {
  const failed = { code: -32000, message: 'Server error', data: 'Command failed' }

  test.each<[string, () => unknown]>([
    ['a promise', async () => undefined],
    ['a rejected promise', async () => Promise.reject(new Error('no database'))],
    ['false', () => false],
    ['null', () => null],
    ['another error', () => new Error('secret')],
    ['an error that JSON cannot carry', () => new CommandError(ErrorCode.Forbidden, undefined, 1n)],
  ])('refuses when it returns %s, and shows the peer nothing of it', async (_what, check) => {
    const lines: unknown[] = []
    const none = () => {}
    const log = { debug: none, info: none, warn: none, error: (fields: unknown) => void lines.push(fields) }
    const mi = createMi({ access: check as AccessCheck, log })
    expect(await call(mi, 'pwd')).toMatchObject({ error: failed })
    expect(mi.execute('pwd')).toEqual({ error: failed })
    expect(await mi.dispatch('[{"jsonrpc":"2.0","method":"pwd","id":1}]')).toContain('Command failed')
    expect(lines).toHaveLength(3)
  })

  test('hides the commands it fails on, and no others', async () => {
    const access: AccessCheck = ({ method }, _peer, params) => {
      if (method === 'm:x' && params === undefined) throw new TypeError('no parameters')
      return undefined
    }
    const mi = createMi({ access, modules: [oneCommand('m:x', [{ a: 'int' }], () => 'OK')] })
    expect((await call(mi, 'which')).result).not.toContain('m:x')
    expect((await call(mi, 'which')).result).toContain('core:pwd')
    expect(await call(mi, 'help', ['m:x'])).toMatchObject({ error: { code: 404 } })
    expect(await call(mi, 'm:x', [1])).toMatchObject({ result: 'OK' })
  })
})

test('options of a wrong type are refused', () => {
  // @ts-expect-error -- as from an environment variable
  expect(() => createMi({ allowKill: 'false' })).toThrow('createMi(): allowKill must be true or false, not "false"')
  // @ts-expect-error -- not a function
  expect(() => createMi({ onKill: 1 })).toThrow('createMi(): onKill must be a function')
  // @ts-expect-error -- not a string
  expect(() => createMi({ server: { name: 5 } })).toThrow('createMi(): server.name must be a string, not 5')
  // @ts-expect-error -- misspelt
  expect(() => createMi().attach('x', { traceBwList: 'b: ps' })).toThrow(
    /attach\(\): unknown option 'traceBwList'.*'traceBwlist'/,
  )
})
