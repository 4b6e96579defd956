import { describe, expect, test, vi } from 'vitest'
import { createMi } from '../src/index.js'
import { call, oneCommand } from './support.js'

const result = async (mi: ReturnType<typeof createMi>, method: string, params?: unknown) =>
  (await call(mi, method, params)).result

describe('core commands answer as those of OpenSIPS', () => {
  test('uptime', async () => {
    const time = /^(Sun|Mon|Tue|Wed|Thu|Fri|Sat) [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}$/
    expect(await result(createMi(), 'uptime')).toEqual({
      Now: expect.stringMatching(time),
      'Up since': expect.stringMatching(time),
      'Up time': '0 [sec]',
    })
  })

  test('uptime while the clock was set back', async () => {
    const mi = createMi()
    vi.setSystemTime(Date.now() - 3_600_000)
    try {
      expect(await result(mi, 'uptime')).toMatchObject({ 'Up time': '0 [sec]' })
    } finally {
      vi.useRealTimers()
    }
  })

  test('version, with the revision when it is asked for', async () => {
    const mi = createMi({ server: { name: 'sbc', version: '1.2.3', revision: 'abc' } })
    const Server = `sbc (1.2.3 (${process.arch}/${process.platform}))`
    expect(await result(mi, 'version')).toEqual({ Server })
    expect(await result(mi, 'version', ['revision'])).toEqual({ Server, Revision: 'abc' })
    expect(await result(createMi(), 'version')).toEqual({ Server: expect.stringContaining('MI for Node.js (') })
  })

  test('pwd, arg and ps', async () => {
    const mi = createMi({ server: { processType: 'attendant' } })
    expect(await result(mi, 'pwd')).toEqual({ WD: process.cwd() })
    expect(await result(mi, 'arg')).toEqual([process.argv0, ...process.execArgv, ...process.argv.slice(1)])
    expect(await result(mi, 'ps')).toEqual({ Processes: [{ ID: 0, PID: process.pid, Type: 'attendant' }] })
  })

  test('which: all commands, one module, one command', async () => {
    const mi = createMi({ modules: [oneCommand('m:x', [{}, { a: 'int', b: 'int' }], () => 1)] })
    expect(await result(mi, 'which')).toEqual([
      ...['uptime', 'version', 'pwd', 'arg', 'which', 'ps', 'kill', 'log_level', 'help'].map((name) => `core:${name}`),
      ...['get', 'list', 'reset', 'reset_all'].map((name) => `statistics:${name}`),
      'mi:rpc.discover',
      'm:x',
    ])
    expect(await result(mi, 'which', ['m:'])).toEqual(['m:x'])
    expect(await result(mi, 'which', ['x'])).toEqual([[], ['a', 'b']])
    expect(await call(mi, 'which', ['nomodule:'])).toMatchObject({
      error: { code: 404, message: 'unknown MI command' },
    })
  })

  test('help', async () => {
    const mi = createMi({ modules: [oneCommand('m:x', [{}], () => 1), oneCommand('n:x', [{}], () => 1)] })
    expect(await result(mi, 'help')).toBe("Usage: help mi_cmd - returns information about 'mi_cmd'")
    expect(await result(mi, 'help', ['m:x'])).toEqual({ Help: 'not available for this command', 'Exported by': 'm' })
    expect(await result(mi, 'help', ['pwd'])).toMatchObject({ 'Exported by': 'core' })
    // Ambiguous: OpenSIPS knows no such command either.
    expect(await call(mi, 'help', ['x'])).toMatchObject({ error: { code: 404 } })
  })

  test('log_level gets and sets, tells the host, and sets the level of a pino-like logger', async () => {
    const nothing = () => {}
    const log = { level: 'warn', debug: nothing, info: nothing, warn: nothing, error: nothing }
    const levels: number[] = []
    const mi = createMi({ log, onLogLevel: (level) => levels.push(level) })
    expect(await result(mi, 'log_level')).toEqual({
      Processes: [{ PID: process.pid, 'Log level': 1, Type: 'MI server' }],
    })
    expect(await result(mi, 'log_level', [4])).toEqual({ 'New global log level': 4 })
    expect(log.level).toBe('debug')
    expect(await result(mi, 'log_level', ['-1', process.pid])).toEqual({ 'Log level': -1 })
    expect(log.level).toBe('error')
    expect(levels).toEqual([4, -1])
    expect(await call(mi, 'log_level', [4, 1])).toMatchObject({ error: { code: -32602, data: 'Bad PID' } })
  })

  test('kill is refused unless the host allows it; then it answers, closes, and tells the host', async () => {
    expect(await call(createMi(), 'kill')).toMatchObject({ error: { code: 403 } })
    let resolveKilled = () => {}
    const killed = new Promise<void>((resolve) => {
      resolveKilled = resolve
    })
    const mi = createMi({ allowKill: true, onKill: resolveKilled })
    await mi.listen()
    expect(await call(mi, 'kill')).toMatchObject({ result: 'OK' })
    await killed
    expect(await call(mi, 'ps')).toMatchObject({ error: { code: -32000, data: 'Server closed' } })
  })

  test('kill tells the host once, however often it was asked for', async () => {
    let killed = 0
    const mi = createMi({ allowKill: true, onKill: () => killed++ })
    await mi.listen()
    const kill = '{"jsonrpc":"2.0","method":"kill","id":1}'
    expect(await mi.dispatch(`[${kill},${kill}]`)).toContain('"OK"')
    await vi.waitUntil(() => killed > 0)
    await new Promise(setImmediate)
    expect(killed).toBe(1)
  })
})

