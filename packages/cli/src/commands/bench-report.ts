import type { LatencyHistogram } from './latency-histogram.js'

/** What was measured. */
export interface Measurement {
  readonly concurrency: number
  readonly elapsedMs: number
  /** Results and errors. */
  readonly answers: LatencyHistogram
  /** Errors among the answers. */
  readonly errors: number
  /** Calls that had no answer in their time. */
  readonly unanswered: number
  /** Why it ended early: the server was lost. */
  readonly lost: unknown
}

/** A measurement as `-o json` prints it. */
export interface BenchReport {
  readonly calls: number
  readonly seconds: number
  readonly callsPerSecond: number
  readonly concurrency: number
  readonly errors: number
  readonly unanswered: number
  /** In milliseconds, to the microsecond. */
  readonly latencyMs: Readonly<Record<'min' | 'mean' | 'p50' | 'p90' | 'p99' | 'p99.9' | 'max', number>>
}

/** Sums a measurement up. */
export function benchReport({ answers, elapsedMs, concurrency, errors, unanswered }: Measurement): BenchReport {
  const seconds = elapsedMs / 1000
  return {
    calls: answers.count,
    seconds: rounded(seconds),
    callsPerSecond: seconds === 0 ? 0 : Math.round(answers.count / seconds),
    concurrency,
    errors,
    unanswered,
    latencyMs: {
      min: rounded(answers.min),
      mean: rounded(answers.mean),
      p50: rounded(answers.percentile(50)),
      p90: rounded(answers.percentile(90)),
      p99: rounded(answers.percentile(99)),
      'p99.9': rounded(answers.percentile(99.9)),
      max: rounded(answers.max),
    },
  }
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000
}
