import { isCommandError, isMiError } from '@mi/contract'
import type { Options } from '../arguments/options.js'
import type { Target } from '../arguments/parse.js'
import { failureText, notAsked, ok, refused, type Status } from '../failure.js'
import { untilInterrupted } from '../interruption.js'
import { styleFor } from '../output/style.js'
import { type PreparedCall, prepareCall } from '../server/call.js'
import { type Connection, openClient } from '../server/open-client.js'
import { hasColours, type Terminal } from '../terminal.js'
import { UsageError } from '../usage-error.js'
import { benchReport, type Measurement } from './bench-report.js'
import { callFailure } from './call-failure.js'
import { LatencyHistogram } from './latency-histogram.js'

const usualDurationMs = 5000

/** `mi bench COMMAND`: until its time is over, or it is interrupted. */
export async function runBench(target: Target, options: Options, terminal: Terminal): Promise<Status> {
  const connection = await openClient(options, terminal)
  try {
    return await untilInterrupted((signal) => bench(connection, target, options, terminal, signal))
  } finally {
    await connection.client.close()
  }
}

/**
 * Calls a command over and over, several at a time, and prints how long the answers took. One call goes ahead, whose
 * time does not count: it opens the connection, and where it fails nothing else is sent. A lost server ends it all.
 * @param signal ends it early; what was measured until then is printed
 */
export async function bench(
  connection: Connection,
  target: Target,
  options: Options,
  { stdout, stderr, env }: Terminal,
  signal: AbortSignal,
): Promise<Status> {
  const { concurrency = 1, durationMs = usualDurationMs, output = 'lines' } = options
  if (output !== 'lines' && output !== 'json') throw new UsageError('mi bench prints lines, or JSON with -o json')
  try {
    const call = await prepareCall(connection.client, target, signal)
    await call.run({ signal, timeout: options.timeoutMs })
    const measurement = await measure(call, { concurrency, durationMs, timeout: options.timeoutMs, signal })
    const { answers, errors, unanswered } = measurement
    stdout.write(output === 'json' ? `${JSON.stringify(benchReport(measurement))}\n` : summary(measurement))
    if (measurement.lost !== undefined) throw measurement.lost
    return errors > 0 ? refused : answers.count === 0 && unanswered > 0 ? notAsked : ok
  } catch (error) {
    if (signal.aborted) return ok
    const failure = await callFailure(error, target.command, connection)
    stderr.write(failureText(failure, styleFor(hasColours(stderr, env))))
    return failure.status
  }
}

interface Plan {
  readonly concurrency: number
  readonly durationMs: number
  readonly timeout: number | undefined
  readonly signal: AbortSignal
}

async function measure(call: PreparedCall, { concurrency, durationMs, timeout, signal }: Plan): Promise<Measurement> {
  const answers = new LatencyHistogram()
  let errors = 0
  let unanswered = 0
  let lost: unknown
  const begin = performance.now()
  const worker = async (): Promise<void> => {
    while (lost === undefined && !signal.aborted && performance.now() - begin < durationMs) {
      const sent = performance.now()
      try {
        await call.run({ signal, timeout })
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
      answers.add(performance.now() - sent)
    }
  }
  await Promise.all(Array.from({ length: concurrency }, worker))
  return { concurrency, elapsedMs: performance.now() - begin, answers, errors, unanswered, lost }
}

function summary(measurement: Measurement): string {
  const { calls, seconds, callsPerSecond, errors, unanswered, latencyMs } = benchReport(measurement)
  const latency = Object.entries(latencyMs).map(([name, ms]) => `  ${name.padEnd(6)}${ms.toFixed(3).padStart(10)} ms`)
  const trouble = [
    ...(errors > 0 ? [`${errors} of them errors`] : []),
    ...(unanswered > 0 ? [`${unanswered} further calls were not answered`] : []),
  ]
  const first = [
    `${calls} answers in ${seconds.toFixed(1)} s`,
    `${Math.round(callsPerSecond)} a second`,
    `${measurement.concurrency} at a time`,
    ...trouble,
  ]
  return `${[first.join(', '), 'latency', ...latency].join('\n')}\n`
}
