import type { ClientTransport, MiError, RequestSignal } from '@mi/contract'

/** Takes what a stream of server-sent events brings. */
export interface EventSink {
  /** The data of one event. */
  message(text: string): void
  /** An event has more bytes than it may; it is passed over. */
  tooLong(): void
  /** What to name when the stream is asked for again. */
  readonly onId?: ((id: string) => void) | undefined
}

export interface EventStreamRequest extends EventSink {
  readonly event: string
  readonly maxEventBytes: number
  /** What `onId` was called with last: the server sends what came after that. */
  readonly lastId: string | undefined
  /** Ends the stream. */
  readonly signal: AbortSignal
}

/** A stream that the server has opened. */
export interface EventStream {
  /** Resolves with why when the stream is over. */
  readonly ended: Promise<MiError>
}

/** A transport whose server may send events over a connection that this side opens. */
export interface EventStreamTransport {
  /**
   * Opens a stream.
   * @param signal ends the request for it, until it is open
   * @throws MiError where there is none; the cause has the `status` of the server's reply
   */
  openEvents(request: EventStreamRequest, signal: RequestSignal): Promise<EventStream>
}

export function hasEventStreams(transport: ClientTransport): transport is ClientTransport & EventStreamTransport {
  return 'openEvents' in transport && typeof transport.openEvents === 'function'
}
