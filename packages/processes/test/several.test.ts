import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createMi } from '@mi/core'
import { cluster } from '@mi/processes'
import { describe, expect, test, vi } from 'vitest'
import { beside, ChildrenTransport, childrenOf, isAlive, processesOf, serve } from './support.js'

describe('ps', () => {
  test('lists the main process as 0 and its children from 1, whichever of them is asked', async () => {
    await using server = await serve({ count: 3 }, { server: { processType: 'attendant' } })
    const { result } = await server.ask('main', 'ps')
    const children = processesOf(result).slice(1)
    expect(processesOf(result)).toEqual([
      { ID: 0, PID: process.pid, Type: 'attendant' },
      ...[1, 2, 3].map((ID) => ({ ID, PID: expect.any(Number), Type: 'MI Lines' })),
    ])
    for (const index of [0, 1, 2]) {
      expect((await server.ask(index, 'ps')).result).toEqual(result)
      expect((await server.ask(index, 'work:where')).result).toMatchObject({ pid: children[index]?.PID })
    }
  })

  test('goes on counting with the children of a second transport, and uses the numbers again that are free', async () => {
    await using server = await serve()
    const hand = new ChildrenTransport(`${server.dir}`, { processType: 'MI Second', options: { dir: `${server.dir}` } })
    await using other = await serve({ count: 1 }, { transports: [hand] })
    expect((await childrenOf(other)).map(({ ID, Type }) => [ID, Type])).toEqual([
      [1, 'MI Lines'],
      [2, 'MI Second'],
      [3, 'MI Second'],
    ])
    await other.transport.children?.close()
    expect((await childrenOf(other)).map(({ ID }) => ID)).toEqual([2, 3])
    await other.transport.dispatcher?.startChildren?.(other.transport.options)
    expect((await childrenOf(other)).map(({ ID, Type }) => [ID, Type])).toEqual([
      [1, 'MI Lines'],
      [2, 'MI Second'],
      [3, 'MI Second'],
    ])
  })
})

describe('a child', () => {
  test('inherits the descriptors, and is told their numbers and its own place', async () => {
    await using spare = await serve({ count: 1 })
    const path = join(spare.dir, 'listening')
    const descriptors = [openSync(path, 'a'), openSync(path, 'a')]
    await using server = await serve({ count: 2, descriptors })
    for (const descriptor of descriptors) closeSync(descriptor)
    const children = await childrenOf(server)
    const written = readFileSync(path, 'utf8').trim().split('\n').sort()
    const expected = children.flatMap(({ PID }, index) => [`${index} ${PID}`, `${index} ${PID}`])
    expect(written).toEqual(expected.sort())
  })

  test('serves the modules that its file exports, alone or in an array, each initialised once in each process', async () => {
    await using server = await serve()
    for (const index of [0, 1]) {
      expect((await server.ask(index, 'work:where')).result).toMatchObject({ inits: 1, title: 'MI Lines' })
      expect((await server.ask(index, 'which', ['work:'])).result).toContain('work:count')
    }
    expect((await server.ask('main', 'which', ['work:'])).error).toMatchObject({ code: 404 })
  })

  test('says of the server what the main process says: version, arguments, when it began', async () => {
    await using server = await serve({}, { server: { name: 'sbc', version: '1.2.3', revision: 'abc' } })
    for (const [method, params] of [['version'], ['version', ['x']], ['arg'], ['pwd']] as const) {
      expect(await server.ask(0, method, params)).toEqual(await server.ask('main', method, params))
    }
    const [main, child] = [await server.ask('main', 'uptime'), await server.ask(0, 'uptime')]
    const began = { result: { 'Up since': expect.any(String) } }
    expect(main).toMatchObject(began)
    expect(child).toMatchObject({ result: { 'Up since': upSince(main.result) } })
  })

  test('keeps the limits of the engine', async () => {
    await using server = await serve({}, { limits: { commandTimeoutMs: 50, maxInFlight: Number.POSITIVE_INFINITY } })
    expect((await server.ask(0, 'work:hold')).error).toMatchObject({ code: -32000, data: 'Command timed out' })
  })

  test('cannot start children of its own', async () => {
    await expect(serve({ options: { dir: '/nowhere', tells: true } })).rejects.toThrow('startChildren is undefined')
  })
})

