import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ChildrenTransport, childrenOf, eventually, type Server, serve } from './support.js'

const get = async ({ ask }: Server, whom: number | 'main', ...selectors: string[]) =>
  (await ask(whom, 'get_statistics', [selectors])).result

describe('statistics over several processes', () => {
  let server: Server

  beforeAll(async () => {
    server = await serve()
  })

  beforeEach(async () => {
    await server.ask('main', 'reset_all_statistics')
  })

  afterAll(() => server[Symbol.asyncDispose]())

  test('are sums of counters and gauges, and the same in whatever process they are asked for', async () => {
    await server.ask(0, 'work:count')
    await server.ask(1, 'work:count')
    await server.ask(1, 'work:count')
    const whole = { 'work:counted': 3, 'work:depth': 4 }
    for (const whom of ['main', 0, 1] as const) {
      expect(await get(server, whom, 'counted', 'work:depth', 'no:such')).toEqual(whole)
    }
  })

  test('hold the requests of every process under the names that the main process gives them', async () => {
    await using second = await serve({ count: 1 })
    await second.ask(0, 'work:refuse')
    await second.ask(0, 'nosuch')
    await second.ask('main', 'nosuch')
    expect(await get(second, 'main', 'lines:command_errors', 'lines:method_not_found', 'mi:method_not_found')).toEqual({
      'lines:command_errors': 1,
      'lines:method_not_found': 1,
      'mi:method_not_found': 2,
    })
  })

  test('of two transports of one name are kept apart in their children too', async () => {
    await using server = await serve({ count: 1 })
    const { transport } = server
    const namesake = new ChildrenTransport(server.dir, { count: 1, options: { dir: server.dir } })
    await using other = await serve({ count: 1 }, { transports: [namesake] })
    expect(transport.name).toBe(namesake.name)
    // The namesake's child took the socket of `server`'s over.
    await server.ask(0, 'nosuch')
    expect(await get(other, 'main', 'lines:method_not_found', 'lines2:method_not_found')).toEqual({
      'lines:method_not_found': 0,
      'lines2:method_not_found': 1,
    })
  })

  test('are listed with those that only children have', async () => {
    for (const whom of ['main', 1] as const) {
      expect((await server.ask(whom, 'list_statistics', [['work:', 'mi:in_flight']])).result).toEqual({
        'work:counted': 'incremental',
        'work:depth': 'non-incremental',
        'mi:in_flight': 'non-incremental',
      })
      expect((await server.ask(whom, 'list_statistics')).result).toHaveProperty(['work:counted'])
    }
  })

  test('are reset in all processes, whichever is asked; gauges stay as they are', async () => {
    for (const index of [0, 1]) await server.ask(index, 'work:count')
    expect((await server.ask(1, 'reset_statistics', [['counted', 'work:depth']])).result).toBe('OK')
    expect(await get(server, 0, 'work:')).toEqual({ 'work:counted': 0, 'work:depth': 4 })
    for (const index of [0, 1]) await server.ask(index, 'work:count')
    expect(await get(server, 'main', 'counted')).toEqual({ 'work:counted': 2 })
    expect((await server.ask('main', 'reset_all_statistics')).result).toBe('OK')
    expect(await get(server, 1, 'counted')).toEqual({ 'work:counted': 0 })
  })

  test('that no process has are not found', async () => {
    for (const whom of ['main', 0] as const) {
      expect((await server.ask(whom, 'reset_statistics', [['nosuch']])).error).toMatchObject({ code: 404 })
    }
  })

  test('keep what a child has counted when it dies, and let go of its gauges', async () => {
    await using server = await serve()
    for (let count = 0; count < 5; count++) await server.ask(0, 'work:count')
    await server.ask(1, 'work:count')
    // So that it has told them: what a killed process counted since is gone.
    expect(await get(server, 'main', 'counted')).toEqual({ 'work:counted': 6 })
    const [first] = await childrenOf(server)
    process.kill(Number(first?.PID), 'SIGKILL')
    await eventually(() => expect(server.transport.deaths).toEqual([0]))
    expect(await get(server, 'main', 'counted', 'depth')).toMatchObject({ 'work:counted': 6 })
    await eventually(async () => expect(await childrenOf(server)).toHaveLength(2))
    expect(await get(server, 0, 'counted', 'depth')).toEqual({ 'work:counted': 6, 'work:depth': 4 })
    await server.ask('main', 'reset_statistics', [['counted']])
    expect(await get(server, 'main', 'counted')).toEqual({ 'work:counted': 0 })
  })

  test('keep all that a child has counted when it ends gracefully', async () => {
    await using server = await serve()
    for (let count = 0; count < 5; count++) await server.ask(0, 'work:count')
    const [first] = await childrenOf(server)
    process.kill(Number(first?.PID), 'SIGTERM')
    await eventually(() => expect(server.transport.deaths).toEqual([0]))
    expect(await get(server, 'main', 'counted')).toEqual({ 'work:counted': 5 })
    await server.ask(1, 'work:count')
    await server.mi.close()
    expect(server.mi.statistics('counted', 'work:depth')).toEqual({ 'work:counted': 6 })
  })

  test('take a child that does not answer within a second with the numbers that it told last', async () => {
    await using server = await serve()
    await server.ask(0, 'work:count')
    expect(await get(server, 'main', 'counted')).toEqual({ 'work:counted': 1 })
    const [first] = await childrenOf(server)
    process.kill(Number(first?.PID), 'SIGSTOP')
    try {
      await server.ask(1, 'work:count')
      expect(await get(server, 1, 'counted')).toEqual({ 'work:counted': 2 })
      expect((await server.ask(1, 'reset_statistics', [['counted']])).result).toBe('OK')
      expect(server.mi.statistics('counted')).toEqual({ 'work:counted': 0 })
    } finally {
      process.kill(Number(first?.PID), 'SIGCONT')
    }
    await eventually(async () => expect(await get(server, 0, 'counted')).toEqual({ 'work:counted': 0 }))
  })

  test('count what happened before they were asked for, however many ask', async () => {
    for (let round = 1; round <= 20; round++) {
      const earlier = get(server, 'main', 'counted')
      await server.ask(round % 2, 'work:count')
      expect(await get(server, 'main', 'counted')).toEqual({ 'work:counted': round })
      await earlier
    }
  })

  test('of the main process can be had at once, with what the children told last', async () => {
    expect(server.mi.statistics('work:')).toEqual({ 'work:counted': 0, 'work:depth': 4 })
    await server.ask(0, 'work:count')
    await eventually(() => expect(server.mi.statistics('counted')).toEqual({ 'work:counted': 1 }))
  })

  test('are samples for exporters too, with kind and labels', async () => {
    for (const index of [0, 1, 1]) await server.ask(index, 'work:count')
    expect(await get(server, 'main', 'counted')).toEqual({ 'work:counted': 3 })
    const samples = server.mi.statistics.samples().filter(({ labels }) => labels.module === 'work')
    expect(samples).toEqual([
      { name: 'counted', kind: 'counter', help: '', labels: { module: 'work' }, value: 3 },
      { name: 'depth', kind: 'gauge', help: '', labels: { module: 'work' }, value: 4 },
    ])
  })

  test('a statistic that throws is left out of the sums and logged once for each process', async () => {
    expect(await get(server, 0, 'work:')).toEqual({ 'work:counted': 0, 'work:depth': 4 })
    await get(server, 'main', 'work:')
    const failures = server.lines.filter(({ fields }) => fields.statistic === 'work:broken')
    expect(failures).toHaveLength(2)
    expect(failures[0]?.fields.err).toMatchObject({ message: 'no such gauge' })
  })
})

