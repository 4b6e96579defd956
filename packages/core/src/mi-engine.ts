import {
  type Caller,
  type CommandContract,
  type Dispatcher,
  type DispatchOptions,
  type DispatchSettings,
  type Execute,
  isMiError,
  MiError,
  type MiLogger,
  type MiModule,
  type MiPeer,
  type MiTracer,
  type ServerTransport,
} from '@mi/contract'
import { DISPATCH_SETTINGS } from '@mi/internal/dispatch-settings'
import { errorText } from '@mi/internal/error-text'
import { guardedLog } from '@mi/internal/guarded-log'
import { OptionChecks } from '@mi/internal/options'
import { Counter, Counters } from './counters.js'
import { EngineDispatcher, LOCAL } from './dispatcher.js'
import { DropLog } from './drop-log.js'
import { Events } from './events.js'
import type { EngineState } from './execution.js'
import { InFlight } from './in-flight.js'
import { Lifecycle, Tracers } from './lifecycle.js'
import type { Mi, MiStatistics } from './mi.js'
import { coreModule, serverInfo } from './modules/core.js'
import { discoverModule } from './modules/discover.js'
import { statisticsModule } from './modules/statistics.js'
import { assertModule, type MiOptions, type ResolvedOptions, resolveOptions } from './options.js'
import { LogLevel, type OwnProcess, type Processes, SingleProcess } from './processes.js'
import { Registry } from './registry.js'
import { type Sample, type StatisticSample, Statistics } from './statistics.js'

/**
 * Composes a Management Interface from modules and transports. Nothing is opened before `listen`.
 * @throws TypeError, RangeError for options that are wrong, and modules that clash
 */
export function createMi(options: MiOptions = {}): Mi {
  return new MiEngine(resolveOptions(options))
}

/** The engine in one process: the main one, or a child of it. */
class MiEngine implements Mi {
  private readonly registry: Registry
  private readonly numbers = new Statistics()
  private readonly counters = new Counters(this.numbers, 'mi')
  private readonly shared: EngineState
  private readonly log: MiLogger
  private readonly drops: DropLog
  private readonly local: Dispatcher
  readonly events: Events
  private readonly modules: MiModule[] = []
  private readonly transports: readonly { readonly transport: ServerTransport; readonly counters: Counters }[]
  /** By group, that of the engine itself included: callers of one name share theirs. */
  private readonly groups = new Map([[this.counters.group, this.counters]])
  private readonly lifecycle: Lifecycle
  private readonly tracers: Tracers
  private readonly processes: Processes
  private state: 'new' | 'listening' | 'closed' = 'new'
  /** What `listen` and `register` have begun and not ended. */
  private readonly beginning = new Set<Promise<void>>()
  private closing: Promise<void> | undefined
  private killing: Promise<void> | undefined

  constructor(private readonly options: ResolvedOptions) {
    const { server, limits, listAliases, checkResults, allowKill, onLogLevel, access, interceptors } = options
    const { processes: role } = options
    const { startedAt, args } = role?.inherited ?? {
      startedAt: new Date(),
      args: [process.argv0, ...process.execArgv, ...process.argv.slice(1)],
    }
    this.log = guardedLog(options.log, () => this.counters.count(Counter.log_errors))
    this.drops = new DropLog(this.log)
    this.registry = new Registry(checkResults, interceptors)
    this.shared = {
      registry: this.registry,
      log: this.log,
      limits: options.limits,
      access: options.access,
      inFlight: new InFlight(options.limits),
      closed: false,
    }
    this.events = new Events(this.shared, (reason, fields, count) => this.local.drop(reason, fields, count))
    this.lifecycle = new Lifecycle(this.log)
    this.tracers = new Tracers(this.lifecycle)
    const own: OwnProcess = {
      type: server.processType ?? 'MI server',
      startedAt,
      args,
      statistics: this.numbers,
      logLevel: new LogLevel(options.log, onLogLevel),
      log: this.log,
      kill: () => {
        this.killing ??= this.kill()
      },
    }
    const needs = { access: access !== undefined, interceptors: interceptors.length > 0 }
    this.processes =
      role?.connect(own, { server, limits, listAliases, checkResults, allowKill, needs }) ?? new SingleProcess(own)
    this.enter(coreModule({ engine: this.shared, options, startedAt, args, processes: this.processes }))
    this.enter(statisticsModule(this.processes))
    this.enter(discoverModule(this.shared, serverInfo(server)))
    for (const module of options.modules) this.enter(module)
    this.transports = options.transports.map((transport, index, all) => {
      const namesakes = all.slice(0, index).filter(({ name }) => name === transport.name).length
      const group =
        role?.inherited?.transportGroup ?? (namesakes === 0 ? transport.name : `${transport.name}${namesakes + 1}`)
      const counters = new Counters(this.numbers, group, this.counters)
      this.groups.set(group, counters)
      return { transport, counters }
    })
    this.local = this.dispatcher({ name: 'local', settings: {} }, this.counters)
  }

