import { channel } from 'node:diagnostics_channel'
import type { MiPeer } from '@mi/contract'

/** What `mi.request` publishes: a request about to run. */
export interface RequestMessage {
  /** Canonical name; the name as sent when there is no such command; `unknown` when the request has none. */
  readonly command: string
  readonly params: unknown
  readonly transport: string
  readonly peer: MiPeer
}

/** What `mi.reply` publishes: an answer on its way to the transport. */
export interface ReplyMessage {
  readonly command: string
  readonly transport: string
  readonly peer: MiPeer
  readonly text: string
}

/** What `mi.drop` publishes: requests or replies that were given up. */
export interface DropMessage {
  readonly transport: string
  readonly reason: string
  readonly fields: Readonly<Record<string, unknown>>
  /** How many: 1, or what was given up together. */
  readonly count: number
}

/** What `mi.trace` publishes: a tracer that failed. */
export interface TraceMessage {
  readonly transport: string
  readonly error: unknown
}

/** The channels of `node:diagnostics_channel` that the engine publishes on. They cost nothing while nobody listens. */
export const requestChannel = channel('mi.request')
export const replyChannel = channel('mi.reply')
export const dropChannel = channel('mi.drop')
export const traceChannel = channel('mi.trace')
