import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createMi } from '@mi/core'
import { cluster } from '@mi/processes'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import {
  beside,
  ChildrenTransport,
  childrenOf,
  eventually,
  isAlive,
  processesOf,
  type Server,
  serve,
} from './support.js'

const levels = (result: unknown) =>
  (result as { Processes: { PID: number; 'Log level': number; Type: string }[] }).Processes

describe('each of the processes', () => {
  let server: Server

  beforeAll(async () => {
    server = await serve(
      { count: 3 },
      { server: { name: 'sbc', version: '1.2.3', revision: 'abc', processType: 'attendant' } },
    )
  })

  afterAll(() => server[Symbol.asyncDispose]())

  test('lists them all in `ps`, the main process as 0 and the children from 1', async () => {
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

  test('serves the modules that its file exports, alone or in an array, each initialised once', async () => {
    for (const index of [0, 1]) {
      expect((await server.ask(index, 'work:where')).result).toMatchObject({ inits: 1, title: 'MI Lines' })
      expect((await server.ask(index, 'which', ['work:'])).result).toContain('work:count')
    }
    expect((await server.ask('main', 'which', ['work:'])).error).toMatchObject({ code: 404 })
  })

  test('says of the server what the main process says: version, arguments, when it began', async () => {
    for (const [method, params] of [['version'], ['version', ['x']], ['arg'], ['pwd']] as const) {
      expect(await server.ask(0, method, params)).toEqual(await server.ask('main', method, params))
    }
    const [main, child] = [await server.ask('main', 'uptime'), await server.ask(0, 'uptime')]
    expect(main).toMatchObject({ result: { 'Up since': expect.any(String) } })
    expect(child).toMatchObject({ result: { 'Up since': upSince(main.result) } })
  })

  test('lists the level of all in `log_level`', async () => {
    const [first, second, third] = await childrenOf(server)
    const expected = [
      { PID: process.pid, 'Log level': 3, Type: 'attendant' },
      ...[first, second, third].map((child) => ({ PID: child?.PID, 'Log level': 3, Type: 'MI Lines' })),
    ]
    for (const whom of ['main', 0, 1] as const) {
      expect(levels((await server.ask(whom, 'log_level')).result)).toEqual(expected)
    }
  })

  test('refuses a level for a process that is not one of them, and `kill` unless it is allowed', async () => {
    for (const whom of ['main', 0] as const) {
      expect((await server.ask(whom, 'log_level', [4, 1])).error).toMatchObject({ code: -32602, data: 'Bad PID' })
      expect((await server.ask(whom, 'kill')).error).toMatchObject({ code: 403 })
    }
  })
})

describe('the numbers in `ps`', () => {
  test('go on with the children of a second transport, and those that are free are used again', async () => {
    await using server = await serve({ count: 1 })
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
    const dir = mkdtempSync(join(tmpdir(), 'mi-descriptors-'))
    onTestFinished(() => rmSync(dir, { recursive: true }))
    const path = join(dir, 'listening')
    const descriptors = [openSync(path, 'a'), openSync(path, 'a')]
    await using server = await serve({ count: 2, descriptors })
    for (const descriptor of descriptors) closeSync(descriptor)
    const children = await childrenOf(server)
    const written = readFileSync(path, 'utf8').trim().split('\n').sort()
    const expected = children.flatMap(({ PID }, index) => [`${index} ${PID}`, `${index} ${PID}`])
    expect(written).toEqual(expected.sort())
  })

  test('keeps the limits of the engine, also where the file of the modules is named by a text', async () => {
    const modules = beside('work.mjs').href
    await using server = await serve(
      { count: 1, modules },
      { limits: { commandTimeoutMs: 50, maxInFlight: Number.POSITIVE_INFINITY } },
    )
    expect((await server.ask(0, 'work:hold')).error).toMatchObject({ code: -32000, data: 'Command timed out' })
  })

  test('cannot start children of its own', async () => {
    await expect(serve({ count: 1, options: { dir: '/nowhere', tells: true } })).rejects.toThrow(
      'startChildren is undefined',
    )
  })
})

describe('log_level', () => {
  test('sets the level of all processes, and of those that come later', async () => {
    await using server = await serve()
    expect(await server.ask(1, 'log_level', [4])).toMatchObject({ result: { 'New global log level': 4 } })
    const of = async () => levels((await server.ask('main', 'log_level')).result).map((each) => each['Log level'])
    expect(await of()).toEqual([4, 4, 4])
    const [first] = await childrenOf(server)
    process.kill(Number(first?.PID), 'SIGKILL')
    await eventually(() => expect(server.transport.deaths).toEqual([0]))
    await eventually(async () => expect(await childrenOf(server)).toHaveLength(2))
    expect(await of()).toEqual([4, 4, 4])
    await server.ask(0, 'work:log', ['debug'])
    await eventually(() => expect(server.lines.map(({ message }) => message)).toContain('said at debug'))
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
    await eventually(() => expect(server.lines.map(({ message }) => message)).toContain('said at warn'))
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
    await eventually(async () => {
      await server.ask(0, 'work:log', ['debug'])
      expect(server.lines.map(({ message }) => message)).toContain('said at debug')
    })
  })
})

describe('kill', () => {
  test('of a child closes the whole server, after it was answered', async () => {
    const onKill = vi.fn()
    await using server = await serve({}, { allowKill: true, onKill })
    const children = await childrenOf(server)
    expect((await server.ask(1, 'kill')).result).toBe('OK')
    await eventually(() => expect(onKill).toHaveBeenCalledOnce())
    expect(children.map(({ PID }) => isAlive(PID))).toEqual([false, false])
    expect(server.transport.deaths).toEqual([])
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

test('a peer that fills its share of a child leaves others theirs, and what answers at once to itself', async () => {
  await using server = await serve({ count: 1 }, { limits: { perPeer: { inFlight: 2 } } })
  const [greedy, other] = ['192.0.2.1', '192.0.2.2']
  const held = [0, 1].map(() => server.askAs(greedy, 0, 'work:hold'))
  await eventually(async () => {
    const { result } = await server.ask('main', 'get_statistics', [['lines:in_flight']])
    expect(result).toEqual({ 'lines:in_flight': 2 })
  })
  expect((await server.askAs(greedy, 0, 'work:hold')).error).toMatchObject({
    code: -32000,
    data: expect.stringContaining('2 of 192.0.2.1 wait for an answer (limits.perPeer.inFlight)'),
  })
  expect((await server.askAs(greedy, 0, 'uptime')).result).toMatchObject({ 'Up time': expect.any(String) })
  expect((await server.askAs(greedy, 0, 'kill')).error).toMatchObject({ code: 403 })
  // `ps` asks the main process.
  expect(processesOf((await server.askAs(other, 0, 'ps')).result)).toHaveLength(2)
  await server.mi.close()
  expect(await Promise.all(held)).toMatchObject([{ result: 'held until the end' }, { result: 'held until the end' }])
})
