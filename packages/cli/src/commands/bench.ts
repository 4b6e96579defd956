import { createHistogram, type Histogram } from 'node:perf_hooks'
import { isCommandError, isMiError } from '@mi/contract'
import type { Options } from '../arguments/options.js'
import type { Target } from '../arguments/parse.js'
import { FAILED, OK, REFUSED, type Status, UsageError } from '../failure.js'
import { showStatus } from '../output/status-line.js'
import { untilInterrupted } from '../signals.js'
import { type Connection, withClient } from '../target/connection.js'
import { type PreparedCall, prepareCall } from '../target/prepared-call.js'
import type { Terminal } from '../terminal.js'
import { reportCallFailure } from './call-failure.js'

const DEFAULT_DURATION_MS = 5000

/** How a measurement is made. */
interface Plan {
  readonly concurrency: number
  readonly durationMs: number
  readonly timeoutMs: number | undefined
  readonly signal: AbortSignal
  /** Shows how far it is. */
  readonly stderr: Terminal['stderr']
}

interface Measurement {
  readonly concurrency: number
  readonly elapsedMs: number
  /** The times of all replies, results and errors, in nanoseconds. */
  readonly latencies: Histogram
  /** Errors among the replies. */
  readonly errors: number
  /** Calls without a reply in their time. */
  readonly unanswered: number
  /** Why it ended early: the server was lost. */
  readonly lost: unknown
}

/** `mi bench COMMAND`: until its time is over, or until Ctrl-C. */
export function runBench(target: Target, options: Options, terminal: Terminal): Promise<Status> {
  return withClient(options, terminal, (connection) =>
    untilInterrupted((signal) => bench(connection, target, options, terminal, signal)),
  )
}

/**
 * Calls a command over and over, several times at once, and prints how long the replies took. The first call is not measured: it
 * opens the connection, and where it fails nothing else is sent. A lost server ends the measurement.
 * @param signal ends it early; what was measured until then is printed
 */
export async function bench(
  connection: Connection,
  target: Target,
  options: Options,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<Status> {
  const { concurrency = 1, durationMs = DEFAULT_DURATION_MS, timeoutMs, output = 'lines' } = options
  if (output !== 'lines' && output !== 'json') throw new UsageError('mi bench prints only lines, or JSON with -o json')
  try {
    const call = await prepareCall(connection.client, target, signal)
    await call({ signal, timeoutMs })
    const measurement = await measure(call, { concurrency, durationMs, timeoutMs, signal, stderr: terminal.stderr })
    const { latencies, errors, unanswered, lost } = measurement
    const report = reportOf(measurement)
    terminal.stdout.write(output === 'json' ? `${JSON.stringify(report)}\n` : summary(report))
    if (lost !== undefined) throw lost
    return errors > 0 ? REFUSED : latencies.count === 0 && unanswered > 0 ? FAILED : OK
  } catch (error) {
    if (signal.aborted) return OK
    return reportCallFailure(error, target.command, connection, terminal, target.words)
  }
}

async function measure(call: PreparedCall, plan: Plan): Promise<Measurement> {
  const { concurrency, durationMs, timeoutMs, signal, stderr } = plan
  const latencies = createHistogram()
  let errors = 0
  let unanswered = 0
  let lost: unknown
  const begin = performance.now()
  const worker = async (): Promise<void> => {
    while (lost === undefined && !signal.aborted && performance.now() - begin < durationMs) {
      const sent = performance.now()
      try {
        await call({ signal, timeoutMs })
      } catch (error) {
        if (signal.aborted) return
        if (isMiError(error, 'MI_TIMEOUT')) {
          unanswered++
          continue
        }
        if (!isCommandError(error)) {
          lost ??= error
          return
        }
        errors++
      }
      // A histogram takes integers from 1 up.
      latencies.record(Math.max(1, Math.round((performance.now() - sent) * 1e6)))
    }
  }
  const hideStatus = showStatus(stderr, () => {
    const seconds = (performance.now() - begin) / 1000
    const rate = Math.round(latencies.count / seconds)
    return `${seconds.toFixed(1)} of ${durationMs / 1000} s, ${latencies.count} replies, ${rate} per second; Ctrl-C ends it`
  })
  try {
    await Promise.all(Array.from({ length: concurrency }, worker))
  } finally {
    hideStatus()
  }
  return { concurrency, elapsedMs: performance.now() - begin, latencies, errors, unanswered, lost }
}

/** A measurement as `-o json` prints it. */
interface BenchReport {
  readonly calls: number
  readonly seconds: number
  readonly callsPerSecond: number
  readonly concurrency: number
  readonly errors: number
  readonly unanswered: number
  /** In milliseconds, rounded to microseconds. */
  readonly latencyMs: Readonly<Record<'min' | 'mean' | 'p50' | 'p90' | 'p99' | 'p99.9' | 'max', number>>
}

function reportOf({ latencies, elapsedMs, concurrency, errors, unanswered }: Measurement): BenchReport {
  const { count } = latencies
  const seconds = elapsedMs / 1000
  // Without a value, a histogram has neither a mean nor a minimum.
  const ms = (ns: number): number => (count === 0 ? 0 : rounded(ns / 1e6))
  return {
    calls: count,
    seconds: rounded(seconds),
    callsPerSecond: seconds === 0 ? 0 : Math.round(count / seconds),
    concurrency,
    errors,
    unanswered,
    latencyMs: {
      min: ms(latencies.min),
      mean: ms(latencies.mean),
      p50: ms(latencies.percentile(50)),
      p90: ms(latencies.percentile(90)),
      p99: ms(latencies.percentile(99)),
      'p99.9': ms(latencies.percentile(99.9)),
      max: ms(latencies.max),
    },
  }
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000
}

function summary({ calls, seconds, callsPerSecond, concurrency, errors, unanswered, latencyMs }: BenchReport): string {
  const first = [
    `${calls} replies in ${seconds.toFixed(1)} s`,
    `${callsPerSecond} per second`,
    `${concurrency} at a time`,
    ...(errors > 0 ? [`${errors} of them errors`] : []),
    ...(unanswered > 0 ? [`${unanswered} more calls without a reply`] : []),
  ]
  const latency = Object.entries(latencyMs).map(([name, ms]) => `  ${name.padEnd(6)}${ms.toFixed(3).padStart(10)} ms`)
  return `${[first.join(', '), 'latency', ...latency].join('\n')}\n`
}