  // Bound: they work when they are detached.

  readonly dispatch = (text: string, peer: MiPeer = LOCAL, options?: DispatchOptions | undefined) =>
    this.local.dispatch(text, peer, options)

  readonly execute: Execute = (method, params, options) => this.local.execute(method, params, options)

  readonly contracts = (): readonly CommandContract[] => [...this.registry.commands].map(({ contract }) => contract)

  readonly attach = (name: string, settings: DispatchSettings = {}): Caller => {
    this.assertOpen('it takes no more callers')
    new OptionChecks('attach()').known(settings, DISPATCH_SETTINGS)
    const dispatcher = this.dispatcher({ name, settings }, this.group(name))
    if (settings.tracer !== undefined) this.attachTracer(settings.tracer, name)
    const { execute, find, drop, log } = dispatcher
    return { execute, dispatch: (...request) => dispatcher.dispatch(...request), find, drop, log }
  }

  readonly statistics: MiStatistics = Object.assign((...selectors: string[]) => this.processes.lastKnown(selectors), {
    samples: () => this.processes.samples().map(publicSample),
  })

  readonly listen = ({ signal }: { readonly signal?: AbortSignal | undefined } = {}): Promise<void> =>
    this.begin(this.open(signal))

  private async open(signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted()
    this.assertOpen('make a new one with createMi()')
    if (this.state === 'listening') throw new TypeError('listen() was already called')
    this.state = 'listening'
    try {
      // A copy: what is registered meanwhile is started by `register`.
      for (const module of [...this.modules]) {
        this.assertWanted(signal)
        await this.startModule(module)
      }
      await this.startAttachedTracers()
      for (const { transport, counters } of this.transports) {
        this.assertWanted(signal)
        await this.startTransport(transport, counters)
      }
      this.assertWanted(signal)
    } catch (error) {
      await this.stopAll()
      // Closed meanwhile: it stays so, and is why what was being opened failed.
      if (this.closing !== undefined) throw closedMeanwhile(error)
      this.state = 'new'
      throw error
    }
  }

  /** @throws when `listen` is to go no further */
  private assertWanted(signal: AbortSignal | undefined): void {
    signal?.throwIfAborted()
    if (this.closing !== undefined) throw closedMeanwhile(undefined)
  }

  readonly close = (): Promise<void> => {
    this.closing ??= this.closeOnce()
    return this.closing
  };

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  readonly register = (module: MiModule): Promise<void> => this.begin(this.add(module))

  private async add(module: MiModule): Promise<void> {
    assertModule(module)
    this.assertOpen('it takes no more modules')
    const free = this.reserve(module)
    try {
      const start = this.state === 'listening'
      if (start) await this.startModule(module)
      // What had been started by then has been stopped meanwhile; this module has not.
      if (start && this.state !== 'listening') await this.stopAll()
      this.assertOpen('it takes no more modules')
    } finally {
      free()
    }
    this.enter(module)
  }

  /** `close` waits for it. */
  private begin(work: Promise<void>): Promise<void> {
    const ended = work.then(
      () => {},
      // Reported by what began it.
      () => {},
    )
    this.beginning.add(ended)
    void ended.then(() => this.beginning.delete(ended))
    return work
  }

  /** Keeps the names of a module for it. @returns gives them up */
  private reserve(module: MiModule): () => void {
    this.assertStatistics(module)
    return this.registry.reserve(module)
  }

  private assertStatistics({ info, statistics = {} }: MiModule): void {
    for (const name of Object.keys(statistics)) this.numbers.assertFree(info.name, name)
  }

