import {
  type ClientTransport,
  type CommandContract,
  type ModuleContract,
  moduleInfo,
  type ParamsOf,
  type ResultOf,
} from '@mi/contract'
import { finalAnswer, provisionalResults } from './answer.js'
import { batchAnswers } from './batch-answers.js'
import { resolveTimeout } from './client-options.js'
import { Exchanges } from './exchange.js'
import type {
  BatchAnswer,
  BatchAnswers,
  BatchCall,
  BatchOptions,
  CallArguments,
  CallOptions,
  MiClient,
  ModuleClient,
  NotifyArguments,
  NotifyOptions,
} from './mi-client.js'
import { methodName, request, type Target } from './request.js'

const namesShown = 5

/** The call engine: request ids, texts and answers. How they travel is the transport's part. */
export class Client implements MiClient {
  private readonly exchanges: Exchanges
  private lastId = 0

  constructor(
    transport: ClientTransport,
    private readonly timeoutMs: number,
  ) {
    this.exchanges = new Exchanges(transport)
  }

  call<C extends CommandContract>(contract: C, ...args: CallArguments<C>): Promise<ResultOf<C>>
  call(method: string, params?: object, options?: CallOptions): Promise<unknown>
  async call(target: Target, params?: object, options: CallOptions = {}): Promise<unknown> {
    const method = methodName('call()', target)
    const onProvisional = checkedCallback('call()', options.onProvisional)
    const limits = this.limits('call()', options)
    const id = this.nextId()
    const what = `'${method}'`
    const subject = `${what} over ${this.exchanges.where}`
    const text = await this.exchanges.run({
      what,
      text: JSON.stringify(request('call()', method, params, id)),
      ids: [id],
      ...limits,
      onProvisional: (early) => {
        for (const { result } of provisionalResults(subject, early, [id])) onProvisional?.(result)
      },
    })
    const { result, error } = finalAnswer(subject, text, id)
    if (error !== undefined) throw error
    return result
  }

  notify<C extends CommandContract>(contract: C, ...args: NotifyArguments<C>): Promise<void>
  notify(method: string, params?: object, options?: NotifyOptions): Promise<void>
  async notify(target: Target, params?: object, options: NotifyOptions = {}): Promise<void> {
    const method = methodName('notify()', target)
    const text = JSON.stringify(request('notify()', method, params))
    await this.exchanges.run({ what: `'${method}'`, text, ids: [], ...this.limits('notify()', options) })
  }

  async batch<const Targets extends readonly (CommandContract | string)[]>(
    calls: readonly [...{ [I in keyof Targets]: BatchCall<Targets[I]> }],
    options: BatchOptions = {},
  ): Promise<BatchAnswers<Targets>> {
    const onProvisional = checkedCallback('batch()', options.onProvisional)
    const limits = this.limits('batch()', options)
    const requests = batchEntries(calls).map(([target, params]) => {
      const method = methodName('batch()', target)
      return { id: this.nextId(), method, params }
    })
    const ids = requests.map(({ id }) => id)
    const what = describeBatch(requests.map(({ method }) => method))
    const subject = `${what} over ${this.exchanges.where}`
    const text = await this.exchanges.run({
      what,
      text: JSON.stringify(requests.map(({ id, method, params }) => request('batch()', method, params, id))),
      ids,
      ...limits,
      onProvisional: (early) => {
        for (const { result, index } of provisionalResults(subject, early, ids)) onProvisional?.(result, index)
      },
    })
    return asBatchAnswers<Targets>(batchAnswers(subject, text, ids))
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
    return this.exchanges.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  private nextId(): number {
    this.lastId += 1
    return this.lastId
  }

  private limits(where: string, { signal, timeout }: NotifyOptions): LimitsOfCall {
    const given: Partial<AbortSignal> | null | undefined = signal
    if (given !== undefined && typeof given?.addEventListener !== 'function') {
      throw new TypeError(`${where}: signal must be an AbortSignal`)
    }
    return { signal, timeoutMs: resolveTimeout(where, timeout, this.timeoutMs) }
  }
}

interface LimitsOfCall {
  readonly signal: AbortSignal | undefined
  readonly timeoutMs: number
}

function checkedCallback<F>(where: string, callback: F | undefined): F | undefined {
  if (callback !== undefined && typeof callback !== 'function') {
    throw new TypeError(`${where}: onProvisional must be a function`)
  }
  return callback
}

/** @throws TypeError for what is no list of calls, and for an empty one, which JSON-RPC does not allow */
function batchEntries(calls: readonly unknown[]): readonly BatchCall[] {
  if (!Array.isArray(calls) || calls.length === 0) {
    throw new TypeError('batch(): the calls must be an array with at least one [contract or name, parameters]')
  }
  for (const [index, entry] of calls.entries()) {
    if (!Array.isArray(entry)) throw new TypeError(`batch(): call ${index} must be [contract or name, parameters]`)
  }
  return calls
}

/** For messages: how many calls, and the first few names. */
function describeBatch(methods: readonly string[]): string {
  const names = methods.slice(0, namesShown).join(', ')
  return `a batch of ${methods.length} (${methods.length > namesShown ? `${names}, ...` : names})`
}

/** True as far as the contracts are: there is one answer per call, and results are passed on as the server sent them. */
function asBatchAnswers<Targets extends readonly unknown[]>(answers: BatchAnswer[]): BatchAnswers<Targets> {
  return answers as BatchAnswers<Targets>
}

/** True by construction: the functions were made from the contract's own list of commands. */
function asModuleClient<M extends ModuleContract>(commands: object): ModuleClient<M> {
  return commands as ModuleClient<M>
}
