import { CommandError, type DispatchSettings, type MiLogger, type MiPeer, type MiTracer } from '@mi/contract'
import { traceChannel } from './channels.js'
import { Counter, type Counters } from './counters.js'
import type { Resolution } from './registry.js'
import type { TraceList } from './trace-list.js'

/** A request that a tracer saw, to be given to `reply`. */
export interface Traced {
  readonly tracer: MiTracer
  readonly request: unknown
}

/** Shows requests and replies to the tracer of a transport. Whatever it does, no command is affected. */
export class Tracing {
  private readonly tracer: MiTracer | undefined
  private readonly backend: string

  constructor(
    private readonly transport: string,
    settings: DispatchSettings,
    private readonly traceList: TraceList,
    private readonly counters: Counters,
    private readonly log: MiLogger,
  ) {
    this.tracer = settings.tracer
    this.backend = settings.backend ?? transport
  }

  /** False without a tracer, which is the usual case and must cost nothing. */
  get active(): boolean {
    return this.tracer !== undefined
  }

  /**
   * @param command what the name means; undefined when the request has none
   * @param method the name as it was sent
   */
  request(
    command: Resolution | undefined,
    method: string | undefined,
    params: unknown,
    peer: MiPeer,
  ): Traced | undefined {
    const { tracer, backend } = this
    const known = command === undefined || command instanceof CommandError ? undefined : command.contract.method
    if (tracer === undefined || !this.traceList.includes(known)) return undefined
    try {
      return {
        tracer,
        request: tracer.request({ command: known ?? method ?? 'unknown', method, backend, params, peer }),
      }
    } catch (error) {
      this.failed(error)
      return undefined
    }
  }

  reply(traced: Traced | undefined, text: string): void {
    try {
      traced?.tracer.reply(traced.request, text)
    } catch (error) {
      this.failed(error)
    }
  }

  private failed(error: unknown): void {
    this.counters.count(Counter.trace_errors)
    if (traceChannel.hasSubscribers) traceChannel.publish({ transport: this.transport, error })
    this.log.warn({ transport: this.transport, err: error }, 'tracer failed; the command is not affected')
  }
}