  private enter(module: MiModule): void {
    this.assertStatistics(module)
    this.registry.add(module)
    this.modules.push(module)
    for (const [name, statistic] of Object.entries(module.statistics ?? {})) {
      this.numbers.addOfModule(module.info.name, name, statistic)
    }
  }

  private assertOpen(advice: string): void {
    if (this.state === 'closed') throw new MiError('MI_CLOSED', `this engine is closed; ${advice}`)
  }

  private dispatcher(
    { name, settings }: Pick<ServerTransport, 'name' | 'settings'>,
    counters: Counters,
  ): EngineDispatcher {
    return new EngineDispatcher(
      this.shared,
      name,
      settings,
      counters,
      this.drops,
      this.events,
      this.processes.startChildren,
    )
  }

  private group(name: string): Counters {
    const counters = this.groups.get(name) ?? new Counters(this.numbers, name, this.counters)
    this.groups.set(name, counters)
    return counters
  }

  private attachTracer(tracer: MiTracer, name: string): void {
    this.tracers.attach(tracer)
    if (this.state !== 'listening') return
    this.tracers.start(tracer).catch((error: unknown) => {
      this.group(name).count(Counter.trace_errors)
      this.log.error({ transport: name, err: error }, 'tracer cannot listen; commands are not affected')
    })
  }

  private async startModule(module: MiModule): Promise<void> {
    const { name } = module.info
    try {
      await module.init?.({ log: this.log })
    } catch (cause) {
      throw new MiError('MI_LISTEN', `module '${name}' failed to initialise: ${errorText(cause)}`, { cause })
    }
    this.lifecycle.add({ kind: 'module', name, close: () => module.close?.() })
  }

  private async startTransport(transport: ServerTransport, counters: Counters): Promise<void> {
    const name = `${transport.name} (${transport.address})`
    try {
      const dispatcher = this.dispatcher(transport, counters)
      if (transport.settings.tracer !== undefined) await this.tracers.start(transport.settings.tracer)
      await transport.listen(dispatcher)
    } catch (cause) {
      throw new MiError('MI_LISTEN', `transport ${name} cannot listen: ${errorText(cause)}`, { cause })
    }
    this.lifecycle.add({ kind: 'transport', name, close: () => transport.close() })
    this.log.info({ transport: transport.name, address: transport.address }, 'listening')
  }

  private async startAttachedTracers(): Promise<void> {
    try {
      await this.tracers.startAttached()
    } catch (cause) {
      throw new MiError('MI_LISTEN', `a script's tracer cannot listen: ${errorText(cause)}`, { cause })
    }
  }

  private async closeOnce(): Promise<void> {
    this.state = 'closed'
    this.shared.closed = true
    const { inFlight } = this.shared
    inFlight.abort(new MiError('MI_CLOSED', 'the server closes'))
    let timer: NodeJS.Timeout | undefined
    const timeUp = new Promise<void>((resolve) => {
      timer = setTimeout(() => {
        inFlight.giveUp()
        resolve()
      }, this.options.limits.closeTimeoutMs)
    })
    try {
      await this.stopAll()
      // `listen` stops what it has still started. An `init` that hangs must not keep the engine from closing.
      await Promise.race([Promise.all(this.beginning), timeUp])
    } finally {
      clearTimeout(timer)
      this.drops.close()
    }
  }

  private stopAll(): Promise<void> {
    return this.lifecycle.stopAll(async () => {
      // What transports asked for is answered by now; calls from within the process may not be.
      if (this.shared.closed) await this.shared.inFlight.settled()
      await this.processes.close()
    })
  }

  private async kill(): Promise<void> {
    await this.close()
    try {
      await this.options.onKill()
    } catch (error) {
      this.log.error({ err: error }, 'onKill failed')
    }
  }
}

function closedMeanwhile(cause: unknown): MiError {
  if (isMiError(cause, 'MI_CLOSED')) return cause
  return new MiError('MI_CLOSED', 'the engine was closed while it began to listen', { cause })
}

function publicSample({ counter, metric }: Sample): StatisticSample {
  const { name, help, labels, value } = metric
  return { name, kind: counter ? 'counter' : 'gauge', help, labels, value }
}
