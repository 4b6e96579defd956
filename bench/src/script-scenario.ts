import { createBlockingScript, createScript, type Script } from '@mi/script'
import { median } from './median.js'
import type { BenchOptions } from './options.js'
import { dialogResult, versionResult } from './requests.js'
import type { Scenario } from './scenario.js'
import { mi } from './script-engine.js'

/** Calls between two looks at the clock. */
const BATCH = 1_000

/** A way to call, and what it has to reach. */
interface Way {
  readonly name: string
  /** Calls once. @throws Error when what it leaves is wrong; beside the measurement it is held against the result */
  readonly call: (script: Script) => void
  readonly result: unknown
  /** Calls a second, at least, in the same thread and in a worker. */
  readonly sameThread?: number
  readonly worker?: number
}

function failed(rc: number): never {
  throw new Error(`a call of the script returned ${rc}`)
}

const command =
  (text: string): Way['call'] =>
  (script) => {
    const rc = script.mi(text, script.var('ret'))
    if (rc !== 1) failed(rc)
  }

const ways: readonly Way[] = [
  { name: 'no parameters', call: command('version'), result: versionResult, sameThread: 700_000, worker: 20_000 },
  { name: 'a parameter in the command', call: command('version 1'), result: versionResult },
  {
    name: 'a parameter by name',
    call(script) {
      const rc = script.mi('version', script.var('ret'), ['revision'], [1])
      if (rc !== 1) failed(rc)
    },
    result: versionResult,
  },
  { name: 'an answer of some 700 bytes', call: command('bench:dialog'), result: dialogResult },
]

/** Calls of commands from a host's own script, which wait for their answers. */
export const scriptScenario: Scenario = {
  name: 'script',
  describe: ({ rounds, seconds }) => `synchronous mi() calls; medians of ${rounds} rounds of ${seconds} s each`,
  async run(options) {
    const sameThread = createScript(mi)
    await using worker = createBlockingScript({ engine: new URL('script-engine.js', import.meta.url) })
    await worker.listen()
    const measured = ways.map((way) => ({
      way,
      sameThread: callsPerSecond(sameThread, way, options),
      worker: callsPerSecond(worker, way, options),
    }))
    return {
      head: ['call', 'same thread, calls/s', 'worker, calls/s', 'worker, us a call'],
      rows: measured.map(({ way, sameThread, worker }) => [
        way.name,
        sameThread.toFixed(0),
        worker.toFixed(0),
        (1e6 / worker).toFixed(1),
      ]),
      targets: measured.flatMap(({ way, sameThread, worker }) => [
        ...target(`script, same thread, ${way.name}: calls/s`, sameThread, way.sameThread),
        ...target(`script, worker, ${way.name}: calls/s`, worker, way.worker),
      ]),
    }
  },
}

function callsPerSecond(script: Script, { call, result }: Way, { rounds, seconds }: BenchOptions): number {
  const rounded = Array.from({ length: rounds }, () => {
    assertLeaves(script, call, result)
    const start = performance.now()
    let calls = 0
    let elapsedMs = 0
    for (; elapsedMs < seconds * 1_000; elapsedMs = performance.now() - start) {
      for (let each = 0; each < BATCH; each++) call(script)
      calls += BATCH
    }
    assertLeaves(script, call, result)
    return (calls / elapsedMs) * 1_000
  })
  return median(rounded)
}

function assertLeaves(script: Script, call: Way['call'], result: unknown): void {
  const ret = script.var('ret')
  ret.clear()
  call(script)
  const expected = JSON.stringify(result)
  if (ret.get() !== expected) throw new Error(`wrong result: ${ret.get()}\nexpected:     ${expected}`)
}

function target(what: string, value: number, limit: number | undefined) {
  return limit === undefined ? [] : [{ what, value, limit, direction: 'at least' } as const]
}
