import type { Call } from './call.js'

/** What a link tells. All of it comes in order; none of it comes once the link is closed. */
export interface LinkEvents {
  /** An answer, or anything else that arrived; null for what was longer than a datagram may be and is lost. */
  received(text: string | null): void
  /** The system has taken a message. */
  sent(call: Call): void
  /** The system has not taken a message; the others are not concerned. */
  failed(call: Call, error: Error): void
  /**
   * The server is gone: what was sent and is not answered by what has arrived already never will be.
   * @param unsent a message that was kept from being sent by what became of an earlier one
   */
  refused(error: Error, unsent?: Call | undefined): void
}

/** An open datagram socket and the server that it leads to. */
export interface Link {
  /** Sends a message as soon as there is room. The events tell what became of it, some of them before this returns. */
  send(call: Call): void
  /** Keeps a message from being sent if that is still possible. @returns whether it was */
  withdraw(call: Call): boolean
  /** Closes the socket and removes its file, at once. */
  close(): void
}

/**
 * Opens a link.
 * @param signal fires when nobody needs the link any more; opening then rejects and leaves nothing
 * @throws MiError `MI_CONNECTION` with what, where and how to mend it; `MI_UNSUPPORTED`
 */
export type OpenLink = (events: LinkEvents, signal: AbortSignal) => Promise<Link>