describe('log_level', () => {
  const levels = (result: unknown) =>
    (result as { Processes: { PID: number; 'Log level': number; Type: string }[] }).Processes

  test('lists every process with its level, whichever of them is asked', async () => {
    await using server = await serve()
    const [first, second] = await childrenOf(server)
    const expected = [
      { PID: process.pid, 'Log level': 3, Type: 'MI server' },
      { PID: first?.PID, 'Log level': 3, Type: 'MI Lines' },
      { PID: second?.PID, 'Log level': 3, Type: 'MI Lines' },
    ]
    for (const whom of ['main', 0, 1] as const) {
      expect(levels((await server.ask(whom, 'log_level')).result)).toEqual(expected)
    }
  })

  test('sets the level of all processes, and of those that come later', async () => {
    await using server = await serve()
    expect(await server.ask(1, 'log_level', [4])).toMatchObject({ result: { 'New global log level': 4 } })
    const of = async () => levels((await server.ask('main', 'log_level')).result).map((each) => each['Log level'])
    expect(await of()).toEqual([4, 4, 4])
    const [first] = await childrenOf(server)
    process.kill(Number(first?.PID), 'SIGKILL')
    await vi.waitFor(() => expect(server.transport.deaths).toEqual([0]), { timeout: 5_000 })
    await vi.waitFor(async () => expect(await childrenOf(server)).toHaveLength(2), { timeout: 10_000, interval: 50 })
    expect(await of()).toEqual([4, 4, 4])
    await server.ask(0, 'work:log', ['debug'])
    await vi.waitFor(() => expect(server.lines.map(({ message }) => message)).toContain('said at debug'))
  })

  test('sets the level of one process, from any of them', async () => {
    await using server = await serve()
    const [first, second] = await childrenOf(server)
    expect(await server.ask(0, 'log_level', [1, second?.PID])).toMatchObject({ result: { 'Log level': 1 } })
    expect(await server.ask(1, 'log_level', [-1, process.pid])).toMatchObject({ result: { 'Log level': -1 } })
    expect(await server.ask('main', 'log_level', [4, first?.PID])).toMatchObject({ result: { 'Log level': 4 } })
    const { result } = await server.ask(0, 'log_level')
    expect(levels(result).map((each) => each['Log level'])).toEqual([-1, 4, 1])
    await server.ask(1, 'work:log', ['info'])
    await server.ask(1, 'work:log', ['warn'])
    await vi.waitFor(() => expect(server.lines.map(({ message }) => message)).toContain('said at warn'))
    expect(server.lines.map(({ message }) => message)).not.toContain('said at info')
  })

  test('reaches a process that hung while it was set again and again: the last level counts', async () => {
    await using server = await serve({ count: 1 })
    const [child] = await childrenOf(server)
    process.kill(Number(child?.PID), 'SIGSTOP')
    try {
      // More than the system and the channel hold for a process that reads nothing.
      for (let times = 0; times < 20_000; times++) await server.ask('main', 'log_level', [times % 4])
      await server.ask('main', 'log_level', [4])
    } finally {
      process.kill(Number(child?.PID), 'SIGCONT')
    }
    await vi.waitFor(
      async () => {
        await server.ask(0, 'work:log', ['debug'])
        expect(server.lines.map(({ message }) => message)).toContain('said at debug')
      },
      { timeout: 10_000, interval: 50 },
    )
  })

  test('of a process that is none of them is refused', async () => {
    await using server = await serve()
    for (const whom of ['main', 0] as const) {
      expect((await server.ask(whom, 'log_level', [4, 1])).error).toMatchObject({ code: -32602, data: 'Bad PID' })
    }
  })
})

describe('kill', () => {
  test('of a child closes the whole server, after it was answered', async () => {
    const onKill = vi.fn()
    await using server = await serve({}, { allowKill: true, onKill })
    const children = await childrenOf(server)
    expect((await server.ask(1, 'kill')).result).toBe('OK')
    await vi.waitFor(() => expect(onKill).toHaveBeenCalledOnce(), { timeout: 10_000 })
    expect(children.map(({ PID }) => isAlive(PID))).toEqual([false, false])
    expect(server.transport.deaths).toEqual([])
  })

  test('of a child is refused unless it is allowed', async () => {
    await using server = await serve()
    expect((await server.ask(0, 'kill')).error).toMatchObject({ code: 403 })
  })
})

describe('an engine without children', () => {
  test('answers at once what others ask their children for', async () => {
    await using mi = createMi({ processes: cluster() })
    for (const method of [
      'ps',
      'log_level',
      'get_statistics',
      'list_statistics',
      'reset_statistics',
      'reset_all_statistics',
    ]) {
      const params = /^(get|reset)_statistics$/.test(method) ? [['all']] : undefined
      expect(mi.dispatch(JSON.stringify({ jsonrpc: '2.0', method, params, id: 1 }))).toContain('"result"')
    }
  })
})

function upSince(result: unknown): unknown {
  return (result as { 'Up since': string })['Up since']
}

test('the file of the modules may be named by a text', async () => {
  await using server = await serve({ count: 1, modules: beside('work.mjs').href })
  expect((await server.ask(0, 'work:count')).result).toBe(1)
})
