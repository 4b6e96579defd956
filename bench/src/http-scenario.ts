import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { type HttpMeasurement, loadHttp } from './http-load.js'
import { median } from './median.js'
import type { BenchOptions } from './options.js'
import { versionRequest, versionResult } from './requests.js'
import type { Scenario, ScenarioResult, Target } from './scenario.js'

const CONNECTIONS = 16
const BATCH = 20
const MEBIBYTE = 1_048_576

const reply = JSON.stringify({ jsonrpc: '2.0', result: versionResult, id: 1 })
const loads = {
  version: { request: versionRequest, expected: reply, commands: 1 },
  batch: { request: batchOf(versionRequest), expected: batchOf(reply), commands: BATCH },
} as const

function batchOf(text: string): string {
  return `[${Array.from({ length: BATCH }, () => text).join(',')}]`
}

interface HttpProcess extends AsyncDisposable {
  readonly child: ChildProcess
  readonly port: number
}

/** @param program tells its port to its parent */
async function startHttp(program: string, ...args: string[]): Promise<HttpProcess> {
  const child = spawn(process.execPath, [...args, fileURLToPath(new URL(program, import.meta.url))], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, NODE_ENV: 'production' },
  })
  const [port] = await once(child, 'message')
  return {
    child,
    port: Number(port),
    async [Symbol.asyncDispose]() {
      child.kill()
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    },
  }
}

/** Our HTTP server beside one of node:http that parses and prints the same JSON, one process each, in turn. */
export const httpScenario: Scenario = {
  name: 'http',
  describe: ({ rounds, seconds }) =>
    `request ${versionRequest}, and a batch of ${BATCH} of them, ${CONNECTIONS} connections that stay open; floor: node:http that ` +
    `parses and prints the same JSON; medians of ${rounds} rounds of ${seconds} s each`,
  async run(options) {
    await using floor = await startHttp('http-server.js')
    await using ours = await startHttp('http-engine.js')
    const version = await compare(options, floor.port, ours.port, 'version')
    const batch = await compare(options, floor.port, ours.port, 'batch')
    return report(version, batch)
  },
}

interface Compared {
  readonly floor: HttpMeasurement
  readonly ours: HttpMeasurement
}

async function compare(
  { rounds, seconds }: BenchOptions,
  floor: number,
  ours: number,
  load: keyof typeof loads,
): Promise<Compared> {
  const measured = { floor: [] as HttpMeasurement[], ours: [] as HttpMeasurement[] }
  const measure = async (name: keyof typeof measured, port: number): Promise<void> => {
    measured[name].push(await loadHttp(port, { ...loads[load], connections: CONNECTIONS, seconds }))
  }
  for (let round = 0; round < rounds; round++) {
    // In turn, and each goes first every other time: whatever else the machine does hits both alike.
    if (round % 2 === 0) await measure('floor', floor)
    await measure('ours', ours)
    if (round % 2 === 1) await measure('floor', floor)
  }
  return { floor: medianOf(measured.floor), ours: medianOf(measured.ours) }
}

function medianOf(rounds: readonly HttpMeasurement[]): HttpMeasurement {
  const of = (pick: (measurement: HttpMeasurement) => number): number => median(rounds.map(pick))
  return {
    repliesPerSecond: of((each) => each.repliesPerSecond),
    p50Us: of((each) => each.p50Us),
    p99Us: of((each) => each.p99Us),
  }
}

function report(version: Compared, batch: Compared): ScenarioResult {
  const row = (name: string, load: keyof typeof loads, measured: HttpMeasurement, { floor }: Compared): string[] => [
    name,
    load,
    measured.repliesPerSecond.toFixed(0),
    (measured.repliesPerSecond * loads[load].commands).toFixed(0),
    (measured.repliesPerSecond / floor.repliesPerSecond).toFixed(2),
    measured.p50Us.toFixed(0),
    measured.p99Us.toFixed(0),
  ]
  const rate = { version: version.ours.repliesPerSecond, batch: batch.ours.repliesPerSecond * BATCH }
  const targets: Target[] = [
    {
      what: `http, ${CONNECTIONS} connections: replies/s over those of bare node:http`,
      value: version.ours.repliesPerSecond / version.floor.repliesPerSecond,
      limit: 0.9,
      direction: 'at least',
    },
    {
      what: `http, ${CONNECTIONS} connections: p99 over that of bare node:http`,
      value: version.ours.p99Us / version.floor.p99Us,
      limit: 1.2,
      direction: 'at most',
    },
    {
      what: `http, batches of ${BATCH}: commands/s over those of single requests`,
      value: rate.batch / rate.version,
      limit: 5,
      direction: 'at least',
    },
  ]
  return {
    head: ['server', 'request', 'replies/s', 'commands/s', 'share', 'p50 us', 'p99 us'],
    rows: [
      row('floor', 'version', version.floor, version),
      row('ours', 'version', version.ours, version),
      row('floor', 'batch', batch.floor, batch),
      row('ours', 'batch', batch.ours, batch),
    ],
    targets,
  }
}

/** Whether requests over HTTP leave something behind in the server. */
export const httpMemoryScenario: Scenario = {
  name: 'http-memory',
  describe: ({ requests }) => `heap and RSS of an HTTP server after 10000 and after ${requests} more requests`,
  async run({ requests }) {
    await using server = await startHttp('http-engine.js', '--expose-gc')
    const serve = async (count: number): Promise<Memory> => {
      let memory = await memoryOf(server.child)
      const last = memory.requests + count
      while (memory.requests < last) {
        await loadHttp(server.port, { ...loads.version, connections: CONNECTIONS, seconds: 1 })
        memory = await memoryOf(server.child)
      }
      return memory
    }
    const before = await serve(10_000)
    const after = await serve(requests)
    const grown = (of: 'heapUsed' | 'rss', what: string, limit: number): Target => ({
      what: `http-memory: growth of the ${what}`,
      value: (after[of] - before[of]) / MEBIBYTE,
      limit,
      direction: 'at most',
      unit: ' MiB',
    })
    return {
      head: ['requests', 'heap MiB', 'rss MiB'],
      rows: [before, after].map(({ requests: served, heapUsed, rss }) => [
        String(served),
        (heapUsed / MEBIBYTE).toFixed(2),
        (rss / MEBIBYTE).toFixed(1),
      ]),
      targets: [grown('heapUsed', 'heap', 10), grown('rss', 'RSS', 40)],
    }
  },
}

interface Memory {
  readonly heapUsed: number
  readonly rss: number
  readonly requests: number
}

async function memoryOf(child: ChildProcess): Promise<Memory> {
  child.send('memory')
  const [memory] = await once(child, 'message')
  if (typeof memory === 'object' && memory !== null && 'heapUsed' in memory) return memory
  throw new Error(`the server sent ${JSON.stringify(memory)} instead of its memory`)
}
