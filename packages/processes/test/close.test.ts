import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, test } from 'vitest'
import { askChild, beside, childrenOf, eventually, isAlive, type Listed, runningChildren, serve } from './support.js'

describe('close', () => {
  test('is graceful in every child: what is in flight is answered; then they end, and none follows', async () => {
    await using server = await serve()
    const children = await childrenOf(server)
    const held = [server.ask(0, 'work:hold'), server.ask(1, 'work:hold')]
    await eventually(() => expect(server.mi.statistics('in_flight')).toEqual({ 'mi:in_flight': 2 }))
    await server.mi.close()
    expect(await Promise.all(held)).toMatchObject([{ result: 'held until the end' }, { result: 'held until the end' }])
    expect(children.map(({ PID }) => isAlive(PID))).toEqual([false, false])
    expect(server.transport.deaths).toEqual([])
    expect(server.lines.filter(({ message }) => message.startsWith('a child process'))).toEqual([])
  })

  test('with all the time in the world is graceful too', async () => {
    await using server = await serve({ count: 1 }, { limits: { closeTimeoutMs: Number.POSITIVE_INFINITY } })
    const held = server.ask(0, 'work:hold')
    await eventually(() => expect(server.mi.statistics('in_flight')).toEqual({ 'mi:in_flight': 1 }))
    await server.mi.close()
    expect((await held).result).toBe('held until the end')
  })

  test('of the children alone leaves the server, and may be called again', async () => {
    await using server = await serve()
    const { children } = server.transport
    await Promise.all([children?.close(), children?.close()])
    await children?.close()
    expect(await childrenOf(server)).toEqual([])
  })

  test('does not wait for a successor that is still to be started', async () => {
    await using server = await serve({ count: 1 })
    expect(runningChildren()).toBe(1)
    await server.ask(0, 'work:exit', [0])
    await eventually(() => expect(server.transport.deaths).toEqual([0]))
    await server.mi.close()
    expect(runningChildren()).toBe(0)
  })

  test('ends the children of a transport that forgets them', async () => {
    await using server = await serve()
    const children = await childrenOf(server)
    server.transport.close = async () => {}
    await server.mi.close()
    expect(children.map(({ PID }) => isAlive(PID))).toEqual([false, false])
  })

  test.each(['a module that never comes to close', 'a command that never lets go of its process'])(
    'kills a child that does not end in time, and logs it: %s',
    async (why) => {
      await using server = await serve({ count: 1, modules: beside('no-end.mjs') }, { limits: { closeTimeoutMs: 100 } })
      const [child] = await childrenOf(server)
      if (why.includes('command')) {
        server.ask(0, 'endless:loop').catch(() => {})
        await eventually(() => expect(server.lines.at(-1)?.message).toBe('looping'))
      }
      await server.mi.close()
      expect(isAlive(Number(child?.PID))).toBe(false)
      expect(server.lines.at(-1)).toMatchObject({
        level: 'error',
        fields: { transport: 'lines', id: 1, pid: child?.PID, graceMs: 1_100 },
        message: 'a child process did not end in time; killed',
      })
    },
  )
})

describe('a main process', () => {
  const folders: string[] = []

  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
  })

  /** Runs test/children/server.mjs in a process group of its own, and waits until its children listen. */
  async function program(onEnd: 'stay' | 'exit' | 'close', count = 1) {
    const dir = mkdtempSync(join(tmpdir(), 'mi-children-'))
    folders.push(dir)
    const main = spawn(process.execPath, [fileURLToPath(beside('server.mjs')), dir, onEnd, String(count)], {
      stdio: ['ignore', 'pipe', 'ignore'],
      detached: true,
    })
    const ended = once(main, 'exit')
    const { value } = await createInterface({ input: main.stdout })[Symbol.asyncIterator]().next()
    const processes: Listed[] = JSON.parse(value)
    const children = processes.filter(({ ID }) => ID > 0).map(({ PID }) => PID)
    expect(children).toHaveLength(count)
    const childrenGone = () => eventually(() => expect(children.filter(isAlive)).toEqual([]))
    return { pid: Number(main.pid), dir, ended, childrenGone }
  }

  test('that is killed leaves no children behind; they answer what is in flight', async () => {
    const { pid, dir, ended, childrenGone } = await program('stay')
    const held = askChild(dir, 0, 'work:hold')
    await eventually(async () => {
      const { result } = await askChild(dir, 0, 'get_statistics', [['in_flight']])
      // The asking command too: it is answered later.
      expect(result).toEqual({ 'mi:in_flight': 2 })
    })
    process.kill(pid, 'SIGKILL')
    expect(await ended).toEqual([null, 'SIGKILL'])
    expect((await held).result).toBe('held until the end')
    await childrenGone()
  })

  test('that exits without closing leaves no children behind', async () => {
    const { ended, childrenGone } = await program('exit')
    expect(await ended).toEqual([0, null])
    await childrenGone()
  })

  test('that closes ends by itself: nothing of the children keeps it', async () => {
    const { ended, childrenGone } = await program('close')
    expect(await ended).toEqual([0, null])
    await childrenGone()
  })

  test('is kept by its children; Ctrl-C, which reaches them all, ends them all', async () => {
    const { pid, dir, ended, childrenGone } = await program('stay', 2)
    expect((await askChild(dir, 1, 'work:count')).result).toBe(1)
    process.kill(-pid, 'SIGINT')
    expect(await ended).toEqual([null, 'SIGINT'])
    await childrenGone()
  })
})
