import type { MiEvent } from '@mi/contract'
import { describe, expect, test } from 'vitest'
import { createMi } from '../src/index.js'
import { HandTransport } from './support.js'

describe('events', () => {
  test('go to those who have subscribed to their name, or to all, until they unsubscribe', async () => {
    const transport = new HandTransport('hand')
    await using mi = createMi({ transports: [transport] })
    await mi.listen()
    const seen: [string, MiEvent][] = []
    const take = (who: string) => (event: MiEvent) => void seen.push([who, event])
    const unsubscribe = mi.events.subscribe(['E_A', 'E_C'], take('a and c'))
    transport.dispatcher?.events?.subscribe(undefined, take('all'))
    const { raise } = mi.events
    expect([raise('E_A', { n: 1 }), raise('E_B'), raise('E_C', ['x'])]).toEqual([2, 1, 2])
    unsubscribe?.()
    expect(raise('E_A')).toBe(1)
    expect(seen.map(([who, { name, params }]) => [who, name, params])).toEqual([
      ['a and c', 'E_A', { n: 1 }],
      ['all', 'E_A', { n: 1 }],
      ['all', 'E_B', undefined],
      ['a and c', 'E_C', ['x']],
      ['all', 'E_C', ['x']],
      ['all', 'E_A', undefined],
    ])
    expect(seen.slice(0, 3).map(([, { text }]) => text)).toEqual([
      '{"jsonrpc":"2.0","method":"E_A","params":{"n":1}}',
      '{"jsonrpc":"2.0","method":"E_A","params":{"n":1}}',
      '{"jsonrpc":"2.0","method":"E_B"}',
    ])
  })

  test('that nobody listens to are not even looked at', () => {
    const mi = createMi()
    const params = new Proxy({}, { get: () => expect.unreachable(), ownKeys: () => expect.unreachable() })
    expect(mi.events.raise('E_A', params)).toBe(0)
    mi.events.subscribe(['E_B'], () => {})
    expect(mi.events.raise('E_A', params)).toBe(0)
  })

  test('reach the other listeners when one of them throws, which is counted', () => {
    const mi = createMi()
    const seen: string[] = []
    mi.events.subscribe(undefined, () => {
      throw new Error('listener is broken')
    })
    mi.events.subscribe(undefined, ({ name }) => void seen.push(name))
    expect(mi.events.raise('E_A')).toBe(1)
    expect(seen).toEqual(['E_A'])
    expect(mi.statistics('mi:drops_event_listener_failed')).toEqual({ 'mi:drops_event_listener_failed': 1 })
  })

  test.each([
    ['that JSON cannot carry', { n: 1n }],
    ['longer than a reply may be', { text: 'x'.repeat(2_000) }],
  ])('%s are dropped and counted', (_what, params) => {
    const mi = createMi({ limits: { maxReplyBytes: 1_000 } })
    mi.events.subscribe(undefined, () => expect.unreachable())
    expect(mi.events.raise('E_A', params)).toBe(0)
    expect(mi.statistics('mi:drops_event_not_sendable')).toEqual({ 'mi:drops_event_not_sendable': 1 })
  })

  test('have as many listeners as the limit says, and none once the engine is closed', async () => {
    const mi = createMi({ limits: { maxEventListeners: 1 } })
    const unsubscribe = mi.events.subscribe(undefined, () => {})
    expect(mi.events.subscribe(undefined, () => {})).toBeUndefined()
    unsubscribe?.()
    expect(mi.events.subscribe(undefined, () => {})).toBeTypeOf('function')
    await mi.close()
    expect(mi.events.subscribe(undefined, () => {})).toBeUndefined()
  })
})
