import { coreContract, isCommandError, isMiError } from '@mi/contract'
import { describe, expect, test } from 'vitest'
import { blockingScript, listening } from './blocking-support.js'

describe('a blocking call', () => {
  test('waits for a command that answers later, while timers of the worker run', async () => {
    const { script, ret } = await listening()
    expect(script.mi('work:slow 20', ret)).toBe(1)
    expect(ret.get()).toBe('{"waited":20}')
    expect(script.mi('work:ticks 5', ret)).toBe(1)
    expect(ret.get()).toBe('{"ticks":5}')
  })

  test('has the codes, and leaves the texts, that a call in the same thread has', async () => {
    const { script, ret } = await listening()
    const outcomes = [
      ['nosuch', undefined, undefined],
      ['pwd', undefined, undefined],
      ['work:refuse', undefined, undefined],
      ['work:slow soon', undefined, undefined],
      ['work:slow', ['ms'], []],
      ['work:slow', ['ms'], [1]],
      ['statistics:get', ['statistics'], ['__array(nosuch)']],
    ].map(([command, params, values]) => {
      ret.clear()
      return [script.mi(String(command), ret, params as string[], values as string[]), ret.get()]
    })
    expect(outcomes).toEqual([
      [-1, undefined],
      [1, JSON.stringify({ WD: process.cwd() })],
      [-404, 'Not here'],
      [-32602, 'Invalid params'],
      [-2, 'could not parse script params!'],
      [1, '{"waited":1}'],
      [1, '{}'],
    ])
  })

  test('gets results of any size whole', async () => {
    const { script, ret } = await listening()
    for (const length of [1_000_000, 0, 3_000_000]) {
      expect(script.mi(`work:big ${length}`, ret)).toBe(1)
      expect(ret.get() === `"${'é'.repeat(length)}"`).toBe(true)
    }
  })

  test('that is typed gets its result or its error', async () => {
    const { script } = await listening({ prettyPrinting: true })
    expect(script.run(coreContract.pwd)).toEqual({ rc: 1, result: { WD: process.cwd() } })
    const { rc, error } = script.run(coreContract.log_level, { level: 1, pid: 1 })
    expect([rc, isCommandError(error, -32602), error]).toMatchObject([-32602, true, { data: 'Bad PID' }])
    expect([script.mi('log_level 1 1', script.var('ret')), script.var('ret').data]).toEqual([-32602, 'Bad PID'])
  })

  test('indents when prettyPrinting', async () => {
    const { script, ret } = await listening({ prettyPrinting: true })
    script.mi('work:slow 1', ret)
    expect(ret.get()).toBe('{\n\t"waited":\t1\n}')
  })

  test('returns -3 when its time is up, and is counted', async () => {
    const { script, ret } = await listening({ timeoutMs: 500 })
    expect(script.mi('work:never', ret)).toBe(-3)
    expect(ret.get()).toBe('command work:never did not answer within 500 ms')
    const { rc, error } = script.run({ ...coreContract.pwd, method: 'work:never' })
    expect([rc, isMiError(error, 'MI_TIMEOUT')]).toEqual([-3, true])
    script.mi('statistics:get', ret, ['statistics'], ['__array(script:drops_timed_out)'])
    expect(ret.get()).toBe('{"script:drops_timed_out":2}')
  })

  test('that is given up fires the signal of the handler, and no other', async () => {
    const { script, ret } = await listening({ timeoutMs: 500 })
    expect(script.mi('work:slow 1')).toBe(1)
    expect(script.mi('work:untilAborted')).toBe(-3)
    expect([script.mi('work:aborted', ret), ret.get()]).toEqual([1, '1'])
    const controller = new AbortController()
    const { signal } = controller
    const given = script.async.mi('work:untilAborted', undefined, undefined, undefined, { signal })
    const other = script.async.mi('work:held')
    controller.abort(new Error('enough'))
    await expect(given).rejects.toThrow('enough')
    expect(await script.async.mi('work:aborted', ret)).toBe(1)
    expect(ret.get()).toBe('2')
    expect([script.mi('work:release'), await other]).toEqual([1, 1])
  })

  test('is traced by the tracer that the file of the engine exports, an asynchronous one is not', async () => {
    const source = { address: '192.0.2.9', port: 5060 }
    const { script, ret } = await listening({ source, traceBwlist: 'b: pwd' })
    script.mi('pwd')
    script.mi('work:refuse')
    await script.async.mi('work:slow 1')
    script.mi('work:traced', ret)
    expect(JSON.parse(String(ret.get()))).toEqual([
      ['work:refuse', 'script', '192.0.2.9'],
      ['work:traced', 'script', '192.0.2.9'],
    ])
  })
})

