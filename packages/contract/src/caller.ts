import type { CommandContract } from './command.js'
import type { JsonRpcError, JsonRpcParams } from './json-rpc.js'
import type { MiLogger } from './observability.js'
import type { MiPeer } from './peer.js'
import type { Dispatcher, DispatchSettings } from './transport.js'

/** An engine as a part sees it that calls commands from within its process. What `createMi` of @mi/core returns is one. */
export interface MiHost {
  /**
   * Makes a caller. May be called at any time before the engine closes. A tracer in `settings` listens and closes with the
   * engine; one that comes when the engine listens already begins at once, and is logged if it cannot.
   * @param name what handlers and logs see as the transport, and the group of the statistics, which callers of one name share
   * @param settings `prettyPrinting` is for results; `parseErrors` means nothing, for there is no text to parse
   * @throws TypeError for a `traceBwlist` that is wrong, or that names a command which is not registered yet
   * @throws MiError `MI_CLOSED` when the engine is closed
   */
  attach(name: string, settings: DispatchSettings): Caller
}

/** Calls commands without JSON-RPC texts between. There is nothing to close. */
export interface Caller {
  /**
   * Runs a command. Never throws and never rejects.
   * @param method any of the command's names
   * @param params plain JSON values; they are not copied, and must not change while the command runs
   * @param peer who asks; one object for many calls costs tracers least
   * @returns a promise only when the command answers later. Results that go ahead of the final one are not told.
   */
  call(method: string, params: JsonRpcParams | undefined, peer: MiPeer): CallAnswer | Promise<CallAnswer>
  /** The command that a name means; undefined for none, and for a name that several share. */
  find(method: string): CommandContract | undefined
  /** As `Dispatcher.drop`: for what the caller had to give up. */
  readonly drop: Dispatcher['drop']
  readonly log: MiLogger
}

/** What a command answered: the JSON text of its result, or its error. */
export type CallAnswer =
  | { readonly result: string; readonly error?: undefined }
  | { readonly error: JsonRpcError; readonly result?: undefined }
