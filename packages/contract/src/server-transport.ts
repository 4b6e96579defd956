import type { EventSource } from './events.js'
import type { JsonRpcError, JsonRpcParams } from './json-rpc.js'
import type { MiLogger, MiTracer } from './observability.js'
import type { MiPeer } from './peer.js'
import type { Children, ChildrenOptions } from './processes.js'

/** How requests of one transport are answered and traced. */
export interface DispatchSettings {
  /** Replies indented with tabs, as OpenSIPS prints them (`pretty_printing`). @default false */
  readonly prettyPrinting?: boolean | undefined
  /** A request that is no JSON gets `400 Parse_error` (text) or the JSON-RPC error -32700. @default 'text' */
  readonly parseErrors?: 'text' | 'jsonrpc' | undefined
  /** Sees each request and reply. */
  readonly tracer?: MiTracer | undefined
  /** Which commands are traced: `b: ps, which` all but these, `w: ps` only these (`trace_bwlist`). @default all */
  readonly traceBwlist?: string | undefined
  /** The transport's name in traces. @default the transport's name */
  readonly backend?: string | undefined
}

/** What a transport knows of one request besides its text and its peer. One object may serve many requests. */
export interface DispatchOptions {
  /** Fires when nobody waits for the reply any more. Commands that have not answered then are given up. */
  readonly signal?: AbortSignal | undefined
  /**
   * Longest reply that the transport can send, in bytes. What would be longer is answered -32000 instead, before all of it
   * is made. @default the engine's `limits.maxReplyBytes`
   */
  readonly maxReplyBytes?: number | undefined
  /** Takes the replies that go ahead of the final one, each a whole text, and the peer that was given. */
  readonly onProvisional?: ((text: string, peer: MiPeer) => void) | undefined
}

/** The engine as a transport sees it. */
export interface Dispatcher {
  /**
   * Runs what a peer sent. Never throws and never rejects.
   * @param text one JSON-RPC request or batch
   * @param peer who sent it
   * @returns the reply to send, or null when nothing is to be sent (a notification); a promise of it only when a
   * command answers later, or a batch takes long
   */
  dispatch(text: string, peer: MiPeer, options?: DispatchOptions | undefined): string | null | Promise<string | null>
  /** Runs one command by value: for transports whose protocol is not JSON-RPC. */
  execute: Execute
  /**
   * Counts a request or reply that the transport had to give up, and reports it to the log and the `mi.drop` channel.
   * @param reason a word or two in snake_case; the set of reasons must be small, since each becomes a statistic
   * @param fields what else the log line and the channel's message say
   * @param count how many requests or replies; they make one line and one message together; 0 drops nothing @default 1
   */
  drop(reason: string, fields?: Readonly<Record<string, unknown>> | undefined, count?: number | undefined): void
  /**
   * Serves the transport by several processes. Absent where the engine cannot start any: it was created without
   * `processes` (`cluster()` of @mi/processes).
   * @returns when every child listens
   * @throws MiError `MI_LISTEN` with what kept a child from listening; all children are gone again then
   */
  startChildren?(options: ChildrenOptions): Promise<Children>
  /** The events that the program raises; every engine of @mi/core has them. A transport ends its subscriptions when it closes. */
  readonly events?: EventSource | undefined
  readonly log: MiLogger
}

/**
 * Runs one command, with values in and a value out. Never throws and never rejects.
 * @param method any of the command's names
 * @param params plain JSON values, by position or by name; they are not copied, and must not change while the command runs
 * @returns a promise only when the command answers later
 */
export type Execute = (
  method: string,
  params?: JsonRpcParams | undefined,
  options?: ExecuteOptions | undefined,
) => Outcome | Promise<Outcome>

/** What is known of one call of `execute`. */
export interface ExecuteOptions {
  /** Who asks; one object for many calls costs tracers least. @default `{ transport: 'local' }` */
  readonly peer?: MiPeer | undefined
  /** Fires when the caller gives up: the command's signal fires with it, and the outcome is -32000. */
  readonly signal?: AbortSignal | undefined
  /** Takes the results that go ahead of the final one. */
  readonly onProvisional?: ((value: unknown) => void) | undefined
}

/**
 * What a command answered: a value that JSON can carry as it is (no `Date`, `undefined`, `bigint` or object with `toJSON` in
 * it), or the error.
 */
export type Outcome =
  | { readonly value: unknown; readonly error?: undefined }
  | { readonly error: JsonRpcError; readonly value?: undefined }

/**
 * Carries requests to a dispatcher and its replies back. Creating one opens nothing. A transport object serves one
 * engine at a time.
 */
export interface ServerTransport {
  /** `fifo`, `datagram`, `http`; two transports of one engine may share it. */
  readonly name: string
  /** For messages: what the transport listens on, such as a path. */
  readonly address: string
  readonly settings: DispatchSettings
  /**
   * Opens what the transport listens on.
   * @throws MiError `MI_LISTEN`, saying what, where and how to fix it; nothing is left behind then
   */
  listen(dispatcher: Dispatcher): Promise<void>
  /** Takes no new requests, sends the replies still owed, then removes all that `listen` made. May be called again. */
  close(): Promise<void>
}

/** What a child inherited from the process that started it. */
export interface Inherited {
  /** The numbers, in this process, of `ChildrenOptions.descriptors`, in the same order. */
  readonly descriptors: readonly number[]
  /** The child's place, 0 to `count - 1`. */
  readonly index: number
}

/** What the module `ChildrenOptions.transport` exports under the name `createTransport`. */
export type CreateTransport = (options: unknown, inherited: Inherited) => ServerTransport | Promise<ServerTransport>
