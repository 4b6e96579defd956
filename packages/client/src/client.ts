import {
  type ClientTransport,
  ErrorCode,
  isCommandError,
  isMiError,
  type MiError,
  type ModuleContract,
  moduleInfo,
  statisticsContract,
} from '@mi/contract'
import { shown } from '@mi/internal/options'
import { Discovery, statisticNames, toNumbers } from './discovery.js'
import { Events } from './events/events.js'
import { type ClientRequest, type Middleware, throughMiddleware } from './middleware/middleware.js'
import type { NumberReading } from './numbers.js'
import { WHOLE_BATCH } from './read-reply.js'
import { closedError, type Limits, type MethodCall, Requests, remaining } from './requests.js'
import { ServerKind, wasKeptBack } from './server-kind.js'
import { ServerNames } from './server-names.js'
import type {
  BatchCall,
  BatchOptions,
  BatchReply,
  CallOptions,
  MiClient,
  MiEvents,
  ModuleClient,
  NotifyOptions,
  Target,
} from './types.js'

export interface ResolvedClientOptions {
  readonly transport: ClientTransport
  readonly timeoutMs: number | undefined
  readonly numbers: NumberReading
  readonly middleware: readonly Middleware[]
}

/** Checks what callers give, and sends it under the name that the server knows, through the middleware. */
export class Client implements MiClient {
  readonly events: MiEvents
  private readonly transport: ClientTransport
  private readonly requests: Requests
  private readonly names: ServerNames
  private readonly kind: ServerKind
  private readonly discovery: Discovery
  private readonly subscriptions: Events
  private readonly middleware: readonly Middleware[]
  private closing: Promise<void> | undefined

  constructor({ transport, timeoutMs, numbers, middleware }: ResolvedClientOptions) {
    this.transport = transport
    this.requests = new Requests(transport, timeoutMs, numbers, (error) => this.forget(error))
    this.discovery = new Discovery(this.requests)
    this.names = new ServerNames(this.requests, () => this.discovery.commands(true, NO_LIMITS))
    this.kind = new ServerKind(this.requests)
    this.subscriptions = new Events(this.requests, this.names, transport)
    this.events = { subscribe: this.subscriptions.subscribe }
    this.middleware = middleware
  }

  // Functions rather than methods, all of them: they work detached from the client.

  readonly call: MiClient['call'] = typed(async (target, params, options = {}) => {
    const method = methodName('call()', target)
    const onProvisional = checkedCallback('call()', options.onProvisional)
    const limits = this.limits('call()', method, options, [target])
    if (this.middleware.length === 0) return this.send(target, params, limits, onProvisional)
    const send = (): Promise<unknown> => this.send(target, params, limits, onProvisional)
    return this.through('call', [[target, params]], limits, send)
  })

  readonly notify: MiClient['notify'] = typed(async (target, params, options = {}) => {
    const method = methodName('notify()', target)
    const limits = this.limits('notify()', method, options, [target])
    await this.through('notification', [[target, params]], limits, () => this.sendNotification(target, params, limits))
  })

  readonly batch: MiClient['batch'] = asBatch(async (calls, options = {}) => {
    const onProvisional = checkedCallback('batch()', options.onProvisional)
    const entries = batchEntries(calls)
    const targets = entries.map(([target]) => target)
    const limits = this.limits('batch()', undefined, options, targets)
    return this.through('batch', entries, limits, () => this.sendBatch(entries, limits, onProvisional))
  })

  readonly commands: MiClient['commands'] = async (options = {}) =>
    this.discovery.commands(options.fresh === true, this.limits('commands()', 'which', options))

  readonly recipes: MiClient['recipes'] = async (command, options = {}) => {
    const limits = this.limits('recipes()', 'which', options)
    return this.discovery.recipes(await this.rightName('recipes()', command, limits), options.fresh === true, limits)
  }

  readonly help: MiClient['help'] = async (command, options = {}) => {
    const limits = this.limits('help()', 'help', options)
    return this.discovery.help(await this.rightName('help()', command, limits), options.fresh === true, limits)
  }

