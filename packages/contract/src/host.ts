import type { CommandContract } from './command.js'
import type { CommandError } from './errors.js'
import type { CommandContext } from './implement.js'
import type { JsonRpcParams } from './json-rpc.js'
import type { MiLogger } from './observability.js'
import type { MiPeer } from './peer.js'
import type { Dispatcher, DispatchSettings, Execute } from './server-transport.js'

/** An engine as a part of the same program sees it. What `createMi` of @mi/core returns is one. */
export interface MiHost {
  /**
   * Makes a caller. May be called at any time before the engine closes. A tracer in `settings` listens and closes with the
   * engine; one that comes when the engine listens already starts at once, and is logged if it cannot.
   * @param name what handlers and logs see as the transport, and the group of the statistics, which callers of one name share
   * @param settings those for texts matter to `dispatch` alone
   * @throws TypeError for a `traceBwlist` that is wrong, or that names a command which is not registered yet
   * @throws MiError `MI_CLOSED` when the engine is closed
   */
  attach(name: string, settings?: DispatchSettings | undefined): Caller
}

/** Runs commands of an engine. There is nothing to close. */
export interface Caller {
  readonly execute: Execute
  /** As `Dispatcher.dispatch`: for a caller that carries JSON-RPC, such as a request handler of a web server. */
  readonly dispatch: Dispatcher['dispatch']
  /** The command that a name means; undefined for none, and for a name that several share. */
  readonly find: (method: string) => CommandContract | undefined
  /** As `Dispatcher.drop`: for what the caller had to give up. */
  readonly drop: Dispatcher['drop']
  readonly log: MiLogger
}

/**
 * Decides whether a peer may run a command. Asked for each request, each entry of a batch, and each call from within the
 * program, after the name is resolved and before the parameters are looked at. It must answer at once: one that throws, or returns
 * anything else (a promise, false), refuses the command, and is logged.
 * @param params as they arrived, not checked
 * @returns undefined for yes, else the error that the peer gets, usually -32003 `Forbidden`
 */
export type AccessCheck = (
  command: CommandContract,
  peer: MiPeer,
  params: JsonRpcParams | undefined,
) => CommandError | undefined

/**
 * Wraps the handlers of all commands. Runs after the access check, with parameters that the contract let through.
 * @param next runs the next interceptor, in the end the handler; may be called once, or not at all
 * @returns the result of the command, or a promise of it: that of `next()`, or another one
 */
export type Interceptor = (
  command: CommandContract,
  params: unknown,
  context: CommandContext,
  next: () => unknown,
) => unknown
