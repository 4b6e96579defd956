import type { CommandContract, CommandError, ModuleContract, ParamsOf, ResultOf } from '@mi/contract'
import type { ParamsOfEvent } from './events/known-events.js'
import type { SubscribeOptions } from './events/options.js'

/** A command: its contract, or any of its names. */
export type Target = CommandContract | string

/** Options of every request. */
export interface NotifyOptions {
  /** Ends the request early; it then rejects with `signal.reason`. */
  readonly signal?: AbortSignal | undefined
  /** How long the request may take, in milliseconds; 0 is no limit. @default that of the client */
  readonly timeoutMs?: number | undefined
}

/** Options of a call. */
export interface CallOptions<Result = unknown> extends NotifyOptions {
  /**
   * Takes the results that go ahead of the final one. Where it throws, the call rejects with what it threw. Never called
   * over datagrams, where nothing tells one result from another: the first one is the result of the call.
   */
  readonly onProvisional?: ((result: Result) => void) | undefined
}

/** Options of a batch. */
export interface BatchOptions extends NotifyOptions {
  /** Takes the results that go ahead of the final ones, with the place of their call in the batch (from 0). */
  readonly onProvisional?: ((result: unknown, index: number) => void) | undefined
}

/** Options of a question about the server's commands. */
export interface DiscoveryOptions extends NotifyOptions {
  /** Asks the server even where the answer is known. @default false */
  readonly fresh?: boolean | undefined
}

/** What a server says about one of its commands. */
export interface CommandHelp {
  /** What the command does. */
  readonly Help: string
  /** The module that has the command. */
  readonly 'Exported by'?: string | undefined
}

/** Whether a command has a recipe without parameters, so that a caller may leave them out. */
type ParamsMayBeLeftOut<C extends CommandContract> = Record<never, never> extends ParamsOf<C> ? true : false

/** The parameters of a target: those of a contract, or any for a name. */
type TargetParams<T> = T extends CommandContract
  ? ParamsMayBeLeftOut<T> extends true
    ? [params?: ParamsOf<T>]
    : [params: ParamsOf<T>]
  : [params?: object | undefined]

/** The result of a target: that of a contract, unknown for a name. It is not checked against the contract. */
export type ResultOfTarget<T> = T extends CommandContract ? ResultOf<T> : unknown

/** What follows the target in `client.call(target, ...)`: parameters, which may be left out where a recipe is empty. */
export type CallArguments<T> = [...TargetParams<T>, options?: CallOptions<ResultOfTarget<T>> | undefined]

/** What follows the target in `client.notify(target, ...)`. */
export type NotifyArguments<T> = [...TargetParams<T>, options?: NotifyOptions | undefined]

/** One call of a batch: a contract and its named parameters, or a name and any parameters. */
export type BatchCall<T = Target> = readonly [target: T, ...TargetParams<T>]

/** The reply to one call of a batch. */
export type BatchReply<Result = unknown> =
  | { readonly result: Result; readonly error?: undefined }
  | { readonly error: CommandError; readonly result?: undefined }

/** The replies to a batch, in the order of its calls. */
export type BatchReplies<Targets extends readonly unknown[]> = {
  -readonly [I in keyof Targets]: BatchReply<ResultOfTarget<Targets[I]>>
}

/** The commands of a module as functions: `module.store(params, options)`. */
export type ModuleClient<M extends ModuleContract> = {
  readonly [N in keyof M & string]: (...args: CallArguments<M[N]>) => Promise<ResultOf<M[N]>>
}

/** An event that the server has raised. */
export interface MiEvent<E extends string = string> {
  /** Its name: `E_PIKE_BLOCKED`. */
  readonly event: E
  /** As they arrived: not checked against what is known of the event. */
  readonly params: ParamsOfEvent<E>
}

/**
 * The events of one subscription, in the order in which they arrived. They can be read once: by `for await`, or by `next`.
 *
 * Leaving the loop, `return`, the signal and closing the client end it: the client unsubscribes (if that request is lost, the
 * server forgets the subscription when it expires), closes the socket, and forgets what is not read.
 *
 * Reading rejects, once and after the events that had arrived, with
 * - `CommandError` the server refuses to subscribe: it knows no such event, or has no module for the protocol
 * - `MiError` `MI_LISTEN` the socket could not be opened
 * - `MiError` `MI_TIMEOUT`, `MI_CONNECTION`, `MI_PROTOCOL` the server could not be asked, at first or until the subscription expired
 * - `MiError` `MI_CLOSED` the client was closed; `signal.reason` when the signal fired
 */
