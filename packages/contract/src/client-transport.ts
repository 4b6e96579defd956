import type { JsonRpcId } from './json-rpc.js'

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