  readonly statistics: MiClient['statistics'] = async (names, options = {}) => {
    const params = { statistics: statisticNames(names) }
    return toNumbers(this.requests.where, await this.call(statisticsContract.get, params, options))
  }

  readonly module: MiClient['module'] = <M extends ModuleContract>(contract: M): ModuleClient<M> => {
    const info: ModuleContract[typeof moduleInfo] | undefined = contract?.[moduleInfo]
    if (info === undefined) throw new TypeError('module(): the contract was not made by defineModule()')
    const call: LooseCall = this.call
    const commands = info.commands.map((command) => [
      command.name,
      (params?: object, options?: CallOptions) => call(command, params, options),
    ])
    return asModuleClient<M>(Object.fromEntries(commands))
  }

  readonly close = (): Promise<void> => {
    this.closing ??= this.end()
    return this.closing
  };

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  private end(): Promise<void> {
    const ended = this.subscriptions.close()
    // At once where there are none: callers of close find everything gone. Else the client unsubscribes first.
    return this.subscriptions.isIdle ? this.requests.close() : ended.then(() => this.requests.close())
  }

  /** While subscriptions are still being ended, nothing else begins. */
  private limits(
    where: string,
    method: string | undefined,
    options: NotifyOptions,
    targets: readonly Target[] = [],
  ): Limits {
    if (this.closing !== undefined) throw closedError(method === undefined ? 'a batch' : `'${method}'`, false)
    const answersLater = targets.some((target) => typeof target === 'object' && target.async)
    return this.requests.limits(where, options, answersLater)
  }

  /** The server may be another one when it comes back. */
  private forget(error: MiError): void {
    this.kind.forget()
    // A slow command is no reason to look up the names again; a wrong kind of server may end by what it gets.
    if (isMiError(error, 'MI_TIMEOUT')) return
    this.discovery.forget()
    this.names.forget()
  }

  /** The name that `which` and `help` know a command by. */
  private rightName(where: string, command: Target, limits: Limits): Promise<string> | string {
    const name = methodName(where, command)
    return typeof command === 'string' ? name : this.names.rightNameOf(command, limits)
  }

  private send(
    target: Target,
    params: object | undefined,
    limits: Limits,
    onProvisional: ((result: unknown) => void) | undefined,
  ): Promise<unknown> {
    if (typeof target === 'string') return this.requests.call(target, params, limits, onProvisional)
    return this.names.call(target, limits, (name, left) => this.requests.call(name, params, left, onProvisional))
  }

  private async sendNotification(target: Target, params: object | undefined, limits: Limits): Promise<void> {
    const since = performance.now()
    const name = typeof target === 'string' ? target : await this.names.rightNameOf(target, limits)
    const left = remaining(limits, since)
    if (this.transport.avoidNotifications !== true) return this.requests.notify(name, params, undefined, left)
    const isSent = await this.toEngine(left, async (onlyTo, within) => {
      await this.requests.notify(name, params, onlyTo, within)
      return true
    })
    if (isSent === undefined) await this.requests.notifyByRequest(name, params, remaining(limits, since))
  }

  /**
   * Sends what only an engine may get. Where another server has taken its place, that one is identified, and it is sent once
   * more if that is an engine too.
   * @returns undefined when there is no engine, and nothing was sent
   */
  private async toEngine<T>(
    limits: Limits,
    send: (onlyTo: string | undefined, limits: Limits) => Promise<T>,
  ): Promise<T | undefined> {
    const since = performance.now()
    for (let attempt = 1; attempt <= 2; attempt += 1) {
      const { isEngine, from } = await this.kind.identify(remaining(limits, since))
      if (!isEngine) return undefined
      try {
        return await send(from, remaining(limits, since))
      } catch (error) {
        if (!wasKeptBack(error)) throw error
      }
    }
    return undefined
  }

