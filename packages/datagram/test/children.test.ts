import { existsSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { createMi, type Mi, type MiOptions } from '@mi/core'
// As it is published: a child process imports the transport from there.
import { type DatagramServerOptions, datagram } from '@mi/datagram'
import { cluster } from '@mi/processes'
import { describe, expect, onTestFinished, test } from 'vitest'
import { freePlace, type Place, request, temporaryDirectory, until } from './support/fixture.js'
import { openRaw, type RawSocket, type Way, ways } from './support/raw-socket.js'

const childModule = new URL('programs/commands.mjs', import.meta.url)

interface Group extends Place {
  readonly mi: Mi
  readonly client: RawSocket
  readonly texts: string[]
  /** Sends a request and waits for the next answer. */
  ask(method: string, id?: number | string): Promise<{ readonly result?: unknown; readonly error?: unknown }>
  /** Processes that are there, as `ps` lists them, without the first. */
  children(): Promise<number[]>
  drops(reason: string): number
}

async function serveByChildren(
  way: Way,
  options: Partial<DatagramServerOptions> = {},
  miOptions: MiOptions = {},
): Promise<Group> {
  const { socketName, address } = await freePlace(way)
  const mi = createMi({
    processes: cluster(),
    ...miOptions,
    transports: [datagram({ socketName, childrenCount: 4, childModule, ...options })],
  })
  const texts: string[] = []
  let client: RawSocket | undefined
  onTestFinished(async () => {
    await client?.close()
    await mi.close()
  })
  await mi.listen()
  client = await openRaw(address, { onText: (text) => texts.push(text) })
  const socket = client
  let asked = 0
  const group: Group = {
    socketName,
    address,
    mi,
    client,
    texts,
    async ask(method, id = `ask${++asked}`) {
      const end = `"id":${JSON.stringify(id)}}`
      await socket.send(request(method, id))
      await until(`an answer to ${method}`, () => texts.some((text) => text.endsWith(end)))
      return JSON.parse(texts.find((text) => text.endsWith(end)) ?? '')
    },
    async children() {
      const { result } = await group.ask('ps')
      return processes(result)
        .filter(({ Type }) => Type === 'MI Datagram')
        .map(({ PID }) => PID)
    },
    drops(reason) {
      const name = `datagram:drops_${reason}`
      return mi.statistics(name)[name] ?? 0
    },
  }
  return group
}

describe.each(ways)('child processes, over %s,', (way) => {
  test('serve the socket: each datagram reaches one of them, and none this process', async () => {
    const { client, texts, children, mi, socketName } = await serveByChildren(way, { childrenCount: 2 })
    for (let id = 1; id <= 200; id++) await client.send(request('t:pid', id))
    await until('all answers', () => texts.length === 200)
    const answers = texts.map((text) => JSON.parse(text))
    expect(new Set(answers.map(({ id }) => id)).size).toBe(200)
    const pids = await children()
    expect(pids).toHaveLength(2)
    expect(pids).toEqual(expect.arrayContaining([...new Set(answers.map(({ result }) => result))]))
    expect(pids).not.toContain(process.pid)
    await mi.close()
    for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow('ESRCH')
    if (way === 'unix') expect(existsSync(socketName)).toBe(false)
  })

  test('keep to the options: limits, who may ask, what the module of the commands traces', async () => {
    const allow = way === 'unix' ? { uids: [process.getuid?.() ?? 0] } : ['127.0.0.1', '::1']
    const { ask, client, texts } = await serveByChildren(way, { childrenCount: 2, allow, traceBwlist: 'w: t:pid' })
    expect(await ask('t:big')).toMatchObject({
      error: { data: expect.stringMatching(/^Reply (of \d+ bytes )?exceeds the limit of 65457 bytes$/) },
    })
    // Each has a tracer of its own: some answer that they have seen what was asked of them.
    for (let count = 0; count < 20; count++) await ask('t:pid')
    expect((await ask('t:traced')).result).toBeGreaterThan(0)
    texts.length = 0
    await client.send('{'.repeat(65_458)).catch(() => undefined)
    await until('the refusal', () => texts.some((text) => text.startsWith('413 ')))
  })
})

test('children that are killed leave the count of what they had not answered, and are replaced', async () => {
  const { client, children, mi, drops } = await serveByChildren('udp4', { childrenCount: 2 })
  const before = await children()
  for (let id = 1; id <= 10; id++) await client.send(request('t:hold', id))
  const inFlight = 'datagram:in_flight'
  await until('all to be taken', () => mi.statistics(inFlight)[inFlight] === 10)
  for (const pid of before) process.kill(pid, 'SIGKILL')
  await until('the drops', () => drops('child_died') === 10)
  let after: number[] = []
  await until('successors', () => {
    // The one that is asked may die before it answers.
    children().then((pids) => {
      after = pids
    }, ignore)
    return after.length === 2 && after.every((pid) => !before.includes(pid))
  })
  expect(drops('child_died')).toBe(10)
})

test('children answer what is in flight when the server closes', async () => {
  const { client, texts, mi } = await serveByChildren('unix', { childrenCount: 2 })
  const file = join(temporaryDirectory(), 'answer')
  for (let id = 1; id <= 6; id++) {
    await client.send(JSON.stringify({ jsonrpc: '2.0', method: 't:late', params: { file }, id }))
  }
  const inFlight = 'datagram:in_flight'
  await until('all to be taken', () => mi.statistics(inFlight)[inFlight] === 6)
  const closed = mi.close()
  writeFileSync(file, '')
  await closed
  await until('the answers', () => texts.length === 6)
  expect(texts.every((text) => text.includes('"late"'))).toBe(true)
})

test('4 children, of which six are killed one after the other under load, answer throughout, and nothing twice', async () => {
  const { client, texts, children, drops, ask } = await serveByChildren('unix')
  let pids: readonly number[] = []
  const look = (): void => {
    // The one that is asked may die before it answers.
    children().then((now) => {
      pids = now
    }, ignore)
  }
  texts.length = 0
  let sent = 0
  let isLoaded = true
  const load = async (): Promise<void> => {
    while (isLoaded) {
      for (let burst = 0; burst < 20; burst++) await client.send(request('t:pid', ++sent))
      await pause(1)
    }
  }
  const loading = load()
  const killed = new Set<number>()
  while (killed.size < 6) {
    const isNext = (pid: number): boolean => !killed.has(pid) && isAlive(pid)
    await until('a child that was not killed', () => {
      look()
      return pids.some(isNext)
    })
    const victim = pids.find(isNext) ?? 0
    killed.add(victim)
    const before = texts.length
    process.kill(victim, 'SIGKILL')
    await until('answers after a death', () => texts.length >= before + 100)
  }
  isLoaded = false
  await loading
  await until('four children', () => {
    look()
    return pids.length === 4 && pids.every(isAlive)
  })
  const answered = (): number[] => texts.map((text) => JSON.parse(text).id).filter((id) => typeof id === 'number')
  // Exact but for the batches that children had just received, or just sent, when they were killed.
  await until('each request to be answered or counted', () => {
    return Math.abs(sent - answered().length - drops('child_died')) <= 64
  })
  await ask('t:pid')
  const ids = answered()
  expect(new Set(ids).size).toBe(ids.length)
  expect(ids.length).toBeGreaterThan(sent / 2)
})

test('a socket file that is gone is made anew, and served by new processes', async () => {
  const { socketName, ask, children } = await serveByChildren('unix', { childrenCount: 2 })
  const before = await children()
  unlinkSync(socketName)
  process.kill(process.pid, 'SIGHUP')
  await until('a new socket file', () => existsSync(socketName))
  const { result } = await ask('t:pid')
  expect(before).not.toContain(result)
})

test('a module that exports no commands keeps the server from listening, and leaves nothing', async () => {
  const { socketName } = await freePlace('unix')
  const mi = createMi({
    processes: cluster(),
    transports: [
      datagram({ socketName, childrenCount: 2, childModule: new URL('programs/no-commands.mjs', import.meta.url) }),
    ],
  })
  await expect(mi.listen()).rejects.toMatchObject({ code: 'MI_LISTEN' })
  expect(existsSync(socketName)).toBe(false)
})

function ignore(): void {}

interface Process {
  readonly PID: number
  readonly Type: string
}

/** As the contract of `ps` says. */
function processes(result: unknown): readonly Process[] {
  return (result as { readonly Processes: readonly Process[] }).Processes
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    // ESRCH: it is gone.
    return false
  }
}