test('drops of a transport are counted as many as it says, in one line and one message', async () => {
  const seen: unknown[] = []
  const listener = (message: unknown): void => void seen.push(message)
  await using server = await serve({ count: 1 })
  subscribe('mi.drop', listener)
  try {
    server.transport.dispatcher?.drop('child_died', { pid: 7 }, 12)
    server.transport.dispatcher?.drop('child_died', { pid: 8 })
    for (const none of [0, -1, Number.NaN]) server.transport.dispatcher?.drop('child_died', {}, none)
  } finally {
    unsubscribe('mi.drop', listener)
  }
  expect(seen).toEqual([
    { transport: 'lines', reason: 'child_died', fields: { pid: 7 }, count: 12 },
    { transport: 'lines', reason: 'child_died', fields: { pid: 8 }, count: 1 },
  ])
  // The second one follows within a second: it is logged with those that come until then.
  expect(server.lines.filter(({ level }) => level === 'warn').map(({ fields }) => fields)).toEqual([
    { transport: 'lines', reason: 'child_died', count: 12, pid: 7 },
  ])
  expect(await get(server, 0, 'lines:drops', 'lines:drops_child_died', 'mi:drops')).toEqual({
    'lines:drops': 13,
    'lines:drops_child_died': 13,
    'mi:drops': 13,
  })
})
