import { coreContract, defineModule, implement, isCommandError, isMiError } from '@mi/contract'
import { createMi, type MiOptions } from '@mi/core'
import { describe, expect, test } from 'vitest'
import { createScript, type ScriptOptions } from '../src/index.js'
import { recordingTracer, work, workModule } from './support.js'

type Line = readonly [level: string, message: string, fields: Readonly<Record<string, unknown>>]

/** A script, its engine, and what they log. */
function fixture(options: ScriptOptions = {}, more: MiOptions = {}) {
  const lines: Line[] = []
  const at = (level: string) => (fields: Readonly<Record<string, unknown>>, message: string) =>
    void lines.push([level, message, fields])
  const log = { debug: at('debug'), info() {}, warn: at('warn'), error: at('error') }
  const parts = workModule()
  const mi = createMi({ modules: [parts.module], log, ...more })
  const script = createScript(mi, options)
  return { ...parts, mi, script, ret: script.var('ret'), lines }
}

describe('mi()', () => {
  test('returns 1 and leaves the result as JSON in the return variable', () => {
    const { script, ret } = fixture()
    expect(script.mi('pwd', ret)).toBe(1)
    expect(ret.get()).toBe(JSON.stringify({ WD: process.cwd() }))
    expect(script.mi('pwd')).toBe(1)
  })

  test('indents with tabs when prettyPrinting', () => {
    const { script, ret } = fixture({ prettyPrinting: true })
    expect(script.mi('work:sum', ret)).toBe(1)
    expect(ret.get()).toBe('{\n\t"sum":\t0\n}')
  })

  test('indents the same in a result that cannot change, each time', () => {
    const { script, ret } = fixture({ prettyPrinting: true })
    for (let times = 0; times < 3; times++) {
      script.mi('work:frozen', ret)
      expect(ret.get()).toBe('{\n\t"a":\t1\n}')
    }
    const compact = createScript(createMi({ modules: [workModule().module] }))
    for (let times = 0; times < 3; times++) compact.mi('work:frozen', compact.var('ret'))
    expect(compact.var('ret').get()).toBe('{"a":1}')
  })

  test.each([
    [404, -404],
    [-404, -404],
    [-32602, -32602],
    [-32601, -32601],
    [0, -32000],
    [1, -1],
    [-1, -1],
    [3, -3],
  ])('makes the code %i of a command the negative %i, and leaves the message', (code, rc) => {
    const { script, ret } = fixture()
    expect(script.mi(`work:fail ${code}`, ret)).toBe(rc)
    expect(ret.get()).toBe(`failed with ${code}`)
  })

  test('leaves the reason of -32602 in the data of the return variable, and logs it', () => {
    const { script, ret, lines } = fixture()
    expect(script.mi('work:sum x y', ret)).toBe(-32602)
    expect([ret.get(), ret.data]).toEqual(['Invalid params', expect.stringMatching(/./)])
    expect(lines).toEqual([
      ['debug', 'mi(): Invalid params', { transport: 'script', command: 'work:sum', data: ret.data }],
    ])
    script.mi('work:sum', ret)
    expect(ret.data).toBeUndefined()
    expect(script.mi('work:echo', ret, ['a', 'b'], ['1'])).toBe(-2)
    expect(ret.data).toBe('2 names, but 1 values')
    script.mi('work:fail 404', ret)
    expect(ret.data).toEqual({ code: 404 })
  })

  test('returns -1 for an unknown command, whatever the parameters, and leaves the variable', () => {
    const { script, ret, mi } = fixture()
    ret.set('before')
    expect(script.mi('nosuch', ret)).toBe(-1)
    expect(script.mi('nosuch', ret, ['a'], [])).toBe(-1)
    expect(ret.get()).toBe('before')
    expect(mi.statistics('script:method_not_found')).toEqual({ 'script:method_not_found': 2 })
  })

  test('returns the code of a name that several commands share', () => {
    const twin = implement(defineModule('twin', { echo: { recipes: [{}] } }), { echo: () => 'twin' })
    const { script, ret } = fixture({}, { modules: [workModule().module, twin] })
    expect(script.mi('echo', ret)).toBe(-32001)
    expect(ret.get()).toBe('Method ambiguous')
  })

  test('returns -2 where the parameters cannot be built, and runs nothing', () => {
    const { script, ret, lines, mi } = fixture()
    expect(script.mi('work:echo', ret, ['a', 'b'], ['1'])).toBe(-2)
    expect(ret.get()).toBe('could not parse script params!')
    expect(lines).toEqual([
      ['error', 'could not parse script params!', expect.objectContaining({ problem: '2 names, but 1 values' })],
    ])
    expect(mi.statistics('script:requests')).toEqual({ 'script:requests': 0 })
  })

  test('warns of more values than names, and goes on', () => {
    const { script, ret, lines } = fixture()
    expect(script.mi('work:echo', ret, ['a'], ['1', '2'])).toBe(1)
    expect(ret.get()).toBe('{"a":"1"}')
    expect(lines).toEqual([['warn', expect.stringContaining('1 more values than names'), expect.anything()]])
  })

  test('keeps a number in an AVP a number', () => {
    const { script, ret } = fixture()
    expect(script.mi('work:nested', ret, ['value'], [5])).toBe(-32602)
    expect(script.mi('work:sum', ret, ['numbers'], ['__array(1 2 3)'])).toBe(1)
    expect(ret.get()).toBe('{"sum":6}')
  })
})

