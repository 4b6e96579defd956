import type { JsonRpcId } from './json-rpc.js'
import type { MiLogger, MiTracer } from './observability.js'
import type { MiPeer } from './peer.js'

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

/** The engine as a transport sees it. */
export interface Dispatcher {
  /**
   * Runs what a peer sent. Never throws and never rejects.
   * @param text one JSON-RPC request or batch
   * @param peer who sent it
   * @param onProvisional takes the answers that go ahead of the final one, each a whole text, and the peer that was given
   * @returns the answer to send, or null when nothing is to be sent (a notification); a promise of it only when a
   * command answers later
   */
  dispatch(
    text: string,
    peer: MiPeer,
    onProvisional?: ((text: string, peer: MiPeer) => void) | undefined,
  ): string | null | Promise<string | null>
  /**
   * Counts a request or reply that the transport had to give up, and says so to the log and the `mi.drop` channel.
   * @param reason a word or two in snake_case; the set of reasons must be small, since each becomes a statistic
   * @param fields what else the log line and the channel's message say
   * @param count how many requests or replies; they make one line and one message together; 0 drops nothing @default 1
   */
  drop(reason: string, fields?: Readonly<Record<string, unknown>> | undefined, count?: number | undefined): void
  /**
   * Serves the transport by several processes. Absent where the engine cannot start any.
   * @returns when every child listens
   * @throws MiError `MI_LISTEN` with what kept a child from listening; all children are gone again then
   */
  startChildren?(options: ChildrenOptions): Promise<Children>
  readonly log: MiLogger
}

/** Child processes that serve one transport together, each with an engine of its own. */
export interface ChildrenOptions {
  /** How many processes. */
  readonly count: number
  /**
   * A module to import in each child (a `file:` URL): every export of it that is an `MiModule`, or an array of them, is
   * served there. One that exports none is an error.
   */
  readonly modules: URL | string
  /** A module that exports `createTransport`, a `CreateTransport`: it makes the child's transport. */
  readonly transport: URL
  /** Handed to `createTransport`: plain JSON. */
  readonly options: unknown
  /** File descriptors of this process that each child inherits: `createTransport` is told their numbers in the child. */
  readonly descriptors: readonly number[]
  /** What `ps` calls the children: `MI Datagram`. */
  readonly processType: string
  /**
   * Called when a child has ended unasked, before its successor starts.
   * @param index the child's place, 0 to `count - 1`, which its successor takes over
   */
  readonly onDeath?: ((index: number) => void) | undefined
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

/** The child processes of one transport. A child that dies is replaced until they are closed. */
export interface Children {
  /** Each child takes no new requests, sends the answers it owes and ends; resolves when all have. May be called again. */
  close(): Promise<void>
}

/**
 * Carries requests to a dispatcher and its answers back. Creating one opens nothing. A transport object serves one
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
   * @throws MiError `MI_LISTEN`, saying what, where and how to mend it; nothing is left behind then
   */
  listen(dispatcher: Dispatcher): Promise<void>
  /** Takes no new requests, sends the answers still owed, then removes all that `listen` made. May be called again. */
  close(): Promise<void>
}

/** What a client asks a transport to carry. */
export interface ClientMessage {
  /** One JSON-RPC request, notification or batch. */
  readonly text: string
  /** The ids that an answer is awaited for; none for a notification. */
  readonly ids: readonly JsonRpcId[]
  /** Fires when the caller gives up; the transport then rejects with `signal.reason` and removes what it made. */
  readonly signal: AbortSignal
  /** Takes the answers that go ahead of the final one. */
  readonly onProvisional?: ((text: string) => void) | undefined
}

/** Carries a client's requests to a server. Creating one opens nothing. Requests may overlap. */
export interface ClientTransport {
  readonly name: string
  /**
   * Sends a message and resolves with the text that answers it, whatever that text is; with null once it is sent when no
   * answer is awaited.
   * @throws MiError `MI_CONNECTION` when the server cannot be reached, `MI_CLOSED` after `close`
   */
  request(message: ClientMessage): Promise<string | null>
  /** Ends what is open; requests under way reject with `MI_CLOSED`. May be called again. */
  close(): Promise<void>
}
