import type { DispatchSettings, MiLogger, MiPeer, MiTracer } from '@mi/contract'
import { replyChannel, requestChannel, traceChannel } from './channels.js'
import type { Registry } from './registry.js'
import type { TraceList } from './trace-list.js'
import { Counter, type Traffic } from './traffic.js'

/** What `Observers.request` hands back, to be given to `reply`. */
export interface Observation {
  readonly command: string
  readonly peer: MiPeer
  readonly tracer: MiTracer | undefined
  readonly traced: unknown
}

/** Tells the tracer and the channels of requests and replies. None of them can hurt a command. */
export class Observers {
  private readonly tracer: MiTracer | undefined
  private readonly backend: string

  constructor(
    private readonly transport: string,
    settings: DispatchSettings,
    private readonly traceList: TraceList,
    private readonly traffic: Traffic,
    private readonly log: MiLogger,
  ) {
    this.tracer = settings.tracer
    this.backend = settings.backend ?? transport
  }

  /** False when nobody looks, which is the usual case and must cost nothing. */
  get active(): boolean {
    return this.tracer !== undefined || requestChannel.hasSubscribers || replyChannel.hasSubscribers
  }

  /** @param method as it was sent; undefined when the request has none */
  request(method: string | undefined, params: unknown, peer: MiPeer, registry: Registry): Observation {
    const resolution = method === undefined ? undefined : registry.resolve(method)
    const known = resolution !== undefined && 'contract' in resolution ? resolution.contract.method : undefined
    const command = known ?? method ?? 'unknown'
    if (requestChannel.hasSubscribers) requestChannel.publish({ command, params, transport: this.transport, peer })
    const tracer = this.traceList.includes(known) ? this.tracer : undefined
    let traced: unknown
    try {
      traced = tracer?.request({ command, method, backend: this.backend, params, peer })
    } catch (error) {
      this.failed(error)
      return { command, peer, tracer: undefined, traced }
    }
    return { command, peer, tracer, traced }
  }

  reply({ command, peer, tracer, traced }: Observation, text: string): void {
    if (replyChannel.hasSubscribers) replyChannel.publish({ command, transport: this.transport, peer, text })
    try {
      tracer?.reply(traced, text)
    } catch (error) {
      this.failed(error)
    }
  }

  private failed(error: unknown): void {
    this.traffic.count(Counter.trace_errors)
    if (traceChannel.hasSubscribers) traceChannel.publish({ transport: this.transport, error })
    this.log.warn({ transport: this.transport, err: error }, 'tracer failed; the command is not affected')
  }
}