describe('a command that answers later', () => {
  test('returns -3 without being run when its contract says so', () => {
    const { script, ret, runs, mi } = fixture()
    expect(script.mi('work:slow', ret)).toBe(-3)
    expect(ret.get()).toMatch(/^command work:slow answers later and was not run: .*createBlockingScript\(\)$/)
    expect(runs.slow).toBe(0)
    expect(mi.statistics('script:drops_answers_later')).toEqual({ 'script:drops_answers_later': 1 })
  })

  test('returns -3 when it turns out so, and says that it has run', () => {
    const { script, ret, runs, mi } = fixture()
    expect(script.mi('work:later', ret)).toBe(-3)
    expect(ret.get()).toMatch(/^command work:later has run, but answers later: .*createBlockingScript\(\)$/)
    expect(runs.later).toBe(1)
    expect(mi.statistics('script:drops_answers_later')).toEqual({ 'script:drops_answers_later': 1 })
  })

  test.each(['work:slow', 'work:later'])('is awaited by the asynchronous form: %s', async (command) => {
    const { script, ret } = fixture()
    expect(await script.async.mi(command, ret)).toBe(1)
    expect(ret.get()).toBe(`"${command.slice(5)}"`)
  })
})

describe('the asynchronous form', () => {
  test('returns the same codes', async () => {
    const { script, ret } = fixture()
    ret.set('before')
    expect(await script.async.mi('nosuch', ret)).toBe(-1)
    expect(ret.get()).toBe('before')
    expect(await script.async.mi('work:echo', ret, ['a'], [])).toBe(-2)
    expect(ret.get()).toBe('could not parse script params!')
    expect(await script.async.mi('work:fail 404', ret)).toBe(-404)
    expect(ret.get()).toBe('failed with 404')
    expect(await script.async.mi('work:echo 1', ret)).toBe(1)
    expect(ret.get()).toBe('{"a":"1"}')
  })

  test('rejects with the reason of its signal, leaves the variable, and counts the answer as dropped', async () => {
    const { script, ret, mi } = fixture({}, { limits: { closeTimeoutMs: 10 } })
    const reason = new Error('enough')
    const controller = new AbortController()
    const call = script.async.mi('work:never', ret, undefined, undefined, { signal: controller.signal })
    controller.abort(reason)
    await expect(call).rejects.toBe(reason)
    expect(mi.statistics('script:drops_aborted')).toEqual({ 'script:drops_aborted': 1 })
    await mi.close()
    expect(ret.get()).toBeUndefined()
  })

  test('fires the signal of the handler when its own signal fires', async () => {
    const { script, runs } = fixture()
    const controller = new AbortController()
    const { signal } = controller
    const call = script.async.run(work.untilAborted, {}, { signal })
    controller.abort(new Error('enough'))
    await expect(call).rejects.toThrow('enough')
    expect(runs.aborted).toBe(1)
  })

  test('runs nothing when its signal has fired already', async () => {
    const { script, mi } = fixture()
    const signal = AbortSignal.abort(new Error('too late'))
    await expect(script.async.mi('pwd', undefined, undefined, undefined, { signal })).rejects.toThrow('too late')
    await expect(script.async.run(work.sum, {}, { signal })).rejects.toThrow('too late')
    expect(mi.statistics('script:requests')).toEqual({ 'script:requests': 0 })
  })

  test('does not mind a signal that fires later', async () => {
    const { script, mi } = fixture()
    const controller = new AbortController()
    const { signal } = controller
    expect(await script.async.mi('work:later', undefined, undefined, undefined, { signal })).toBe(1)
    controller.abort()
    expect(mi.statistics('script:drops')).toEqual({ 'script:drops': 0 })
  })
})

