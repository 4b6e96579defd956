import type { HepVersion } from '../message.js'

/**
 * What a destination is doing:
 * - `closed` not listening: before `listen`, or after `close`
 * - `connecting` a connection or socket is being opened
 * - `connected` messages go out
 * - `retrying` waits before it connects again
 * - `cooldown` waits longer, after `hepMaxRetries` tries
 */
export type HepDestinationState = 'closed' | 'connecting' | 'connected' | 'retrying' | 'cooldown'

/** A destination at one moment. The counts go on over `close` and `listen`. */
export interface HepDestinationStatus {
  readonly name: string
  /** `tcp:10.0.0.2:9060`, `udp:[::1]:9060`. */
  readonly address: string
  readonly version: HepVersion
  readonly state: HepDestinationState
  /** Messages that the system took. */
  readonly sent: number
  /** Messages that wait, those that are being written included. */
  readonly queued: number
  /** Messages that were lost: for want of room, by an error, or because the tracer was closed. */
  readonly dropped: number
  /** What went wrong last; undefined when nothing has. */
  readonly lastError: string | undefined
}

/** For people and logs. */
export function addressText({ transport, host, port }: { transport: string; host: string; port: number }): string {
  return host.includes(':') ? `${transport}:[${host}]:${port}` : `${transport}:${host}:${port}`
}
