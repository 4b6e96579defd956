import type { JsonRpcId } from './json-rpc.js'

/**
 * Fires when the caller of a request gives up. A real `AbortSignal` does all of this too; the client makes something
 * cheaper for each request, since an `AbortController` and its listener cost more than the rest of a request over UDP.
 */
export interface RequestSignal {
  readonly aborted: boolean
  /** What the request then rejects with. */
  readonly reason: unknown
  throwIfAborted(): void
  /** Called once. A listener may be an object, which saves a function for each request. */
  addEventListener(type: 'abort', listener: AbortListener): void
  removeEventListener(type: 'abort', listener: AbortListener): void
}

/** A function, or an object with the method `handleEvent`, as `AbortSignal` takes them. */
export type AbortListener = (() => void) | { handleEvent(): void }

/** A reply that a transport had to parse, for its id for one: it hands on both, and nobody parses the text again. */
export interface ParsedReply {
  readonly text: string
  /** What `JSON.parse` made of the text. */
  readonly json: unknown
  /**
   * Which server sent it, in any words, where the next message may reach another one at the same address: a FIFO that was
   * made anew, or a fallback. Left out by transports that do not know.
   */
  readonly from?: string | undefined
}

/** What a server sent back: its text, whatever that is, or the text and what it was parsed to. */
export type ClientReply = string | ParsedReply

/** What a client asks a transport to carry. */
export interface ClientMessage {
  /** One JSON-RPC request, notification or batch. */
  readonly text: string
  /**
   * The ids that a reply is awaited for; none for a notification. No two requests of one client have the same id, but
   * those of two clients do.
   */
  readonly ids: readonly JsonRpcId[]
  /**
   * The `from` of an earlier reply, for a message that might end another server. A transport that would reach another one
   * sends nothing and rejects with `MI_CONNECTION`, whose cause has the code `OTHER_SERVER`.
   */
  readonly onlyTo?: string | undefined
  /**
   * Fires when the caller gives up, the time is over, or the client is closed. The transport then rejects with
   * `signal.reason`, and has removed what it made for this request by then.
   */
  readonly signal: RequestSignal
  /** The same as a real `AbortSignal`, for what takes no other; made when it is first asked for, so `{ ...message }` has none. */
  readonly abortSignal: AbortSignal
  /** Takes the replies that go ahead of the final one. */
  readonly onProvisional?: ((reply: ClientReply) => void) | undefined
  /** False where the caller wants none of them: `onProvisional` then checks them alone, and a server need not be asked for them. */
  readonly wantsProvisional?: boolean | undefined
  /** Called once the message is on its way to the server, in full; before the reply. */
  readonly onSent?: (() => void) | undefined
}

/**
 * Carries a client's requests to a server. Creating one opens nothing. Requests may overlap.
 *
 * The client gives each request an id, a time limit and a signal, and reads the replies. A transport needs neither timers
 * nor a list of what waits: it sends, brings back the reply to each request, and stops when the signal fires.
 */
export interface ClientTransport {
  /** For messages and labels: `fifo`, `udp`. */
  readonly name: string
  /** Where the server is, for messages: a path, `127.0.0.1:8080`, a URL. */
  readonly address?: string | undefined
  /**
   * True where a JSON-RPC notification may end a released OpenSIPS server, as over mi_fifo. Unless the server is known to be
   * an engine of this project, the client then sends a request with an id, and discards the reply.
   * @default false
   */
  readonly avoidNotifications?: boolean | undefined
  /**
   * Called by each client that takes the transport.
   * @throws TypeError for a second client, where replies are matched by id, which does not tell one client from another
   */
  claim?(): void
  /**
   * Sends a message and resolves with the reply, whatever it is; with null once it is sent when no reply is awaited.
   * @throws MiError `MI_CONNECTION` when the server cannot be reached
   */
  request(message: ClientMessage): Promise<ClientReply | null>
  /**
   * What may be wrong and what to check, as a sentence for the error message.
   * @param reply the text of a reply that is not JSON-RPC; undefined when no reply came in time
   */
  hint?(message: ClientMessage, reply: string | undefined): string | undefined
  /**
   * Closes what is kept open between requests. The client calls it when no request is under way: it has fired their signals
   * and awaited their end, but no more than about a second. May be called again.
   */
  close(): Promise<void>
}
