import {
  type Dispatcher,
  MiError,
  type MiLogger,
  type MiModule,
  type MiPeer,
  type MiTracer,
  type ServerTransport,
} from '@mi/contract'
import { EngineDispatcher } from './dispatch.js'
import type { Engine as EngineState } from './engine.js'
import { guardedLog } from './guarded-log.js'
import { LogLevel } from './log-level.js'
import { coreModule } from './modules/core.js'
import { statisticsModule } from './modules/statistics.js'
import { assertModule, type MiOptions, type ResolvedOptions, resolveOptions } from './options.js'
import { Registry } from './registry.js'
import { Statistics } from './statistics.js'
import { Counter, Traffic } from './traffic.js'

/** A Management Interface: commands, and the transports that they are reached by. */
export interface Mi extends AsyncDisposable {
  /**
   * Initialises the modules and opens the transports, in order; resolves when all listen.
   * @throws MiError `MI_LISTEN` naming the transport or module that could not; all others are closed again
   * @throws MiError `MI_CLOSED` after `close`
   */
  listen(options?: { readonly signal?: AbortSignal | undefined }): Promise<void>
  /**
   * Takes no new requests, fires the signals of the commands in flight, waits for their answers (at most
   * `limits.closeTimeoutMs`; then they are answered -32000 `Server closed`), sends them, and removes all that `listen`
   * made. May be called again, and before `listen`.
   */
  close(): Promise<void>
  /**
   * Adds a module, also while listening; its commands exist once its `init` is done.
   * @throws TypeError for a name or alias that another module has (the error names both), or what is no module
   */
  register(module: MiModule): Promise<void>
  /**
   * Runs a request or batch, as a transport does. Never throws and never rejects.
   * @param peer who asks @default `{ transport: 'local' }`
   * @returns the answer; null when there is none (notifications); a promise only when a command answers later
   */
  dispatch(
    text: string,
    peer?: MiPeer,
    onProvisional?: ((text: string, peer: MiPeer) => void) | undefined,
  ): string | null | Promise<string | null>
  /** The statistics that the selectors name (`group:name`, `name`, `group:`, `all`), under `group:name`. */
  statistics(...selectors: string[]): Record<string, number>
}

/**
 * Composes a Management Interface from modules and transports. Nothing is opened before `listen`.
 * @throws TypeError, RangeError for options that are wrong, and modules that clash
 */
export function createMi(options: MiOptions = {}): Mi {
  return new Engine(resolveOptions(options))
}

const LOCAL: MiPeer = { transport: 'local' }

interface Started {
  readonly kind: 'module' | 'tracer' | 'transport'
  readonly name: string
  close(): void | Promise<void>
}

class Engine implements Mi {
  private readonly registry: Registry
  private readonly numbers = new Statistics()
  private readonly traffic = new Traffic(this.numbers, 'mi')
  private readonly shared: EngineState
  private readonly log: MiLogger
  private readonly local: Dispatcher
  private readonly modules: MiModule[] = []
  private readonly transports: readonly { readonly transport: ServerTransport; readonly traffic: Traffic }[]
  private readonly tracers = new Set<MiTracer>()
  /** What `listen` has started and `close` must undo, in order. */
  private started: Started[] = []
  private state: 'new' | 'listening' | 'closed' = 'new'
  private closing: Promise<void> | undefined

  constructor(private readonly options: ResolvedOptions) {
    const { server, allowKill, onLogLevel } = options
    this.log = guardedLog(options.log, () => this.traffic.count(Counter.log_errors))
    this.registry = new Registry(options.checkResults)
    this.shared = {
      registry: this.registry,
      log: this.log,
      limits: options.limits,
      inFlight: new Set(),
      inFlightCount: 0,
      closed: false,
    }
    const kill = (): void => void this.kill()
    const logLevel = new LogLevel(options.log, onLogLevel)
    this.enter(coreModule({ registry: this.registry, server, logLevel, allowKill, kill }))
    this.enter(statisticsModule(this.numbers))
    for (const module of options.modules) this.enter(module)
    this.transports = options.transports.map((transport, index, all) => {
      const namesakes = all.slice(0, index).filter(({ name }) => name === transport.name).length
      const group = namesakes === 0 ? transport.name : `${transport.name}${namesakes + 1}`
      return { transport, traffic: new Traffic(this.numbers, group, this.traffic) }
    })
    this.local = this.dispatcher({ name: 'local', settings: {} }, this.traffic)
  }

  dispatch(text: string, peer: MiPeer = LOCAL, onProvisional?: ((text: string, peer: MiPeer) => void) | undefined) {
    return this.local.dispatch(text, peer, onProvisional)
  }