  /** As one request where the server takes it, else as single requests side by side. */
  private async sendBatch(
    entries: readonly BatchCall[],
    limits: Limits,
    onProvisional: BatchOptions['onProvisional'],
  ): Promise<BatchReply[]> {
    const since = performance.now()
    const replies = await this.toEngine(limits, async (onlyTo, within) => {
      const calls = entries.map(([target, params]): MethodCall => {
        return { method: typeof target === 'string' ? target : this.names.nameOf(target), params }
      })
      try {
        return await this.requests.batch(calls, onlyTo, within, onProvisional)
      } catch (error) {
        if (!isRefusedBatch(error)) throw error
        // None of it has run: this is no engine any more, or one that does not take this batch.
        this.kind.forget()
        return undefined
      }
    })
    if (replies !== undefined) return replies
    const calls = entries.map(([target, params], index) =>
      this.send(
        target,
        params,
        remaining(limits, since),
        onProvisional && ((result) => onProvisional(result, index)),
      ).then(
        (result): BatchReply => ({ result }),
        (error: unknown): BatchReply => {
          if (isCommandError(error)) return { error }
          throw error
        },
      ),
    )
    // All of them: a batch that rejects leaves nothing under way.
    const settled = await Promise.allSettled(calls)
    return settled.map((reply) => {
      if (reply.status === 'rejected') throw reply.reason
      return reply.value
    })
  }

  private through(
    type: ClientRequest['type'],
    entries: readonly BatchCall[],
    { signal }: Limits,
    send: () => Promise<unknown>,
  ): Promise<unknown> {
    if (this.middleware.length === 0) return send()
    const commands = entries.map(([target, params]) => ({
      name: methodName(type, target),
      contract: typeof target === 'string' ? undefined : target,
      params,
    }))
    const wait = (ms: number): Promise<void> => this.requests.pause('the pause before another attempt', ms, signal)
    return throughMiddleware(this.middleware, { type, commands, where: this.requests.where, signal, wait }, send)
  }
}

const NO_LIMITS: Limits = { signal: undefined, timeoutMs: 0 }

/** Whether a server has refused a batch as a whole, as none that it takes. */
function isRefusedBatch(error: unknown): boolean {
  return isCommandError(error, ErrorCode.InvalidRequest) && error.command === WHOLE_BATCH
}

/**
 * The name of a command for messages and for calls by name; for a contract, its canonical one.
 * @throws TypeError for what does not name a command
 */
function methodName(where: string, target: Target): string {
  const given: unknown = target
  const name = typeof given === 'object' && given !== null && 'method' in given ? given.method : given
  if (typeof name === 'string' && name !== '') return name
  throw new TypeError(`${where}: the command must be a contract or a name, not ${shown(given)}`)
}

function checkedCallback<F>(where: string, callback: F | undefined): F | undefined {
  if (callback === undefined || typeof callback === 'function') return callback
  throw new TypeError(`${where}: onProvisional must be a function, not ${shown(callback)}`)
}

/** @throws TypeError for anything but a list of calls, and for an empty one, which JSON-RPC does not allow */
function batchEntries(calls: readonly unknown[]): readonly BatchCall[] {
  if (!Array.isArray(calls) || calls.length === 0) {
    throw new TypeError('batch(): the calls must be an array with at least one [contract or name, parameters]')
  }
  for (const [index, entry] of calls.entries()) {
    if (!Array.isArray(entry)) throw new TypeError(`batch(): call ${index} must be [contract or name, parameters]`)
    methodName('batch()', entry[0])
  }
  return calls
}

/** `call` and `notify` without what the contract says about parameters and result. */
type LooseCall = (target: Target, params?: object, options?: CallOptions) => Promise<unknown>

/** True as far as contracts and middleware are: results are passed on as they came. */
function typed<Call>(call: LooseCall): Call {
  return call as Call
}

/** True as far as contracts and middleware are: there is one reply per call, and results are passed on as they came. */
function asBatch(batch: (calls: readonly unknown[], options?: BatchOptions) => Promise<unknown>): MiClient['batch'] {
  return batch as MiClient['batch']
}

/** True by construction: the functions were made from the contract's own list of commands. */
function asModuleClient<M extends ModuleContract>(commands: object): ModuleClient<M> {
  return commands as ModuleClient<M>
}
