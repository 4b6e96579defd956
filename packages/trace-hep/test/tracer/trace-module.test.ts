import { createMi, type Mi } from '@mi/core'
import { describe, expect, onTestFinished, test } from 'vitest'
import { hepModule } from '../../src/tracer/trace-module.js'
import type { HepTracer } from '../../src/tracer/tracer.js'
import { collecting } from '../support/collecting.js'
import { tracing } from '../support/tracing.js'
import { until } from '../support/until.js'

async function engine(...tracers: readonly HepTracer[]): Promise<Mi> {
  const mi = createMi({ modules: [hepModule(...tracers)], checkResults: true })
  onTestFinished(() => mi.close())
  await mi.listen()
  return mi
}

async function ask(mi: Mi, method: string, params?: unknown): Promise<unknown> {
  const answer = await mi.dispatch(JSON.stringify({ jsonrpc: '2.0', method, params, id: 1 }))
  return JSON.parse(answer ?? 'null').result
}

describe('the module trace', () => {
  test('shows the destinations, and what became of the messages', async () => {
    const { port } = await collecting({ udp: { port: 0 } })
    const { tracer, trace, status } = await tracing([
      `[a]127.0.0.1:${port('udp')};transport=udp`,
      '[b]no-such-host.invalid;version=3',
    ])
    trace('ps')
    await until('the messages', () => status().sent === 2)
    await until('a failure', () => tracer.status()[1]?.lastError !== undefined)
    const mi = await engine(tracer)
    expect(await ask(mi, 'trace:status')).toEqual({
      destinations: [
        {
          name: 'a',
          address: `udp:127.0.0.1:${port('udp')}`,
          version: 3,
          state: 'connected',
          sent: 2,
          queued: 0,
          dropped: 0,
        },
        {
          name: 'b',
          address: 'tcp:no-such-host.invalid:9060',
          version: 3,
          state: 'retrying',
          sent: 0,
          queued: 2,
          dropped: 0,
          last_error: expect.stringContaining('no-such-host.invalid'),
        },
      ],
    })
    expect(mi.statistics('trace:')).toEqual({
      'trace:sent': 2,
      'trace:a_sent': 2,
      'trace:b_sent': 0,
      'trace:queued': 2,
      'trace:a_queued': 0,
      'trace:b_queued': 2,
      'trace:dropped': 0,
      'trace:a_dropped': 0,
      'trace:b_dropped': 0,
    })
  })

  test('lets the counts be reset among the statistics, and not what waits', async () => {
    const { port } = await collecting({ udp: { port: 0 } })
    const { tracer, trace, status } = await tracing([
      `[a]127.0.0.1:${port('udp')};transport=udp`,
      '[b]no-such-host.invalid',
    ])
    const mi = await engine(tracer)
    trace('ps')
    await until('the messages', () => status().sent === 2)
    await ask(mi, 'statistics:reset', [['trace:']])
    expect(mi.statistics('trace:sent', 'trace:a_sent', 'trace:queued')).toEqual({
      'trace:sent': 0,
      'trace:a_sent': 0,
      'trace:queued': 2,
    })
    trace('ps')
    await until('more messages', () => status().sent === 4)
    expect(mi.statistics('trace:sent')).toEqual({ 'trace:sent': 2 })
  })

  test('tells destinations of several tracers apart that share a name', async () => {
    const one = await tracing('[a]127.0.0.1;transport=udp')
    const other = await tracing('[a]127.0.0.1;transport=udp')
    const mi = await engine(one.tracer, other.tracer)
    expect(await ask(mi, 'status')).toMatchObject({ destinations: [{ name: 'a' }, { name: 'a2' }] })
    expect(Object.keys(mi.statistics('trace:'))).toContain('trace:a2_sent')
  })

  test('without a tracer is a mistake', () => {
    expect(() => hepModule()).toThrow('give at least one tracer')
  })
})
