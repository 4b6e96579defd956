import { fileURLToPath } from 'node:url'
import { load, type Measurement } from './load.js'
import { median } from './median.js'
import { compiled } from './native.js'
import type { BenchOptions } from './options.js'
import type { Scenario, ScenarioResult } from './scenario.js'
import { type ServerProcess, startServer } from './server-process.js'
import { assertAnswers, assertSound, versionRequest, versionResult } from './version-request.js'

const windows = [32, 1] as const

interface Contender {
  readonly name: 'floor' | '@mi/fifo'
  readonly server: ServerProcess
  /** What it must answer to the request. */
  readonly result: unknown
}

/** Our FIFO server beside the floor, one process each, in turn. */
export const fifoScenario: Scenario = {
  name: 'fifo',
  describe: ({ rounds, seconds }) =>
    `request ${versionRequest}, NODE_ENV=production; medians of ${rounds} rounds of ${seconds} s each`,
  async run(options) {
    const floorProgram = await compiled('floor')
    await using floor = await startServer((...places) => [floorProgram, 'fifo', ...places])
    const program = fileURLToPath(new URL('fifo-server.js', import.meta.url))
    await using ours = await startServer((...places) => [process.execPath, program, ...places])
    // Awaited here: without, the servers would be disposed of before they are measured.
    return await measure(options, [
      { name: 'floor', server: floor, result: { Server: 'floor of the transport, no JSON' } },
      { name: '@mi/fifo', server: ours, result: versionResult },
    ])
  },
}

async function measure(options: BenchOptions, contenders: readonly Contender[]): Promise<ScenarioResult> {
  const medians = new Map<string, Measurement>()
  for (const window of windows) {
    const measured = new Map<string, Measurement[]>(contenders.map(({ name }) => [name, []]))
    for (let round = 0; round < options.rounds; round++) {
      // In turn, and each goes first every other time: whatever else the machine does hits both alike.
      for (const contender of round % 2 === 0 ? contenders : [...contenders].reverse()) {
        measured.get(contender.name)?.push(await measureOnce(contender, window, options.seconds))
      }
    }
    for (const [name, rounds] of measured) medians.set(`${name} ${window}`, medianOf(rounds))
  }
  return report((name, window) => {
    const measurement = medians.get(`${name} ${window}`)
    if (measurement === undefined) throw new Error(`${name} was not measured with window ${window}`)
    return measurement
  })
}

async function measureOnce({ name, server, result }: Contender, window: number, seconds: number): Promise<Measurement> {
  const bytes = await assertAnswers(server, result)
  const measurement = await load(server, { window, seconds, request: versionRequest })
  assertSound(name, measurement, bytes)
  await assertAnswers(server, result)
  return measurement
}

function medianOf(rounds: readonly Measurement[]): Measurement {
  const of = (pick: (measurement: Measurement) => number): number => median(rounds.map(pick))
  return {
    repliesPerSecond: of((each) => each.repliesPerSecond),
    p50Us: of((each) => each.p50Us),
    p99Us: of((each) => each.p99Us),
    lost: rounds.reduce((sum, { lost }) => sum + lost, 0),
    replyBytes: of((each) => each.replyBytes),
  }
}

function report(of: (name: Contender['name'], window: number) => Measurement): ScenarioResult {
  return {
    head: ['server', 'window', 'replies/s', 'share', 'p50 us', 'p99 us', 'lost', 'bytes'],
    rows: windows.flatMap((window) =>
      (['floor', '@mi/fifo'] as const).map((name) => {
        const { repliesPerSecond, p50Us, p99Us, lost, replyBytes } = of(name, window)
        const share = repliesPerSecond / of('floor', window).repliesPerSecond
        return [
          name,
          String(window),
          repliesPerSecond.toFixed(0),
          share.toFixed(2),
          p50Us.toFixed(1),
          p99Us.toFixed(1),
          String(lost),
          String(replyBytes),
        ]
      }),
    ),
    targets: [
      {
        what: "fifo, window 32: replies/s over the floor's",
        value: of('@mi/fifo', 32).repliesPerSecond / of('floor', 32).repliesPerSecond,
        limit: 0.5,
        direction: 'at least',
      },
      {
        what: "fifo, window 1: median latency over the floor's",
        value: of('@mi/fifo', 1).p50Us / of('floor', 1).p50Us,
        limit: 1.25,
        direction: 'at most',
      },
    ],
  }
}
