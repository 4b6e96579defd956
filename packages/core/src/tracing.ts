import { CommandError, type MiLogger, type MiPeer, type MiTracer } from '@mi/contract'
import { traceChannel } from './channels.js'
import { Counter, type Counters } from './counters.js'
import type { Registry, Resolution } from './registry.js'

/** A request that a tracer saw, to be given to `reply`. */
export interface Traced {
  readonly tracer: MiTracer
  readonly request: unknown
}

/** Shows requests and replies to the tracer of a transport. Whatever it does, no command is affected. */
export class Tracing {
  /** @param backend the transport's name in traces */
  constructor(
    private readonly tracer: MiTracer,
    private readonly transport: string,
    private readonly backend: string,
    private readonly traceList: TraceList,
    private readonly counters: Counters,
    private readonly log: MiLogger,
  ) {}

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
    if (!this.traceList.includes(known)) return undefined
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
    this.replyWith(traced, () => text)
  }

  /** @param text made only when the request is traced */
  replyWith(traced: Traced | undefined, text: () => string): void {
    if (traced === undefined) return
    try {
      this.guard(traced.tracer.reply(traced.request, text()))
    } catch (error) {
      this.failed(error)
    }
  }

  /** TypeScript lets a tracer be asynchronous where nothing is asked for: its rejection would end the process. */
  private guard(returned: unknown): void {
    if (returned instanceof Promise) returned.catch((error: unknown) => this.failed(error))
  }

  private failed(error: unknown): void {
    this.counters.count(Counter.trace_errors)
    if (traceChannel.hasSubscribers) traceChannel.publish({ transport: this.transport, error })
    this.log.warn({ transport: this.transport, err: error }, 'tracer failed; the command is not affected')
  }
}

/**
 * Which commands are traced: `b: ps, which` all but these, `w: sip_trace` only these; without a list all of them.
 * Names and aliases mean the same command.
 * Source: OpenSIPS, parameter `trace_bwlist` of mi_fifo, mi_datagram, mi_script.
 */
export class TraceList {
  private constructor(
    private readonly methods: ReadonlySet<string>,
    private readonly listed: boolean,
  ) {}

  /** @throws TypeError for another form, an empty list or a command that does not exist */
  static parse(text: string | undefined, registry: Registry): TraceList {
    if (text === undefined) return new TraceList(new Set(), false)
    const [, type, names] = /^\s*([bw])\s*:(.*)$/is.exec(text) ?? []
    if (type === undefined || names === undefined) {
      throw new TypeError(`traceBwlist '${text}' must begin with 'b:' (all but these) or 'w:' (only these)`)
    }
    const methods = names
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== '')
      .map((name) => canonical(name, registry))
    if (methods.length === 0) throw new TypeError(`traceBwlist '${text}' names no command`)
    return new TraceList(new Set(methods), type.toLowerCase() === 'w')
  }

  /** @param method canonical name; undefined for what is not a command, which is always traced */
  includes(method: string | undefined): boolean {
    return method === undefined || this.methods.has(method) === this.listed
  }
}

function canonical(name: string, registry: Registry): string {
  const resolution = registry.resolve(name)
  if (!(resolution instanceof CommandError)) return resolution.contract.method
  const { data } = resolution
  throw new TypeError(`traceBwlist names '${name}': ${resolution.message}${data === undefined ? '' : ` (${data})`}`)
}
