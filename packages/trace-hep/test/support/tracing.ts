import type { MiLogger, MiPeer } from '@mi/contract'
import type { FindPosix } from '@mi/internal/optional-posix'
import { onTestFinished } from 'vitest'
import type { HepDestinationStatus } from '../../src/destination/destination.js'
import type { HepDestination, HepTracerOptions } from '../../src/destination/destination-options.js'
import { type HepTracer, hepTracer } from '../../src/tracer/tracer.js'

export const fifoPeer: MiPeer = { transport: 'fifo', address: 'reply' }

export interface Tracing {
  readonly tracer: HepTracer
  /** What was logged, as `level message`. */
  readonly lines: string[]
  status(): HepDestinationStatus
  /** Traces a command with its reply. */
  trace(command: string, reply?: string): void
}

/** A tracer that listens; closed when the test ends. */
export async function tracing(
  to: HepDestination | readonly HepDestination[],
  options: HepTracerOptions = {},
  context: { readonly findPosix?: FindPosix } = {},
): Promise<Tracing> {
  const lines: string[] = []
  const note = (level: string) => (_: unknown, message: string) => void lines.push(`${level} ${message}`)
  const log: MiLogger = { debug: note('debug'), info: note('info'), warn: note('warn'), error: note('error') }
  const tracer = hepTracer(to, { log, ...options }, context)
  onTestFinished(() => tracer.close())
  await tracer.listen()
  return {
    tracer,
    lines,
    status: () => {
      const [first] = tracer.status()
      if (first === undefined) throw new Error('no destination')
      return first
    },
    trace: (command, reply = 'done') => {
      tracer.reply(tracer.request({ command, backend: 'fifo', params: undefined, peer: fifoPeer }), reply)
    },
  }
}
