import { type CommandError, defineModule, type MiError, type MiHost, object } from '@mi/contract'
import { createMi } from '@mi/core'
import { describe, expectTypeOf, test } from 'vitest'
import { createBlockingScript, createScript, type Script, type ScriptValue } from '../src/index.js'

const core = defineModule('core', {
  pwd: { recipes: [{}], result: object({ WD: 'string' }) },
  log_level: { recipes: [{}, { level: 'int' }, { level: 'int', pid: 'int' }] },
  which: { recipes: [{ command: 'string' }], result: 'string[]' },
})

const mi = createMi()
const script = createScript(mi)

describe('run()', () => {
  test('knows the result of a contract, and the error where there is none', () => {
    const outcome = script.run(core.pwd)
    if (outcome.error === undefined) expectTypeOf(outcome.result).toEqualTypeOf<{ WD: string }>()
    else expectTypeOf(outcome.error).toEqualTypeOf<CommandError | MiError>()
    expectTypeOf(script.run(core.log_level).result).toEqualTypeOf<unknown>()
  })

  test('knows the parameters', () => {
    script.run(core.which, { command: 'ps' })
    script.run(core.log_level, { level: 3 })
    // @ts-expect-error -- it has no recipe without parameters
    script.run(core.which)
    // @ts-expect-error -- pid alone fits no recipe
    script.run(core.log_level, { pid: 12 })
    // @ts-expect-error -- a text is wanted
    script.run(core.which, { command: 5 })
  })

  test('is the same in the asynchronous form, with options', async () => {
    const { signal } = new AbortController()
    const outcome = await script.async.run(core.which, { command: 'ps' }, { signal })
    if (outcome.error === undefined) expectTypeOf(outcome.result).toEqualTypeOf<string[]>()
    await script.async.run(core.pwd, {}, { signal })
    // @ts-expect-error -- it has no recipe without parameters
    await script.async.run(core.which)
  })
})

describe('mi()', () => {
  test('returns a number, or a promise of it', () => {
    const ret = script.var('ret')
    expectTypeOf(script.mi('pwd', ret, script.avp('p'), script.avp('v'))).toEqualTypeOf<number>()
    expectTypeOf(script.mi('x', undefined, ['a', 1])).toEqualTypeOf<number>()
    expectTypeOf(script.async.mi('pwd')).toEqualTypeOf<Promise<number>>()
    expectTypeOf(ret.get()).toEqualTypeOf<ScriptValue | undefined>()
    // @ts-expect-error -- values are texts and numbers
    script.mi('x', undefined, [true])
    // @ts-expect-error -- values are texts and numbers
    ret.set(null)
  })
})

test('an engine is a host, and both kinds of script are scripts', () => {
  expectTypeOf(mi).toExtend<MiHost>()
  expectTypeOf(createBlockingScript).returns.toExtend<Script & AsyncDisposable>()
  // @ts-expect-error -- a tracer cannot go to another thread: the engine's file exports it
  createBlockingScript({ engine: 'file:///engine.js', tracer: { request() {}, reply() {} } })
})
