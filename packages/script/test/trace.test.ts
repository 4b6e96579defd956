import { createMi } from '@mi/core'
import { describe, expect, test } from 'vitest'
import { createScript, type ScriptOptions } from '../src/index.js'
import { recordingTracer, work, workModule } from './support.js'

function fixture(options: ScriptOptions = {}) {
  const { told, tracer } = recordingTracer()
  const mi = createMi({ modules: [workModule().module] })
  return { told, mi, script: createScript(mi, { tracer, ...options }) }
}

const traced = (told: { command: string }[]) => told.map(({ command }) => command)

describe('tracing', () => {
  test('shows a call under the backend script, with its parameters, and its answer', () => {
    const { told, script } = fixture({ prettyPrinting: true })
    script.mi('work:echo a')
    expect(told).toEqual([
      { command: 'work:echo', backend: 'script', params: ['a'], peer: { transport: 'script' } },
      { command: 'work:echo', reply: '{"jsonrpc":"2.0","result":{"a":"a"},"id":1}' },
    ])
  })

  test('shows typed calls and errors', () => {
    const { told, script } = fixture()
    script.run(work.fail, { code: 404 })
    expect(told).toMatchObject([
      { command: 'work:fail', params: { code: 404 } },
      { reply: expect.stringContaining('"code":404') },
    ])
  })

  test('leaves out what is no command, what has no parameters, and what is not run', () => {
    const { told, script } = fixture()
    expect([script.mi('nosuch'), script.mi('work:echo', undefined, ['a'], []), script.mi('work:slow')]).toEqual([
      -1, -2, -3,
    ])
    expect(told).toEqual([])
  })

  test('follows traceBwlist', () => {
    const { told, script } = fixture({ traceBwlist: 'w: work:sum' })
    script.mi('work:echo a')
    script.mi('sum')
    expect(traced(told)).toEqual(['work:sum', 'work:sum'])
  })

  test('leaves out asynchronous calls, as OpenSIPS does', async () => {
    const { told, script } = fixture()
    await script.async.mi('work:sum')
    await script.async.run(work.slow)
    expect(told).toEqual([])
  })

  test('shows asynchronous calls with traceAsync', async () => {
    const { told, script } = fixture({ traceAsync: true })
    await script.async.mi('work:later')
    expect(told).toMatchObject([
      { command: 'work:later', backend: 'script' },
      { reply: expect.stringContaining('later') },
    ])
  })

  test('begins and ends with the engine', async () => {
    const events: string[] = []
    const { tracer } = recordingTracer()
    const listening = { ...tracer, listen: () => void events.push('listen'), close: () => void events.push('close') }
    const { mi, script } = fixture({ tracer: listening, traceAsync: true })
    await mi.listen()
    script.mi('pwd')
    await mi.close()
    expect(events).toEqual(['listen', 'close'])
  })
})