describe('an asynchronous call', () => {
  test('does not block: timers of the calling thread run, and blocking calls go first', async () => {
    const { script, ret } = await listening()
    const order: string[] = []
    const call = script.async.mi('work:held', ret).then((rc) => order.push(`async ${rc}`))
    setTimeout(() => order.push('timer', `release ${script.mi('work:release')}`), 1)
    expect(script.mi('work:slow 1')).toBe(1)
    order.push('blocking')
    await call
    expect([order, ret.get()]).toEqual([['blocking', 'timer', 'release 1', 'async 1'], '"released"'])
  })

  test('that is one of many at once gets its own answer', async () => {
    const { script } = await listening()
    const all = Array.from({ length: 100 }, async (_, index) => {
      const ret = script.var(`r${index}`)
      return [await script.async.mi(`work:slow ${index % 7}`, ret), ret.get()]
    })
    expect(await Promise.all(all)).toEqual(all.map((_, index) => [1, `{"waited":${index % 7}}`]))
  })

  test('rejects with the reason of its signal, and is counted', async () => {
    const { script, ret } = await listening()
    const controller = new AbortController()
    const call = script.async.mi('work:held', ret, undefined, undefined, { signal: controller.signal })
    controller.abort(new Error('enough'))
    await expect(call).rejects.toThrow('enough')
    expect(script.mi('work:release')).toBe(1)
    expect(await script.async.mi('work:slow 1')).toBe(1)
    expect(ret.get()).toBeUndefined()
    script.mi('statistics:get', ret, ['statistics'], ['__array(script:drops_aborted)'])
    expect(ret.get()).toBe('{"script:drops_aborted":1}')
  })
})

describe('before listen and after close', () => {
  test('every call returns -3 and says why', async () => {
    const { script, ret } = blockingScript()
    expect([script.mi('pwd', ret), ret.get()]).toEqual([-3, 'the script does not listen: await its listen() first'])
    expect(await script.async.mi('pwd')).toBe(-3)
    expect(isMiError(script.run(coreContract.pwd).error, 'MI_CLOSED')).toBe(true)
    await script.listen()
    expect(script.mi('pwd')).toBe(1)
    await script.close()
    expect([script.mi('pwd', ret), ret.get()]).toEqual([-3, 'the script is closed'])
    expect(await script.async.mi('pwd')).toBe(-3)
  })
})

test('all methods work when they are destructured', async () => {
  const { listen, close, mi, run, async: later, var: variable, avp } = blockingScript().script
  await listen()
  avp('params').push(7)
  expect([mi('work:slow', variable('ret'), avp('params')), variable('ret').get()]).toEqual([1, '{"waited":7}'])
  expect(run(coreContract.pwd).rc).toBe(1)
  expect(await later.mi('pwd')).toBe(1)
  await close()
  expect(mi('pwd')).toBe(-3)
})

describe('options', () => {
  test.each<[object, ErrorConstructor, RegExp]>([
    [{ engine: './engine.js' }, TypeError, /engine must be the URL of a file, .* not '.\/engine.js'/],
    [{ timeoutMs: 0 }, RangeError, /timeoutMs must be a number of milliseconds from 1 up, not 0/],
    [{ timeoutMs: Number.NaN }, RangeError, /timeoutMs/],
    [{ startTimeoutMs: -1 }, RangeError, /startTimeoutMs/],
    [{ closeTimeoutMs: -1 }, RangeError, /closeTimeoutMs/],
    [{ hangTimeoutMs: -1 }, RangeError, /hangTimeoutMs/],
    [{ timeout: 5 }, TypeError, /createBlockingScript\(\): unknown option 'timeout'/],
    [{ time_out_ms: 5 }, TypeError, /unknown option 'time_out_ms'; did you mean 'timeoutMs'\?/],
  ])('that are wrong are refused at creation: %j', (options, Kind, message) => {
    expect(() => blockingScript(options)).toThrow(Kind)
    expect(() => blockingScript(options)).toThrow(message)
  })
})
