import type { Dispatcher, DispatchSettings, Inherited, ServerTransport } from '@mi/contract'
import { exportedTracer } from '@mi/internal/child-module'
import type { ChildOptions } from './children.js'
import { type ResolvedHttpOptions, resolveOptions } from './options.js'
import { Serving } from './serving.js'

/**
 * The transport of one child process, over the socket that it inherited.
 * @param options `ChildOptions`
 * @throws TypeError when `childModule` exports a `tracer` that is not a tracer
 */
export async function createTransport(options: unknown, inherited: Inherited): Promise<ServerTransport> {
  const { options: given } = asChildOptions(options)
  const tracer = await exportedTracer(given.childModule)
  const resolved = resolveOptions(given)
  return new ChildServer({ ...resolved.settings, tracer }, resolved, inherited)
}

class ChildServer implements ServerTransport {
  readonly name = 'http'
  readonly address: string
  private serving: Serving | undefined

  constructor(
    readonly settings: DispatchSettings,
    private readonly options: ResolvedHttpOptions,
    private readonly inherited: Inherited,
  ) {
    const { host, port, path, tls } = options
    this.address = `${tls === undefined ? 'http' : 'https'}://${host.includes(':') ? `[${host}]` : host}:${port}${path}`
  }

  async listen(dispatcher: Dispatcher): Promise<void> {
    const [fd = -1] = this.inherited.descriptors
    this.serving = new Serving(this.options, dispatcher, () => this.address)
    await this.serving.open({ fd })
  }

  async close(): Promise<void> {
    await this.serving?.close()
  }
}

/** Holds because children.ts made them, in the main process. */
function asChildOptions(options: unknown): ChildOptions {
  return options as ChildOptions
}