export interface EventSubscription<E extends string = string> extends AsyncIterator<MiEvent<E>, undefined> {
  /** Resolves when the server has accepted the subscription; rejects as reading does when the server never does. */
  readonly ready: Promise<void>
  /** Where the server sends the events to, `udp:127.0.0.1:40312`; undefined while the socket is not open, and over a stream. */
  readonly socket: string | undefined
  /**
   * How many events were dropped since more waited than `maxQueued`. Each time that the server of a stream had not kept what was missed
   * while the stream was down, it counts one more.
   */
  readonly dropped: number
  /** How many messages arrived that are not an event of this subscription. */
  readonly ignored: number
  return(): Promise<IteratorResult<MiEvent<E>, undefined>>
  [Symbol.asyncIterator](): EventSubscription<E>
  [Symbol.asyncDispose](): Promise<void>
}

/** The events of a server: `client.events`. */
export interface MiEvents {
  /**
   * Subscribes to an event at once, and renews the subscription until it is ended. Only events that are raised after `ready`
   * will certainly arrive. Over HTTP they come over a stream where the server has one and no `socket` is named, else to a socket. Over
   * UDP anyone who can send to the socket can forge events, and some may get lost.
   * @param event the event's name: `E_PIKE_BLOCKED`; the server lists its events by `events_list`
   * @throws TypeError, RangeError for a wrong name or option
   */
  subscribe<E extends string>(event: E, options?: SubscribeOptions | undefined): EventSubscription<E>
}

/**
 * Calls the commands of one MI server. Its methods may be detached: `const { call, close } = createClient(...)`.
 *
 * Requests may overlap; each gets its own reply. Every request may reject with:
 * - `CommandError` the server answered an error: command, code, reason, data
 * - `MiError` `MI_TIMEOUT` no reply in time; the command may have run
 * - `MiError` `MI_CONNECTION` the server cannot be reached
 * - `MiError` `MI_PROTOCOL` what arrived is not a JSON-RPC reply to the request; the text is in `data`
 * - `MiError` `MI_CLOSED` the client is closed, or was closed meanwhile
 * - `signal.reason` when the caller's signal fires
 * - `TypeError` or `RangeError` for arguments that do not make a request
 */
export interface MiClient {
  /**
   * Calls a command.
   *
   * By its contract, with named parameters and under the name that the server knows: the canonical one, `module:command`,
   * unless the server refuses it as OpenSIPS 3.x does. Then `which` is asked once, and the contract's aliases (its bare name
   * where it has none) are looked for in the reply. By a name, as it is.
   * @param args the parameters, by name (an object) or for a call by name also by position (an array); an empty object or
   * array is left out of the request. Then options
   * @returns the result as the server sent it; it is not checked against the contract
   */
  call<T extends Target>(target: T, ...args: CallArguments<T>): Promise<ResultOfTarget<T>>

  /**
   * Runs a command without waiting for its reply. Resolves when the request is sent, which says nothing about the command.
   * By contract, the first one to a server that has replied to no call by contract asks `which` before: a name that the
   * server does not know would be lost in silence. Over a FIFO, a server that is not known to be of this project gets a
   * request with an id, and its reply is discarded: a notification can end OpenSIPS there.
   */
  notify<T extends Target>(target: T, ...args: NotifyArguments<T>): Promise<void>

  /**
   * Makes several calls: `batch([[cache.store, { ... }], ['core:pwd']])`. Resolves with one reply per call, errors of single
   * calls included. They go as one request to an engine of this project, and else as single requests side by side: OpenSIPS
   * refuses batches, and over a FIFO they can end it.
   */
  batch<const Targets extends readonly Target[]>(
    calls: readonly [...{ [I in keyof Targets]: BatchCall<Targets[I]> }],
    options?: BatchOptions | undefined,
  ): Promise<BatchReplies<Targets>>

  /**
   * The names of all commands that the server has, as `which` lists them: canonical ones, those before OpenSIPS 4.0 their
   * short ones. Kept, as are `recipes` and `help`, until the server cannot be reached (`MI_CONNECTION`), refuses the name of a
   * command that is called by contract, or `fresh` is set, which forgets them all. Callers that ask at the same time share
   * one request, which has the time limit of the client (5000 ms where that is 0).
   */
  commands(options?: DiscoveryOptions | undefined): Promise<readonly string[]>
  /**
   * The parameter lists that a command takes, each in the positional order, as the server has them.
   * Rejects with `CommandError` 404 for a command that the server does not know.
   */
  recipes(command: Target, options?: DiscoveryOptions | undefined): Promise<readonly (readonly string[])[]>
  /** What the server says about a command. Rejects as `recipes` does. */
  help(command: Target, options?: DiscoveryOptions | undefined): Promise<CommandHelp>
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