  statistics(...selectors: string[]): Record<string, number> {
    return this.numbers.read(selectors)
  }

  async listen({ signal }: { readonly signal?: AbortSignal | undefined } = {}): Promise<void> {
    signal?.throwIfAborted()
    if (this.state === 'closed') throw new MiError('MI_CLOSED', 'this engine is closed; make a new one with createMi()')
    if (this.state === 'listening') throw new TypeError('listen() was already called')
    this.state = 'listening'
    try {
      for (const module of this.modules) await this.startModule(module)
      for (const { transport, traffic } of this.transports) {
        signal?.throwIfAborted()
        if (this.closing !== undefined) break
        await this.startTransport(transport, traffic)
      }
      signal?.throwIfAborted()
    } catch (error) {
      await this.stopAll()
      // Closed meanwhile: it stays so.
      if (this.closing === undefined) this.state = 'new'
      throw error
    }
    if (this.closing !== undefined) {
      await this.stopAll()
      throw new MiError('MI_CLOSED', 'the engine was closed while it began to listen')
    }
  }

  close(): Promise<void> {
    this.closing ??= this.closeOnce()
    return this.closing
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async register(module: MiModule): Promise<void> {
    assertModule(module)
    if (this.state === 'closed') throw new MiError('MI_CLOSED', 'this engine is closed; it takes no more modules')
    this.registry.assertFree(module)
    if (this.state === 'listening') await this.startModule(module)
    this.enter(module)
  }

  private enter(module: MiModule): void {
    this.registry.add(module)
    this.modules.push(module)
    for (const [name, statistic] of Object.entries(module.statistics ?? {})) {
      this.numbers.add(module.info.name, name, statistic)
    }
  }

  private dispatcher({ name, settings }: Pick<ServerTransport, 'name' | 'settings'>, traffic: Traffic): Dispatcher {
    return new EngineDispatcher(this.shared, name, settings, traffic)
  }

  private async startModule(module: MiModule): Promise<void> {
    const { name } = module.info
    try {
      await module.init?.({ log: this.log })
    } catch (cause) {
      throw new MiError('MI_LISTEN', `module '${name}' failed to initialise: ${messageOf(cause)}`, { cause })
    }
    this.started.push({ kind: 'module', name, close: () => module.close?.() })
  }

  private async startTransport(transport: ServerTransport, traffic: Traffic): Promise<void> {
    const name = `${transport.name} (${transport.address})`
    try {
      const dispatcher = this.dispatcher(transport, traffic)
      await this.startTracer(transport.settings.tracer)
      await transport.listen(dispatcher)
    } catch (cause) {
      throw new MiError('MI_LISTEN', `transport ${name} cannot listen: ${messageOf(cause)}`, { cause })
    }
    this.started.push({ kind: 'transport', name, close: () => transport.close() })
    this.log.info({ transport: transport.name, address: transport.address }, 'listening')
  }

  private async startTracer(tracer: MiTracer | undefined): Promise<void> {
    if (tracer === undefined || this.tracers.has(tracer)) return
    await tracer.listen?.()
    this.tracers.add(tracer)
    this.started.push({
      kind: 'tracer',
      name: 'of a transport',
      close: () => {
        this.tracers.delete(tracer)
        return tracer.close?.()
      },
    })
  }

  private async closeOnce(): Promise<void> {
    this.state = 'closed'
    this.shared.closed = true
    const reason = new MiError('MI_CLOSED', 'the server closes')
    for (const call of this.shared.inFlight) call.abort(reason)
    const timer = setTimeout(() => {
      for (const call of this.shared.inFlight) call.giveUp()
    }, this.options.limits.closeTimeoutMs)
    try {
      await this.stopAll()
    } finally {
      clearTimeout(timer)
    }
  }

  /** Transports first and all at once, since each waits for its own answers; then tracers and modules, last one first. */
  private async stopAll(): Promise<void> {
    const started = this.started.reverse()
    this.started = []
    await Promise.all(started.filter(({ kind }) => kind === 'transport').map((each) => this.stop(each)))
    for (const each of started) if (each.kind !== 'transport') await this.stop(each)
  }

  private async stop({ kind, name, close }: Started): Promise<void> {
    try {
      await close()
    } catch (error) {
      this.log.error({ err: error }, `${kind} ${name} failed to close`)
    }
  }

  private async kill(): Promise<void> {
    await this.close()
    try {
      this.options.onKill()
    } catch (error) {
      this.log.error({ err: error }, 'onKill failed')
    }
  }
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}
