import { fileURLToPath } from 'node:url'
import type { Kind } from './endpoint.js'
import { load, type Measurement } from './load.js'
import { median } from './median.js'
import { compiled } from './native.js'
import type { BenchOptions } from './options.js'
import {
  assertAnswers,
  assertSound,
  dialogRequest,
  dialogResult,
  floorResult,
  versionRequest,
  versionResult,
} from './requests.js'
import type { Scenario, ScenarioResult, Target } from './scenario.js'
import { type ServerProcess, startServer } from './server-process.js'

/** A transport, and what it has to reach beside the floor. */
export interface TransportGoals {
  readonly kind: Kind
  /** Requests outstanding where the rate is measured. */
  readonly window: number
  /** The least rate, as a share of the floor's. */
  readonly share: number
  /** The longest median latency with one request outstanding, as a multiple of the floor's. */
  readonly latency: number
}

interface Contender {
  readonly name: 'floor' | 'ours'
  readonly server: ServerProcess
  /** What it must answer. */
  readonly results: Readonly<Record<RequestName, unknown>>
}

const requests = { version: versionRequest, dialog: dialogRequest } as const

type RequestName = keyof typeof requests

interface Load {
  readonly window: number
  readonly request: RequestName
}

/** Our server beside the floor, one process each, in turn. */
export function transportScenario(goals: TransportGoals): Scenario {
  const { kind, window } = goals
  return {
    name: kind,
    describe: ({ rounds, seconds }) =>
      `request ${versionRequest} (dialog: an answer of some 700 bytes; the floor's stays as it is), ` +
      `NODE_ENV=production; medians of ${rounds} rounds of ${seconds} s each`,
    async run(options) {
      await using floor = await startServer(kind, [await compiled('floor')])
      const program = fileURLToPath(new URL('server.js', import.meta.url))
      await using ours = await startServer(kind, [process.execPath, program])
      const contenders: readonly Contender[] = [
        { name: 'floor', server: floor, results: { version: floorResult, dialog: floorResult } },
        { name: 'ours', server: ours, results: { version: versionResult, dialog: dialogResult } },
      ]
      const loads: readonly Load[] = [
        { window, request: 'version' },
        { window, request: 'dialog' },
        { window: 1, request: 'version' },
      ]
      const medians = new Map<Load, Medians>()
      for (const each of loads) medians.set(each, await measure(options, contenders, each))
      return report(goals, medians)
    },
  }
}

type Medians = Readonly<Record<Contender['name'], Measurement>>

async function measure(options: BenchOptions, contenders: readonly Contender[], each: Load): Promise<Medians> {
  const measured: Record<Contender['name'], Measurement[]> = { floor: [], ours: [] }
  for (let round = 0; round < options.rounds; round++) {
    // In turn, and each goes first every other time: whatever else the machine does hits both alike.
    for (const contender of round % 2 === 0 ? contenders : [...contenders].reverse()) {
      measured[contender.name].push(await measureOnce(contender, each, options.seconds))
    }
  }
  return { floor: medianOf(measured.floor), ours: medianOf(measured.ours) }
}

async function measureOnce(
  { name, server, results }: Contender,
  { window, request }: Load,
  seconds: number,
): Promise<Measurement> {
  const text = requests[request]
  const bytes = await assertAnswers(server, text, results[request])
  const measurement = await load(server, { window, seconds, request: text })
  assertSound(name, measurement, bytes)
  await assertAnswers(server, text, results[request])
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

function report(goals: TransportGoals, medians: ReadonlyMap<Load, Medians>): ScenarioResult {
  return {
    head: ['server', 'request', 'window', 'replies/s', 'share', 'p50 us', 'p99 us', 'lost', 'bytes'],
    rows: [...medians].flatMap(([{ window, request }, { floor, ours }]) =>
      Object.entries({ floor, ours }).map(([name, { repliesPerSecond, p50Us, p99Us, lost, replyBytes }]) => [
        name,
        request,
        String(window),
        repliesPerSecond.toFixed(0),
        (repliesPerSecond / floor.repliesPerSecond).toFixed(2),
        p50Us.toFixed(1),
        p99Us.toFixed(1),
        String(lost),
        String(replyBytes),
      ]),
    ),
    targets: [...medians].flatMap(([each, { floor, ours }]) => targetsOf(goals, each, floor, ours)),
  }
}

function targetsOf(
  { kind, share, latency }: TransportGoals,
  { window, request }: Load,
  floor: Measurement,
  ours: Measurement,
): Target[] {
  if (request !== 'version') return []
  if (window === 1) {
    const what = `${kind}, window 1: median latency over the floor's`
    return [{ what, value: ours.p50Us / floor.p50Us, limit: latency, direction: 'at most' }]
  }
  const what = `${kind}, window ${window}: replies/s over the floor's`
  return [{ what, value: ours.repliesPerSecond / floor.repliesPerSecond, limit: share, direction: 'at least' }]
}
