import type { IpEndpoint } from '@mi/contract'
import type { HttpReply, Refusal } from './refusal.js'

/** One HTTP request and the way to reply to it, however it came: over node:http, or as a `Request` of fetch. */
export interface Exchange {
  readonly method: string
  /** Path and query, as they were sent. */
  readonly target: string
  readonly connection: ConnectionFacts
  /** Fires when the peer has gone. */
  readonly signal: AbortSignal
  /** The header Host; undefined where a request needs none (HTTP/1.0), '' where it lacks it. */
  readonly host: string | undefined
  /** @param name in lower case */
  header(name: string): string | undefined
  /**
   * Adds the bytes of the body as they arrive. Called once at most.
   * @throws what `body.add` throws, or gives to `onGivenUp`; PeerGone when the rest does not come
   */
  readBody(body: BodySink): Promise<void>
  /** Sends the only reply. */
  send(reply: HttpReply): void
  /** Begins a reply that has no end yet: server-sent events. */
  openStream(headers: HttpReply['headers']): EventStream
}

/** A reply of server-sent events. */
export interface EventStream {
  write(text: string): void
  /** The bytes that wait for the peer. */
  readonly waiting: number
  /** Enough waits for the peer: `onDrain` is called when it has taken that. */
  readonly isFull: boolean
  end(): void
  /** Ends the connection of a peer that does not read; what waits for it is counted as dropped. */
  giveUp(): void
  /** Set by who writes: called once the peer has gone. */
  onGone: (() => void) | undefined
  /** Set by who writes: called when the peer has taken what waited. */
  onDrain: (() => void) | undefined
}

/** The headers of such a reply: nothing on the way may hold events back. */
export const STREAM_HEADERS = {
  'Content-Type': 'text/event-stream',
  'Cache-Control': 'no-store',
  'X-Accel-Buffering': 'no',
}

/** Takes the bytes of a body. */
export interface BodySink {
  /** @throws Refusal when it gets too long */
  add(piece: Uint8Array): void
  /** Set by who reads: called when the rest is not wanted any more. */
  onGivenUp: ((refusal: Refusal) => void) | undefined
}

/** What is known of the other end of a connection. All undefined where a request came without one. */
export interface ConnectionFacts {
  readonly isEncrypted: boolean
  /** Who sends, and where to. */
  readonly source: IpEndpoint | undefined
  readonly destination: IpEndpoint | undefined
  /** The subject of a client certificate that was verified. */
  readonly subject: string | undefined
}

/** Why a reply, or a request that has not arrived in full, was given up. Each becomes a statistic. */
export type LostReason = 'closed' | 'peer_gone' | 'peer_stalled' | 'too_many_connections' | 'too_many_pending'

/** The connection ended before all of a request had come: there is nobody to reply to. */
export class PeerGone extends Error {
  override readonly name = 'PeerGone'

  /** @param reason undefined where it was counted already */
  constructor(readonly reason: LostReason | undefined) {
    super('the connection has ended')
  }
}
