import type { MiLogger, MiTracer, TracedRequest } from '@mi/contract'
import { Destination, type DestinationContext } from '../destination/destination.js'
import { type HepDestination, type HepTraceOptions, resolveDestinations } from '../destination/options.js'
import type { HepDestinationStatus } from '../destination/status.js'
import { CorrelationIds } from '../mi/correlation-ids.js'
import { Exchange } from './exchange.js'
import { harmlessLog } from './harmless-log.js'
import { TraceOutput } from './output.js'
import { Routes } from './route.js'
import { WallClock } from './wall-clock.js'

/** Traces commands to capture servers. One tracer may serve several transports and several engines. */
export interface HepTracer extends MiTracer {
  request(request: TracedRequest): unknown
  reply(request: unknown, text: string): void
  /** Opens the ways to the capture servers, in the background: it never waits for one and never fails. */
  listen(): Promise<void>
  /** Sends what waits, for at most a second, and drops the rest; once for each `listen`, the last one counts. */
  close(): Promise<void>
  /** The destinations as they are now, in the order in which they were given. */
  status(): readonly HepDestinationStatus[]
}

/** Options of all the destinations of a tracer. */
export interface HepTracerOptions extends HepTraceOptions {
  /** Is told of connections that come and go, and of messages that are dropped. @default silence */
  readonly log?: MiLogger | undefined
}

/**
 * A tracer that sends every request and reply to one or several capture servers, as `tracer` of a transport. Nothing is
 * opened before `listen`, which the engine calls.
 * @param to where to: `'[hep_dst]10.0.0.2;transport=tcp;version=3'`, `{ host, port, transport, version, ... }`, or several
 * @param options used where a destination does not say otherwise
 * @throws TypeError, RangeError for what cannot work, naming the part that is wrong
 */
export function hep(to: HepDestination | readonly HepDestination[], options: HepTracerOptions = {}): HepTracer {
  return hepTracer(to, options)
}

/** @param context what a test puts in place of the system */
export function hepTracer(
  to: HepDestination | readonly HepDestination[],
  options: HepTracerOptions,
  context: Pick<DestinationContext, 'loadPosix'> = {},
): HepTracer {
  const log = harmlessLog(options.log)
  const outputs = resolveDestinations(to, options).map((resolved) => {
    const destination = new Destination(resolved, { log, ...context })
    return { destination, output: new TraceOutput(resolved, destination) }
  })
  return new Tracer(
    outputs.map(({ destination }) => destination),
    outputs.map(({ output }) => output),
  )
}

class Tracer implements HepTracer {
  private readonly routes = new Routes()
  private readonly clock = new WallClock()
  private readonly ids = new CorrelationIds()
  private listens = 0

  constructor(
    private readonly destinations: readonly Destination[],
    private readonly outputs: readonly TraceOutput[],
  ) {}

  /** On the way of every command: no promise, no closure. OpenSIPS traces the name that the request used. */
  request({ command, method = command, backend, params, peer }: TracedRequest): Exchange {
    const { clock } = this
    clock.read()
    const exchange = new Exchange(this.routes.of(peer), this.ids.next(clock.uptimeMs))
    for (const output of this.outputs) output.request(exchange, clock, method, backend, params)
    return exchange
  }

  reply(request: unknown, text: string): void {
    if (!(request instanceof Exchange)) throw new TypeError('reply(): the request must be what request() returned')
    const { clock } = this
    clock.read()
    for (const output of this.outputs) output.reply(request, clock, text)
  }

  async listen(): Promise<void> {
    this.listens++
    await Promise.all(this.destinations.map((destination) => destination.open()))
  }

  async close(): Promise<void> {
    if (this.listens > 0) this.listens--
    if (this.listens > 0) return
    await Promise.all(this.destinations.map((destination) => destination.close()))
  }

  status(): readonly HepDestinationStatus[] {
    return this.destinations.map((destination) => destination.status())
  }
}
