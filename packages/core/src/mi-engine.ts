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
import { Lifecycle } from './lifecycle.js'
import { LogLevel } from './log-level.js'
import { messageOf } from './message-of.js'
import type { Mi } from './mi.js'
import { coreModule } from './modules/core.js'
import { statisticsModule } from './modules/statistics.js'
import { assertModule, type ResolvedOptions } from './options.js'
import type { Place, Processes } from './processes.js'
import { Registry } from './registry.js'
import { Statistics } from './statistics.js'
import { Counter, Traffic } from './traffic.js'

const LOCAL: MiPeer = { transport: 'local' }

/** The engine in one process: the main one, or a child of it. */
export class MiEngine implements Mi {
  private readonly registry: Registry
  private readonly numbers = new Statistics()
  private readonly traffic = new Traffic(this.numbers, 'mi')
  private readonly shared: EngineState
  private readonly log: MiLogger
  private readonly local: Dispatcher
  private readonly modules: MiModule[] = []
  private readonly transports: readonly { readonly transport: ServerTransport; readonly traffic: Traffic }[]
  private readonly tracers = new Set<MiTracer>()
  private readonly lifecycle: Lifecycle
  private readonly processes: Processes
  private state: 'new' | 'listening' | 'closed' = 'new'
  private closing: Promise<void> | undefined

  constructor(
    private readonly options: ResolvedOptions,
    { startedAt, args, transportGroup, join }: Place,
  ) {
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
    this.lifecycle = new Lifecycle(this.log)
    this.processes = join({
      options,
      numbers: this.numbers,
      logLevel: new LogLevel(options.log, onLogLevel),
      log: this.log,
      kill: () => void this.kill(),
    })
    this.enter(coreModule({ registry: this.registry, server, startedAt, args, processes: this.processes, allowKill }))
    this.enter(statisticsModule(this.processes))
    for (const module of options.modules) this.enter(module)
    this.transports = options.transports.map((transport, index, all) => {
      const namesakes = all.slice(0, index).filter(({ name }) => name === transport.name).length
      const group = transportGroup ?? (namesakes === 0 ? transport.name : `${transport.name}${namesakes + 1}`)
      return { transport, traffic: new Traffic(this.numbers, group, this.traffic) }
    })
    this.local = this.dispatcher({ name: 'local', settings: {} }, this.traffic)
  }

  dispatch(text: string, peer: MiPeer = LOCAL, onProvisional?: ((text: string, peer: MiPeer) => void) | undefined) {
    return this.local.dispatch(text, peer, onProvisional)
  }

  statistics(...selectors: string[]): Record<string, number> {
    return this.processes.lastKnown(selectors)
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
    return new EngineDispatcher(this.shared, name, settings, traffic, this.processes.startChildren)
  }

  private async startModule(module: MiModule): Promise<void> {
    const { name } = module.info
    try {
      await module.init?.({ log: this.log })
    } catch (cause) {
      throw new MiError('MI_LISTEN', `module '${name}' failed to initialise: ${messageOf(cause)}`, { cause })
    }
    this.lifecycle.add({ kind: 'module', name, close: () => module.close?.() })
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
    this.lifecycle.add({ kind: 'transport', name, close: () => transport.close() })
    this.log.info({ transport: transport.name, address: transport.address }, 'listening')
  }

  private async startTracer(tracer: MiTracer | undefined): Promise<void> {
    if (tracer === undefined || this.tracers.has(tracer)) return
    await tracer.listen?.()
    this.tracers.add(tracer)
    this.lifecycle.add({
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

  private stopAll(): Promise<void> {
    return this.lifecycle.stopAll(() => this.processes.close())
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
