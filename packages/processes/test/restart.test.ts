import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { beside, childrenOf, eventually, type Listed, type Server, serve } from './support.js'

const settled = (server: Server, count: number): Promise<Listed[]> =>
  eventually(async () => {
    const children = await childrenOf(server)
    expect(children).toHaveLength(count)
    return children
  })

const deathsLogged = ({ lines }: Server) =>
  lines.filter(({ message }) => message.startsWith('a child process ended')).map(({ fields }) => fields)

describe('a child that dies', () => {
  test('is logged, told to its transport, and replaced in its place', async () => {
    const seen: unknown[] = []
    await using server = await serve({
      count: 2,
      onDeath: (index) => seen.push([index, server.mi.dispatch('{"jsonrpc":"2.0","method":"ps","id":1}')]),
    })
    const [first, second] = await childrenOf(server)
    process.kill(Number(first?.PID), 'SIGKILL')
    await eventually(() => expect(seen).toHaveLength(1))
    const [successor, other] = await settled(server, 2)
    expect(seen).toEqual([[0, expect.not.stringContaining('"ID":1')]])
    expect(other).toEqual(second)
    expect(successor).toMatchObject({ ID: 1, Type: 'MI Lines' })
    expect(successor?.PID).not.toBe(first?.PID)
    expect(deathsLogged(server)).toEqual([
      { transport: 'lines', id: 1, pid: first?.PID, code: null, signal: 'SIGKILL', pauseMs: 50 },
    ])
    expect((await server.ask(0, 'work:where')).result).toMatchObject({ pid: successor?.PID })
  })

  test.each([
    ['by an exception that nobody catches', 'work:crash', undefined, 1],
    ['by exiting', 'work:exit', [7], 7],
  ])('%s is logged with its code and replaced', async (_how, method, params, code) => {
    await using server = await serve({ count: 1 })
    await server.ask(0, method, params).catch(() => {})
    await eventually(() => expect(server.transport.deaths).toEqual([0]))
    await settled(server, 1)
    expect(deathsLogged(server)).toMatchObject([{ code, signal: null }])
    expect((await server.ask(0, 'work:count')).result).toBe(1)
  })

  test('is replaced also when its transport fails on being told', async () => {
    await using server = await serve({
      count: 1,
      onDeath: () => {
        throw new Error('cannot count')
      },
    })
    await server.ask(0, 'work:exit', [0])
    await eventually(() => expect(deathsLogged(server)).toHaveLength(1))
    await settled(server, 1)
    expect(server.lines.map(({ message }) => message)).toContain('onDeath of a transport failed')
  })

  test('is replaced again and again, all at once too, while the server lives on', async () => {
    await using server = await serve({ count: 3 })
    const seen = new Set<number>()
    for (let round = 1; round <= 2; round++) {
      const children = await settled(server, 3)
      expect(children.map(({ ID }) => ID)).toEqual([1, 2, 3])
      for (const { PID } of children) seen.add(PID)
      expect(seen.size).toBe(3 * round)
      for (const { PID } of children) process.kill(PID, 'SIGKILL')
      await eventually(() => expect(server.transport.deaths).toHaveLength(3 * round))
    }
    await settled(server, 3)
    for (const index of [0, 1, 2]) expect((await server.ask(index, 'work:count')).result).toBe(1)
  })

  test('is tried again as long as the system cannot start a process', async () => {
    await using server = await serve({ count: 1 })
    const [child] = await childrenOf(server)
    const { execPath } = process
    process.execPath = '/nowhere/node'
    try {
      process.kill(Number(child?.PID), 'SIGKILL')
      await eventually(() => expect(deathsLogged(server).length).toBeGreaterThanOrEqual(3))
    } finally {
      process.execPath = execPath
    }
    await settled(server, 1)
    expect(deathsLogged(server).slice(0, 3)).toMatchObject([
      { signal: 'SIGKILL', pauseMs: 50 },
      { code: null, pauseMs: 100, err: { code: 'ENOENT' } },
      { pauseMs: 200, err: { code: 'ENOENT' } },
    ])
  })

  test('is tried again after longer and longer pauses while its successors cannot start, and why is logged', async () => {
    await using server = await serve({ count: 1 })
    const file = join(server.dir, 'moody')
    process.env.MOODY_FILE = file
    await using moody = await serve({ count: 1, modules: beside('moody.mjs'), options: { dir: server.dir } })
    writeFileSync(file, '')
    const [child] = await childrenOf(moody)
    process.kill(Number(child?.PID), 'SIGKILL')
    await eventually(() => expect(deathsLogged(moody).length).toBeGreaterThanOrEqual(4))
    rmSync(file)
    await settled(moody, 1)
    expect(deathsLogged(moody).slice(0, 4)).toMatchObject([
      { signal: 'SIGKILL', pauseMs: 50 },
      { code: 1, pauseMs: 100, err: { message: "module 'moody' failed to initialise: not in the mood" } },
      { code: 1, pauseMs: 200 },
      { code: 1, pauseMs: 400 },
    ])
  })
})

describe('signals', () => {
  test('that a terminal sends to all its processes are left to the main process', async () => {
    await using server = await serve({ count: 1 })
    const [child] = await childrenOf(server)
    process.kill(Number(child?.PID), 'SIGINT')
    process.kill(Number(child?.PID), 'SIGHUP')
    expect((await server.ask(0, 'work:where')).result).toMatchObject({ pid: child?.PID })
    expect(server.transport.deaths).toEqual([])
  })

  test('SIGTERM ends a child gracefully: what is in flight is answered; then it is replaced', async () => {
    await using server = await serve({ count: 1 })
    const [child] = await childrenOf(server)
    const held = server.ask(0, 'work:hold')
    await eventually(() => expect(server.mi.statistics('in_flight')).toEqual({ 'mi:in_flight': 1 }))
    process.kill(Number(child?.PID), 'SIGTERM')
    expect((await held).result).toBe('held until the end')
    await eventually(() => expect(deathsLogged(server)).toMatchObject([{ code: 0, signal: null }]))
    await settled(server, 1)
  })
})

describe('messages of a child that are none of MI', () => {
  test('are ignored and logged', async () => {
    await using server = await serve({ count: 1 })
    const [child] = await childrenOf(server)
    await server.ask(0, 'work:odd')
    const ignored = () => server.lines.filter(({ message }) => message.startsWith('ignored a message'))
    await eventually(() => expect(ignored()).toHaveLength(2))
    expect(ignored()[0]).toMatchObject({ level: 'warn', fields: { id: 1, pid: child?.PID } })
    expect((await server.ask(0, 'work:where')).result).toMatchObject({ pid: child?.PID })
  })
})
