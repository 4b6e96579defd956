import type { ChildProcess } from 'node:child_process'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { isDeepStrictEqual } from 'node:util'
import { createClient, type MiClient } from '@mi/client'
import { fifo } from '@mi/client/fifo'
import { http } from '@mi/client/http'
import { udp } from '@mi/client/udp'
import { unix } from '@mi/client/unix'
import type { Kind } from './endpoint.js'
import { load } from './load.js'
import { median } from './median.js'
import type { BenchOptions } from './options.js'
import { assertAnswers, versionRequest, versionResult } from './requests.js'
import type { Scenario, Target } from './scenario.js'
import { type ServerProcess, startServer } from './server-process.js'

/** Calls that are under way at once where the rate is measured. */
const concurrent = 64

/** What has to be reached over UDP: one of the two. */
const udpGoal = { callsPerSecond: 60_000, share: 0.35 }

/** Calls a second, by median, and what the load program reached beside it. */
interface Row {
  readonly transport: string
  readonly sequential: number
  readonly concurrent: number
  /** Undefined over HTTP, which the load program does not speak. */
  readonly load?: number
}

/** Calls of @mi/client to a server of this project, whose commands cost next to nothing; HTTP to the least there is. */
export const clientScenario: Scenario = {
  name: 'client',
  describe: ({ rounds, seconds }) =>
    `calls of 'version' by @mi/client with its default options, one after the other and ${concurrent} at once; load: ` +
    `the same server, as many (UNIX: 8) requests outstanding; medians of ${rounds} rounds of ${seconds} s each`,
  async run(options) {
    const rows: Row[] = []
    for (const kind of ['fifo', 'udp', 'unix'] as const) rows.push(await overKind(kind, options))
    rows.push(await overHttp(options))
    return {
      head: ['transport', 'one by one, calls/s', `${concurrent} at once, calls/s`, 'load, replies/s', 'share'],
      rows: rows.map(({ transport, sequential, concurrent: rate, load: reached }) => [
        transport,
        sequential.toFixed(0),
        rate.toFixed(0),
        reached?.toFixed(0) ?? '-',
        reached === undefined ? '-' : (rate / reached).toFixed(2),
      ]),
      targets: [...rows.flatMap(targetsOf), importTarget()],
    }
  },
}

async function overKind(kind: Kind, options: BenchOptions): Promise<Row> {
  const program = fileURLToPath(new URL('server.js', import.meta.url))
  await using server = await startServer(kind, [process.execPath, program])
  await using client = clientFor(kind, server)
  await assertAnswers(server, versionRequest, versionResult)
  const measured = { sequential: [] as number[], concurrent: [] as number[], load: [] as number[] }
  const window = kind === 'unix' ? 8 : concurrent
  for (let round = 0; round < options.rounds; round++) {
    measured.sequential.push(await callsPerSecond(client, 1, options.seconds))
    measured.concurrent.push(await callsPerSecond(client, concurrent, options.seconds))
    const reached = await load(server, { window, seconds: options.seconds, request: versionRequest })
    measured.load.push(reached.repliesPerSecond)
  }
  return {
    transport: kind,
    sequential: median(measured.sequential),
    concurrent: median(measured.concurrent),
    load: median(measured.load),
  }
}

async function overHttp({ rounds, seconds }: BenchOptions): Promise<Row> {
  const child = spawn(process.execPath, [fileURLToPath(new URL('http-server.js', import.meta.url))], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  try {
    await using client = createClient(http({ url: `http://127.0.0.1:${await portOf(child)}/mi` }))
    const measured = { sequential: [] as number[], concurrent: [] as number[] }
    for (let round = 0; round < rounds; round++) {
      measured.sequential.push(await callsPerSecond(client, 1, seconds))
      measured.concurrent.push(await callsPerSecond(client, concurrent, seconds))
    }
    return { transport: 'http', sequential: median(measured.sequential), concurrent: median(measured.concurrent) }
  } finally {
    child.kill()
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  }
}

async function portOf(child: ChildProcess): Promise<number> {
  const [port] = await once(child, 'message')
  return Number(port)
}

function clientFor(kind: Kind, { endpoint }: ServerProcess): MiClient {
  const [place = '', replyDir = endpoint.directory] = endpoint.places
  switch (kind) {
    case 'fifo':
      return createClient(fifo({ fifoName: place, replyDir }))
    case 'udp':
      return createClient(udp({ port: Number(place) }))
    case 'unix':
      return createClient(unix({ path: place, replyDir }))
  }
}

/** @throws Error for an answer that is not the right one, the last one of each caller included */
async function callsPerSecond(client: MiClient, callers: number, seconds: number): Promise<number> {
  let calls = 0
  const start = performance.now()
  const end = start + seconds * 1000
  const work = async (): Promise<void> => {
    let result: unknown
    do {
      result = await client.call('version')
      calls += 1
    } while (performance.now() < end)
    if (!isDeepStrictEqual(result, versionResult)) throw new Error(`wrong result: ${JSON.stringify(result)}`)
  }
  await Promise.all(Array.from({ length: callers }, work))
  return (calls / (performance.now() - start)) * 1000
}

function targetsOf({ transport, concurrent: rate, load: reached }: Row): Target[] {
  if (transport !== 'udp' || reached === undefined) return []
  const value = Math.max(rate / udpGoal.callsPerSecond, rate / reached / udpGoal.share)
  const what =
    `client, udp, ${concurrent} at once: the better of calls/s over ${udpGoal.callsPerSecond} and ` +
    `the share of the load program's over ${udpGoal.share}`
  return [{ what, value, limit: 1, direction: 'at least' }]
}

/** How long a program waits for `import '@mi/client'`: the least of a few, since whatever else goes on only makes it longer. */
function importTarget(): Target {
  const from = JSON.stringify(import.meta.resolve('@mi/client'))
  const script = `const since = performance.now(); await import(${from}); console.log(performance.now() - since)`
  const once = (): number =>
    Number(execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' }))
  const value = Math.min(...Array.from({ length: 7 }, once))
  return { what: 'client: import of the package', value, limit: 25, direction: 'at most', unit: ' ms' }
}