describe('run()', () => {
  test('returns the result of a contract, with positional rules out of the way', async () => {
    const { script } = fixture()
    expect(script.run(work.sum, { numbers: [1, 2, 3] })).toEqual({ rc: 1, result: { sum: 6 } })
    expect(script.run(work.sum)).toEqual({ rc: 1, result: { sum: 0 } })
    expect(script.run(coreContract.pwd)).toEqual({ rc: 1, result: { WD: process.cwd() } })
    expect(await script.async.run(work.sum, { numbers: [4] })).toEqual({ rc: 1, result: { sum: 4 } })
    expect(await script.async.run(work.slow)).toEqual({ rc: 1, result: 'slow' })
  })

  test('returns the result itself when prettyPrinting too', () => {
    expect(fixture({ prettyPrinting: true }).script.run(work.sum)).toEqual({ rc: 1, result: { sum: 0 } })
  })

  test('gives the command parameters of its own', () => {
    const { script, kept } = fixture()
    const value = { list: [1] }
    script.run(work.nested, { value })
    value.list.push(2)
    expect(kept).toEqual([{ list: [1] }])
  })

  test('returns a result that the caller may change, and that no other caller sees', () => {
    const { script } = fixture()
    const { result } = script.run(work.shared)
    result?.list.push(5)
    expect(script.run(work.shared).result).toEqual({ list: [1] })
    const { error } = script.run(work.fail, { code: 404 })
    if (isCommandError(error)) Object.assign(error.data as object, { code: 1 })
    expect(script.run(work.fail, { code: 404 }).error).toMatchObject({ data: { code: 404 } })
  })

  test('returns an error of a command as a CommandError with its data', () => {
    const { rc, error } = fixture().script.run(work.fail, { code: 404 })
    expect([rc, isCommandError(error, 404), error]).toMatchObject([-404, true, { data: { code: 404 } }])
  })

  test('returns -1 and -2 as CommandErrors, and -3 as a MiError', () => {
    const { script } = fixture()
    const stranger = createScript(createMi())
    const missing = stranger.run(work.sum)
    expect([missing.rc, isCommandError(missing.error, -32601)]).toEqual([-1, true])
    const cyclic: { list: number[]; self?: unknown } = { list: [] }
    cyclic.self = cyclic
    const unbuilt = script.run(work.nested, { value: cyclic })
    expect([unbuilt.rc, isCommandError(unbuilt.error, -32602)]).toEqual([-2, true])
    const late = script.run(work.slow)
    expect([late.rc, isMiError(late.error, 'MI_UNSUPPORTED')]).toEqual([-3, true])
  })
})

describe('a script', () => {
  test('works before its engine listens, and answers that the server is closed afterwards', async () => {
    const { script, ret, mi } = fixture()
    expect(script.mi('pwd')).toBe(1)
    await mi.close()
    expect(script.mi('pwd', ret)).toBe(-32000)
    expect(() => createScript(mi)).toThrow('this engine is closed')
  })

  test('has methods that work when they are destructured', async () => {
    const { mi, run, async: later, var: variable, avp } = fixture().script
    avp('a').push(1)
    expect([mi('work:sum', variable('ret')), variable('ret').get(), avp('a').length]).toEqual([1, '{"sum":0}', 1])
    expect([run(work.sum).rc, await later.mi('pwd'), (await later.run(work.slow)).rc]).toEqual([1, 1, 1])
  })

  test('refuses an unknown option, and names the one that is meant', () => {
    const wrong = { pretty_printing: true } as ScriptOptions
    expect(() => fixture(wrong)).toThrow(
      new TypeError("createScript(): unknown option 'pretty_printing'; did you mean 'prettyPrinting'?"),
    )
  })

  test('refuses a traceBwlist that is wrong at creation, with or without a tracer', () => {
    expect(() => fixture({ traceBwlist: 'w: nosuch' })).toThrow(TypeError)
    expect(() => fixture({ traceBwlist: 'ps' })).toThrow(TypeError)
  })

  test('tells commands where what it works on came from', () => {
    const source = { address: '192.0.2.1', port: 5060 }
    const destination = { address: '192.0.2.2', port: 5062 }
    const { told, tracer } = recordingTracer()
    fixture({ source, destination, tracer }).script.mi('pwd')
    expect(told[0]?.peer).toEqual({ transport: 'script', source, destination })
  })
})
