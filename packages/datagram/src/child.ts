import type { Dispatcher, DispatchSettings, Inherited, ServerTransport } from '@mi/contract'
import { exportedTracer } from '@mi/internal/child-module'
import { openSharedNumbers, type SharedNumbers } from '@mi/posix'
import type { ChildOptions } from './children.js'
import { type Endpoint, openEndpoint } from './endpoint.js'
import { type ResolvedDatagramOptions, resolveOptions } from './options.js'
import { RequestCounters } from './request-counters.js'

/**
 * The transport of one child process, over the socket that it inherited.
 * @param options `ChildOptions`
 * @throws TypeError when `childModule` exports a `tracer` that is not a tracer
 */
export async function createTransport(options: unknown, inherited: Inherited): Promise<ServerTransport> {
  const { options: given, childrenCount } = asChildOptions(options)
  const tracer = await exportedTracer(given.childModule)
  const resolved = resolveOptions(given)
  return new ChildServer({ ...resolved.settings, tracer }, resolved, childrenCount, inherited)
}

class ChildServer implements ServerTransport {
  readonly name = 'datagram'
  private endpoint: Endpoint | undefined
  private shared: SharedNumbers | undefined

  constructor(
    readonly settings: DispatchSettings,
    private readonly options: ResolvedDatagramOptions,
    private readonly childrenCount: number,
    private readonly inherited: Inherited,
  ) {}

  get address(): string {
    return this.options.socketName
  }

  async listen(dispatcher: Dispatcher): Promise<void> {
    const [socket = -1, numbers = -1] = this.inherited.descriptors
    this.shared = openSharedNumbers(2 * this.childrenCount, numbers)
    this.endpoint = await openEndpoint(
      { type: 'fd', fd: socket },
      {
        type: this.options.name.type,
        limits: this.options,
        filter: this.options.filter,
        prettyPrinting: this.settings.prettyPrinting === true,
        dispatcher,
        counters: new RequestCounters(this.shared.values, this.inherited.index),
      },
    )
  }

  async close(): Promise<void> {
    await this.endpoint?.close()
    this.shared?.close()
  }
}

/** Holds because `childOptions` in children.ts made them, in the main process. */
function asChildOptions(options: unknown): ChildOptions {
  return options as ChildOptions
}
