import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { coreContract, isMiError } from '@mi/contract'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { answersAgain, beside, blockingScript, listening, threadOf } from './blocking-support.js'

describe('listen', () => {
  test.each([
    ['throwing.mjs', {}, 'no configuration'],
    ['no-such-file.mjs', {}, 'Cannot find module'],
    ['no-engine.mjs', {}, 'does not export an engine: export const mi = createMi('],
    ['odd-tracer.mjs', {}, 'exports a tracer that is not an MiTracer'],
    ['failing-init.mjs', {}, 'no database'],
    ['exit-at-start.mjs', {}, 'the worker thread ended: exit code 5'],
    ['engine.mjs', { traceBwlist: 'w: nosuch' }, "traceBwlist names 'nosuch'"],
  ])('rejects with what keeps the engine from it: %s %j', async (file, options, message) => {
    const { script, ret } = blockingScript({ engine: beside(file), ...options })
    // Twice: the cause may have been fixed meanwhile.
    for (let tries = 0; tries < 2; tries++) {
      const error: unknown = await script.listen().catch((thrown: unknown) => thrown)
      expect(isMiError(error, 'MI_LISTEN')).toBe(true)
      expect(String(error)).toContain(message)
      expect(String(error)).toContain(file)
    }
    expect([script.mi('pwd', ret), ret.get()]).toEqual([-3, expect.stringContaining('does not listen')])
  })

  test('rejects when the engine takes too long', async () => {
    const { script } = blockingScript({ engine: beside('endless-start.mjs'), startTimeoutMs: 300 })
    await expect(script.listen()).rejects.toThrow('did not listen within 300 ms')
  })

  test('rejects with the reason of its signal', async () => {
    const { script } = blockingScript({ engine: beside('endless-start.mjs') })
    const controller = new AbortController()
    const listen = script.listen({ signal: controller.signal })
    controller.abort(new Error('changed my mind'))
    await expect(listen).rejects.toThrow('changed my mind')
    await expect(script.listen({ signal: AbortSignal.abort(new Error('before')) })).rejects.toThrow('before')
  })

  test('rejects when it is called twice, after close, and when the script closes meanwhile', async () => {
    const { script } = blockingScript({ engine: beside('endless-start.mjs') })
    const listen = script.listen()
    await expect(script.listen()).rejects.toThrow('listen() was already called')
    const closed = script.close()
    await expect(listen).rejects.toSatisfy((error) => isMiError(error, 'MI_CLOSED'))
    await closed
    await expect(script.listen()).rejects.toSatisfy((error) => isMiError(error, 'MI_CLOSED'))
  })
})

describe('a worker that ends by itself', () => {
  test('gives the call -3 at once, is logged, and is replaced', async () => {
    const { script, ret, lines } = await listening()
    expect([script.mi('work:exit 3', ret), ret.get()]).toEqual([-3, 'the worker thread ended during the call'])
    expect(isMiError(script.run(coreContract.pwd).error, 'MI_CONNECTION')).toBe(true)
    await vi.waitUntil(() => lines.length > 0)
    expect([script.mi('pwd', ret), ret.get()]).toEqual([
      -3,
      'the worker thread ended (exit code 3) and is being replaced',
    ])
    await answersAgain(script)
    expect(lines).toEqual([
      {
        message: 'the worker thread of a script ended; it is replaced',
        fields: expect.objectContaining({ reason: 'exit code 3' }),
      },
    ])
  })

  test('because of an uncaught exception is replaced too, and the log says which exception', async () => {
    const { script, lines } = await listening()
    expect(script.mi('work:crash')).toBe(-3)
    await answersAgain(script)
    expect(lines[0]?.fields.reason).toContain('a worker of the tests crashes')
  })

  test('gives asynchronous calls -3', async () => {
    const { script, ret } = await listening()
    const [never, exit] = await Promise.all([script.async.mi('work:never', ret), script.async.mi('work:exit 1')])
    expect([never, exit, ret.get()]).toEqual([-3, -3, 'the worker thread ended during the call'])
  })

  test('is replaced also when the logger throws', async () => {
    const nothing = (): void => {}
    const log = {
      debug: nothing,
      info: nothing,
      warn: nothing,
      error() {
        throw new Error('disk full')
      },
    }
    const { script } = await listening({ log })
    script.mi('work:exit 1')
    await answersAgain(script)
  })

  test('is not replaced once the script is closed', async () => {
    const { script, lines } = await listening()
    script.mi('work:exit 1')
    await vi.waitUntil(() => lines.length > 0)
    await script.close()
    expect(script.mi('pwd')).toBe(-3)
  })
})

describe('a worker that hangs', () => {
  test('is replaced when it has taken nothing for hangTimeoutMs', async () => {
    const { script, lines } = await listening({ timeoutMs: 300, hangTimeoutMs: 400 })
    const thread = threadOf(script)
    expect([script.mi('work:block 600000'), script.mi('pwd'), script.mi('pwd')]).toEqual([-3, -3, -3])
    await answersAgain(script)
    expect(threadOf(script)).not.toBe(thread)
    expect(lines.length).toBeGreaterThan(0)
  })

  test('for less than that stays, and answers the next call', async () => {
    const { script, lines } = await listening({ timeoutMs: 1_000 })
    const thread = threadOf(script)
    // The late reply to the first call comes while the second one waits, and does not pass for its reply.
    expect([script.mi('work:block 1100'), script.mi('pwd', script.var('pwd'))]).toEqual([-3, 1])
    expect(script.var('pwd').get()).toContain('WD')
    expect([threadOf(script), lines]).toEqual([thread, []])
  })

  test('is ended by close after closeTimeoutMs', async () => {
    const { script } = await listening({ timeoutMs: 20, closeTimeoutMs: 100 })
    expect(script.mi('work:block 600000')).toBe(-3)
    await script.close()
    expect(script.mi('pwd')).toBe(-3)
  })
})

describe('close', () => {
  test('answers what is in flight first, and may be called again', async () => {
    const { script, ret } = await listening()
    const held = script.async.mi('work:hold', ret)
    await Promise.all([script.close(), script.close()])
    expect([await held, ret.get()]).toEqual([1, '"held until the end"'])
    await script.close()
  })

  test('leaves nothing that keeps the process alive, also of a program that was given as text', async () => {
    const program = `
      import { createBlockingScript } from '@mi/script'
      const script = createBlockingScript({ engine: new URL('${beside('engine.mjs')}') })
      await script.listen()
      console.log(script.mi('work:slow 5', script.var('r')), script.var('r').get())
      await script.close()`
    const cwd = fileURLToPath(new URL('..', import.meta.url))
    const child = spawn(process.execPath, ['--expose-gc', '--input-type=module', '--eval', program], {
      cwd,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    onTestFinished(() => void child.kill('SIGKILL'))
    let output = ''
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk
    })
    expect(await once(child, 'close')).toEqual([0, null])
    expect(output).toBe('1 {"waited":5}\n')
  })
})
