import type { MiTracer, TracedRequest } from '@mi/contract'
import { guardedLog, silence } from '@mi/internal/guarded-log'
import { Destination, type DestinationContext, type HepDestinationStatus } from '../destination/destination.js'
import { type HepDestination, type HepTracerOptions, resolveDestinations } from '../destination/destination-options.js'
import { CorrelationIds, Routes, WallClock } from './trace-context.js'
import { OpenTrace, TraceWriter } from './trace-writer.js'

/** Traces commands to capture servers. One tracer may serve several transports and several engines. */
export interface HepTracer extends MiTracer {
  request(request: TracedRequest): unknown
  reply(request: unknown, text: string): void
  /** Opens the connections to the capture servers, in the background: it never waits for one and never fails. */
  listen(): Promise<void>
  /** Sends what waits, for at most a second, and drops the rest. Call it once for each `listen`; the last call counts. */
  close(): Promise<void>
  /** The destinations as they are now, in the order in which they were given. */
  status(): readonly HepDestinationStatus[]
}

/**
 * A tracer that sends every request and reply to one or several capture servers, as `tracer` of a transport. Nothing is
 * opened before `listen`, which the engine calls. Its methods may be detached.
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
  context: Pick<DestinationContext, 'findPosix'> = {},
): HepTracer {
  const resolved = resolveDestinations(to, options)
  const log = guardedLog(options.log ?? silence)
  const destinations = resolved.map((each) => new Destination(each, { log, ...context }))
  const writers = destinations.map((destination) => new TraceWriter(destination.options, destination))
  const routes = new Routes()
  const clock = new WallClock()
  const ids = new CorrelationIds()
  let listens = 0
  return {
    // On the way of every command: no promise, no closure. OpenSIPS traces the name that the request used.
    request({ command, method = command, backend, params, peer }) {
      clock.read()
      const trace = new OpenTrace(routes.of(peer), ids.next(clock.uptimeMs))
      for (const writer of writers) writer.request(trace, clock, method, backend, params)
      return trace
    },
    reply(request, text) {
      if (!(request instanceof OpenTrace)) throw new TypeError('reply(): the request must be what request() returned')
      clock.read()
      for (const writer of writers) writer.reply(request, clock, text)
    },
    async listen() {
      listens++
      await Promise.all(destinations.map((destination) => destination.open()))
    },
    async close() {
      if (listens > 0) listens--
      if (listens > 0) return
      await Promise.all(destinations.map((destination) => destination.close()))
    },
    status: () => destinations.map((destination) => destination.status()),
  }
}
