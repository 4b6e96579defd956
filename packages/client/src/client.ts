import { type CommandContract, type ModuleContract, moduleInfo, type ParamsOf, type ResultOf } from '@mi/contract'
import { batchEntries } from './batch-entries.js'
import { type CallLimits, Calls } from './calls.js'
import { ownTimeout, type ResolvedClientOptions } from './client-options.js'
import { Discovery } from './discovery.js'
import { Events, type MiEvents } from './events/events.js'
import { closedError } from './exchange.js'
import type {
  BatchAnswer,
  BatchAnswers,
  BatchCall,
  BatchOptions,
  CallArguments,
  CallOptions,
  CommandHelp,
  DiscoveryOptions,
  MiClient,
  ModuleClient,
  NotifyArguments,
  NotifyOptions,
} from './mi-client.js'
import { type ClientRequest, type Middleware, throughMiddleware } from './middleware/middleware.js'
import { NamedCalls } from './named-calls.js'
import { methodName, type Target } from './request.js'
import { ServerNames } from './server-names.js'
import { assertStatisticNames, getStatistics, toNumbers } from './statistics.js'

/** Puts the parts of a client together, and looks at what its callers give. */
export class Client implements MiClient {
  readonly events: MiEvents
  private readonly calls: Calls
  private readonly named: NamedCalls
  private readonly names: ServerNames
  private readonly discovery: Discovery
  private readonly subscriptions: Events
  private readonly middleware: readonly Middleware[]
  private closing: Promise<void> | undefined

  constructor({ transport, timeoutMs, middleware }: ResolvedClientOptions) {
    this.calls = new Calls(transport, timeoutMs, () => this.forget())
    this.discovery = new Discovery(this.calls)
    const noLimits: CallLimits = { signal: undefined, timeoutMs: 0 }
    this.names = new ServerNames(() => this.discovery.commands(true, noLimits))
    this.named = new NamedCalls(this.calls, this.names)
    this.subscriptions = new Events(this.named, { signal: undefined, timeoutMs: ownTimeout(timeoutMs) })
    this.events = this.subscriptions
    this.middleware = middleware
  }

  call<C extends CommandContract>(contract: C, ...args: CallArguments<C>): Promise<ResultOf<C>>
  call(method: string, params?: object, options?: CallOptions): Promise<unknown>
  async call(target: Target, params?: object, options: CallOptions = {}): Promise<unknown> {
    const method = methodName('call()', target)
    const onProvisional = checkedCallback('call()', options.onProvisional)
    const limits = this.limits('call()', `'${method}'`, options)
    const send = (): Promise<unknown> =>
      typeof target === 'string'
        ? this.calls.call(method, params, limits, onProvisional)
        : this.named.call(target, params, limits, onProvisional)
    return this.through('call', [[target, params]], limits, send)
  }

  notify<C extends CommandContract>(contract: C, ...args: NotifyArguments<C>): Promise<void>
  notify(method: string, params?: object, options?: NotifyOptions): Promise<void>
  async notify(target: Target, params?: object, options: NotifyOptions = {}): Promise<void> {
    const method = methodName('notify()', target)
    const limits = this.limits('notify()', `'${method}'`, options)
    const send = (): Promise<void> =>
      typeof target === 'string' ? this.calls.notify(method, params, limits) : this.named.notify(target, params, limits)
    await this.through('notification', [[target, params]], limits, send)
  }

  async batch<const Targets extends readonly (CommandContract | string)[]>(
    calls: readonly [...{ [I in keyof Targets]: BatchCall<Targets[I]> }],
    options: BatchOptions = {},
  ): Promise<BatchAnswers<Targets>> {
    const onProvisional = checkedCallback('batch()', options.onProvisional)
    const limits = this.limits('batch()', 'a batch', options)
    const entries = batchEntries(calls)
    const named = entries.map(([target, params]) => {
      const method = methodName('batch()', target)
      return { method: typeof target === 'string' ? method : this.names.nameOf(target), params }
    })
    const send = (): Promise<BatchAnswer[]> => this.calls.batch(named, limits, onProvisional)
    return asBatchAnswers<Targets>(await this.through('batch', entries, limits, send))
  }