describe('statistics', () => {
  test('are read one by one, by bare name, by group and all together; unknown ones are left out', async () => {
    const mi = createMi({
      modules: [oneCommand('m:x', [{}], () => 1, { statistics: { hits: () => 7 } })],
    })
    expect(await result(mi, 'get_statistics', [['m:hits', 'nosuch', 'no:such', 'hits', 'x:']])).toEqual({ 'm:hits': 7 })
    expect(await result(mi, 'statistics:get', [['m:']])).toEqual({ 'm:hits': 7 })
    const all = await result(mi, 'get_statistics', [['all']])
    expect(all).toMatchObject({ 'm:hits': 7, 'mi:requests': 3, 'mi:in_flight': 0 })
  })

  test('are looked for once, however often they are named', async () => {
    let reads = 0
    const statistics = { hits: () => ++reads }
    const mi = createMi({ modules: [oneCommand('m:x', [{}], () => 1, { statistics })] })
    await result(mi, 'get_statistics', [Array(100).fill('all')])
    const once = reads
    await result(mi, 'get_statistics', [['all']])
    expect(reads).toBe(2 * once)
  })

  test('of a module that fail are left out or 0, logged once, and spoil no others', async () => {
    const errors: string[] = []
    const log = {
      debug() {},
      info() {},
      warn() {},
      error: (_fields: object, message: string) => void errors.push(message),
    }
    const statistics = {
      broken: () => {
        throw new Error('no such gauge')
      },
      odd: () => Number.NaN,
      fine: () => 3,
    }
    const mi = createMi({ log, modules: [oneCommand('m:x', [{}], () => 1, { statistics })] })
    expect(await result(mi, 'get_statistics', [['m:']])).toEqual({ 'm:odd': 0, 'm:fine': 3 })
    expect(await result(mi, 'get_statistics', [['all']])).toMatchObject({ 'm:fine': 3, 'mi:command_failures': 0 })
    expect(mi.statistics('m:')).toEqual({ 'm:odd': 0, 'm:fine': 3 })
    expect(errors).toEqual(['a statistic failed; it is left out'])
  })

  test('are listed with their kind', async () => {
    const mi = createMi()
    expect(await result(mi, 'list_statistics', [['mi:']])).toMatchObject({
      'mi:requests': 'incremental',
      'mi:in_flight': 'non-incremental',
    })
    expect(await result(mi, 'list_statistics')).toHaveProperty(['mi:replies'])
  })

  test('are reset one by one and all together, gauges excepted', async () => {
    let own = 5
    const counter = { value: () => own, reset: () => (own = 0) }
    const mi = createMi({
      modules: [oneCommand('m:x', [{}], () => 1, { statistics: { own: counter, gauge: () => 3 } })],
    })
    await call(mi, 'nosuch')
    expect(mi.statistics('mi:method_not_found', 'own')).toEqual({ 'mi:method_not_found': 1, 'm:own': 5 })
    expect(await result(mi, 'reset_statistics', [['m:own', 'm:gauge']])).toBe('OK')
    expect(mi.statistics('m:')).toEqual({ 'm:own': 0, 'm:gauge': 3 })
    expect(await call(mi, 'reset_statistics', [['nosuch']])).toMatchObject({
      error: { code: 404, message: 'Statistics Not Found' },
    })
    expect(await result(mi, 'reset_all_statistics')).toBe('OK')
    expect(mi.statistics('mi:method_not_found')).toEqual({ 'mi:method_not_found': 0 })
  })
})
