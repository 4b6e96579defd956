import { describe, expect, test } from 'vitest'
import { childrenOf, eventually, type Server, serve } from './support.js'

const line = async ({ lines }: Server, message: string) =>
  eventually(() => {
    const found = lines.find((each) => each.message === message)
    expect(found).toBeDefined()
    return found
  })

describe("a child's log", () => {
  test("goes to the main process's logger, with the child's pid, and errors as errors", async () => {
    await using server = await serve()
    const [, second] = await childrenOf(server)
    await server.ask(1, 'work:log', ['warn'])
    const said = await line(server, 'said at warn')
    expect(said).toMatchObject({ level: 'warn', fields: { a: 1, big: 2n, pid: second?.PID } })
    expect(said?.fields.cycle).toMatchObject({ name: 'ring', self: { name: 'ring' } })
    expect(said?.fields.call).toBe('[Function: call]')
    const { err } = said?.fields ?? {}
    expect(err).toBeInstanceOf(Error)
    expect(err).toMatchObject({
      name: 'RangeError',
      message: 'cannot save',
      stack: expect.stringContaining('work.mjs'),
    })
    expect(err).toMatchObject({ cause: { name: 'Error', message: 'disk full', code: 'ENOSPC' } })
  })

  test('is only what its level lets pass', async () => {
    await using server = await serve({ count: 1 })
    await server.ask('main', 'log_level', [1])
    for (const level of ['debug', 'info', 'warn', 'error']) await server.ask(0, 'work:log', [level])
    await line(server, 'said at error')
    const said = server.lines.filter(({ message }) => message.startsWith('said')).map(({ level }) => level)
    expect(said).toEqual(['warn', 'error'])
  })

  test('starts with the level of the main process', async () => {
    const lines: string[] = []
    const write = (_fields: object, message: string): void => void lines.push(message)
    const log = { level: 'debug', debug: write, info: write, warn: write, error: write }
    await using server = await serve({ count: 1 }, { log })
    await server.ask(0, 'work:log', ['debug'])
    await eventually(() => expect(lines).toContain('said at debug'))
  })

  test('that the main process does not take as fast as it is written is cut, and what is lost is counted', async () => {
    await using server = await serve({ count: 1 })
    const lost = async () => {
      const { result } = await server.ask('main', 'get_statistics', [['mi:log_errors']])
      return (result as Record<string, number>)['mi:log_errors'] ?? 0
    }
    const before = await lost()
    await server.ask(0, 'work:flood', [5_000])
    await eventually(async () => {
      const written = server.lines.filter(({ message }) => message === 'flood').length
      const missing = (await lost()) - before
      expect(missing).toBeGreaterThan(0)
      expect(written + missing).toBe(5_000)
    })
  })
})
