import type { MiPeer } from './peer.js'

/** Writes one line: fields, then text; as pino, winston or console-like loggers take them. */
export type LogMethod = (fields: Readonly<Record<string, unknown>>, message: string) => void

/** The part of a pino logger that MI uses. Any object of this shape will do. */
export interface MiLogger {
  readonly debug: LogMethod
  readonly info: LogMethod
  readonly warn: LogMethod
  readonly error: LogMethod
}

/** A request as a tracer sees it, before the command runs. */
export interface TracedRequest {
  /** Canonical name; the name as it was sent when there is no such command; `unknown` when the request has none. */
  readonly command: string
  /** The name as it was sent, which OpenSIPS writes into its traces; undefined when the request has none. */
  readonly method?: string | undefined
  /** The transport's trace name: `fifo`, `datagram`, `script`, `json` for HTTP (OpenSIPS calls it the backend). */
  readonly backend: string
  /** As they arrived: by position, by name, or undefined. */
  readonly params: unknown
  readonly peer: MiPeer
}

/**
 * Sees the requests of a transport and their replies. A tracer that throws is counted and ignored: tracing never delays
 * or fails a command.
 */
export interface MiTracer {
  /** Called before the command runs. What it returns is given to `reply`, so that the two can be paired. */
  request(request: TracedRequest): unknown
  /** Called with the text of the reply; not for notifications. */
  reply(request: unknown, text: string): void
  /** Called when a transport that uses this tracer begins to listen; may be called several times. */
  listen?(): void | Promise<void>
  /** Called when the last of them has closed. */
  close?(): void | Promise<void>
}
