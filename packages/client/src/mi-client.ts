import type { CommandContract, CommandError, ModuleContract, ParamsOf, ResultOf } from '@mi/contract'
import type { MiEvents } from './events/events.js'

/** What every request may be given. */
export interface NotifyOptions {
  /** Ends the request early; it then rejects with `signal.reason`. */
  readonly signal?: AbortSignal | undefined
  /** How long the request may take, in milliseconds; 0 is for ever. @default the client's `timeout` */
  readonly timeout?: number | undefined
}

/** What a call may be given. */
export interface CallOptions<Result = unknown> extends NotifyOptions {
  /**
   * Takes the results that go ahead of the final one. Where it throws, the call rejects with what it threw. Never called
   * over datagrams, where nothing tells one result from another: the first one is the result of the call.
   */
  readonly onProvisional?: ((result: Result) => void) | undefined
}

/** What a batch may be given. */
export interface BatchOptions extends NotifyOptions {
  /** Takes the results that go ahead of the final ones, with the place of their call in the batch (from 0). */
  readonly onProvisional?: ((result: unknown, index: number) => void) | undefined
}

/** What a look-up may be given. */
export interface DiscoveryOptions extends NotifyOptions {
  /** Asks the server, whatever is known already. @default false */
  readonly fresh?: boolean | undefined
}

/** What a server says of one of its commands. */
export interface CommandHelp {
  /** What the command does. */
  readonly Help: string
  /** The module that has the command. */
  readonly 'Exported by'?: string | undefined
}

/** Whether a command has a recipe without parameters, so that a caller may leave them out. */
type ParamsMayBeLeftOut<C extends CommandContract> = Record<never, never> extends ParamsOf<C> ? true : false

/** What follows the contract in `client.call(contract, ...)`: the parameters, left out where a recipe is empty. */
export type CallArguments<C extends CommandContract> =
  ParamsMayBeLeftOut<C> extends true
    ? [params?: ParamsOf<C>, options?: CallOptions<ResultOf<C>>]
    : [params: ParamsOf<C>, options?: CallOptions<ResultOf<C>>]

/** What follows the contract in `client.notify(contract, ...)`. */
export type NotifyArguments<C extends CommandContract> =
  ParamsMayBeLeftOut<C> extends true
    ? [params?: ParamsOf<C>, options?: NotifyOptions]
    : [params: ParamsOf<C>, options?: NotifyOptions]

/** One call of a batch: a contract and its named parameters, or a name and any parameters. */
export type BatchCall<T = CommandContract | string> = readonly [
  target: T,
  ...(T extends CommandContract
    ? ParamsMayBeLeftOut<T> extends true
      ? [params?: ParamsOf<T>]
      : [params: ParamsOf<T>]
    : [params?: object]),
]

/** What the server answered to one call of a batch. */
export type BatchAnswer<Result = unknown> =
  | { readonly result: Result; readonly error?: undefined }
  | { readonly error: CommandError; readonly result?: undefined }

/** The answers of a batch, in the order of its calls. */
export type BatchAnswers<Targets extends readonly unknown[]> = {
  -readonly [I in keyof Targets]: BatchAnswer<Targets[I] extends CommandContract ? ResultOf<Targets[I]> : unknown>
}

/** The commands of a module as functions: `module.store(params, options)`. */
export type ModuleClient<M extends ModuleContract> = {
  readonly [N in keyof M & string]: (...args: CallArguments<M[N]>) => Promise<ResultOf<M[N]>>
}

/**
 * Calls the commands of one MI server.
 *
 * Requests may overlap; each is matched to its own answer. Whatever is sent rejects with:
 * - `CommandError` what the server answered instead of a result: code, message, data
 * - `MiError` `MI_TIMEOUT` no answer in time; the command may have run
 * - `MiError` `MI_CONNECTION` the server cannot be reached
 * - `MiError` `MI_PROTOCOL` what arrived is no JSON-RPC answer to the request; the text is in `data`
 * - `MiError` `MI_CLOSED` the client is closed, or was closed meanwhile
 * - `signal.reason` when the caller's signal fires
 * - `TypeError` or `RangeError` for arguments that make no request
 */
export interface MiClient {
  /**
   * Calls a command by its contract, with named parameters and under the name that the server knows: the canonical one,
   * `module:command`, unless the server refuses it as OpenSIPS 3.x does. Then `which` is asked once, and the contract's
   * aliases (its bare name where it has none) are looked for in its answer.
   * @returns the result as the server sent it; it is not checked against the contract
   */
  call<C extends CommandContract>(contract: C, ...args: CallArguments<C>): Promise<ResultOf<C>>
  /**
   * Calls a command by any of its names.
   * @param params by position (an array) or by name (an object); an empty one is left out of the request
   */
  call(method: string, params?: object | undefined, options?: CallOptions | undefined): Promise<unknown>

  /**
   * Has a command run without an answer. Resolves when the request is sent, which says nothing about the command. By
   * contract, the first one to a server that has answered no call by contract asks `which` before: a name that the server
   * does not know would get lost without a word.
   */
  notify<C extends CommandContract>(contract: C, ...args: NotifyArguments<C>): Promise<void>
  notify(method: string, params?: object | undefined, options?: NotifyOptions | undefined): Promise<void>

  /**
   * Sends several calls in one request: `batch([[cache.store, { ... }], ['core:pwd']])`. Resolves with one answer per
   * call, errors of single calls included. OpenSIPS itself refuses every batch (checked with 3.5 and 4.0): the batch
   * then rejects with that `CommandError`.
   */
  batch<const Targets extends readonly (CommandContract | string)[]>(
    calls: readonly [...{ [I in keyof Targets]: BatchCall<Targets[I]> }],
    options?: BatchOptions | undefined,
  ): Promise<BatchAnswers<Targets>>

  /**
   * The names of all commands that the server has, as `which` lists them: canonical ones, those before OpenSIPS 4.0 their
   * short ones. Kept, as are `recipes` and `help`, until the server cannot be reached (`MI_CONNECTION`), refuses the name of a
   * command that is called by contract, or `fresh` is asked for, which forgets them all. Those who ask at the same time share
   * one look-up, which has the time limit of the client (5000 ms where that is 0).
   */
  commands(options?: DiscoveryOptions | undefined): Promise<readonly string[]>
  /**
   * The parameter lists that a command takes, each in the positional order, as the server has them.
   * Rejects with `CommandError` 404 for a command that the server does not know.
   */
  recipes(
    command: CommandContract | string,
    options?: DiscoveryOptions | undefined,
  ): Promise<readonly (readonly string[])[]>
  /** What the server says of a command. Rejects as `recipes` does. */
  help(command: CommandContract | string, options?: DiscoveryOptions | undefined): Promise<CommandHelp>
  /**
   * The values of statistics, as numbers even where the server sends text.
   * @param names as the server takes them: `group:name`, `name`, `group:` for all of a group, `all`. Unknown ones are left out
   */
  statistics(names: readonly string[], options?: NotifyOptions | undefined): Promise<Record<string, number>>
  /** The events that the server raises. */
  readonly events: MiEvents

  /** The commands of a module contract as functions. */
  module<M extends ModuleContract>(contract: M): ModuleClient<M>

  /**
   * Ends the client and its transport. Requests in flight reject with `MI_CLOSED`; their commands may have run.
   * Resolves when nothing of them is left. May be called again.
   */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}