  async commands(options: DiscoveryOptions = {}): Promise<readonly string[]> {
    return this.discovery.commands(options.fresh === true, this.limits('commands()', "'which'", options))
  }

  async recipes(command: Target, options: DiscoveryOptions = {}): Promise<readonly (readonly string[])[]> {
    const limits = this.limits('recipes()', "'which'", options)
    return this.discovery.recipes(await this.rightName('recipes()', command, limits), options.fresh === true, limits)
  }

  async help(command: Target, options: DiscoveryOptions = {}): Promise<CommandHelp> {
    const limits = this.limits('help()', "'help'", options)
    return this.discovery.help(await this.rightName('help()', command, limits), options.fresh === true, limits)
  }

  async statistics(names: readonly string[], options: NotifyOptions = {}): Promise<Record<string, number>> {
    assertStatisticNames(names)
    return toNumbers(this.calls.where, await this.call(getStatistics, { statistics: [...names] }, options))
  }

  module<M extends ModuleContract>(contract: M): ModuleClient<M> {
    const info: ModuleContract[typeof moduleInfo] | undefined = contract?.[moduleInfo]
    if (info === undefined) throw new TypeError('module(): the contract was not made by defineModule()')
    const commands = info.commands.map((command) => [
      command.name,
      (params?: ParamsOf<CommandContract>, options?: CallOptions) => this.call(command, params, options),
    ])
    return asModuleClient<M>(Object.fromEntries(commands))
  }

  close(): Promise<void> {
    this.closing ??= this.end()
    return this.closing
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  private end(): Promise<void> {
    const told = this.subscriptions.close()
    // At once where there are none: whoever calls close finds everything gone. Else the server is told of their end first.
    return this.subscriptions.isIdle ? this.calls.close() : told.then(() => this.calls.close())
  }

  /** While subscriptions are still being ended, nothing else begins. */
  private limits(where: string, what: string, options: NotifyOptions): CallLimits {
    const limits = this.calls.limits(where, options)
    if (this.closing !== undefined) throw closedError(what, false)
    return limits
  }

  /** The server may be another one when it comes back. */
  private forget(): void {
    this.discovery.forget()
    this.names.forget()
  }

  /** The name that `which` and `help` know a command by. */
  private rightName(where: string, command: Target, limits: CallLimits): Promise<string> | string {
    const name = methodName(where, command)
    return typeof command === 'string' ? name : this.named.rightNameOf(command, limits)
  }

  private through(
    type: ClientRequest['type'],
    entries: readonly BatchCall[],
    { signal }: CallLimits,
    send: () => Promise<unknown>,
  ): Promise<unknown> {
    if (this.middleware.length === 0) return send()
    const commands = entries.map(([target, params]) => ({
      name: methodName(type, target),
      contract: typeof target === 'string' ? undefined : target,
      params,
    }))
    const wait = (ms: number): Promise<void> => this.calls.pause('the pause before another attempt', ms, signal)
    return throughMiddleware(this.middleware, { type, commands, where: this.calls.where, signal, wait }, send)
  }
}

function checkedCallback<F>(where: string, callback: F | undefined): F | undefined {
  if (callback !== undefined && typeof callback !== 'function') {
    throw new TypeError(`${where}: onProvisional must be a function`)
  }
  return callback
}

/** True as far as contracts and middleware are: there is one answer per call, and results are passed on as they came. */
function asBatchAnswers<Targets extends readonly unknown[]>(answers: unknown): BatchAnswers<Targets> {
  return answers as BatchAnswers<Targets>
}

/** True by construction: the functions were made from the contract's own list of commands. */
function asModuleClient<M extends ModuleContract>(commands: object): ModuleClient<M> {
  return commands as ModuleClient<M>
}
