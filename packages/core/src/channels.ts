import { channel, tracingChannel } from 'node:diagnostics_channel'
import type { JsonRpcError, MiPeer } from '@mi/contract'

/**
 * What the tracing channel `mi.command` publishes: one object for the `start`, the `error` (if there is one) and the `end` of a
 * request, so that a subscriber can keep what belongs to it. `end` is published once, when the command has answered, also when
 * it answers later; `asyncStart` and `asyncEnd` are not used.
 */
export interface CommandMessage {
  /** Canonical name; the name as it was sent where there is no such command. */
  readonly command: string
  /** As they arrived: by position, by name, or undefined. */
  readonly params: unknown
  readonly transport: string
  readonly peer: MiPeer
  /** When it started, in milliseconds since 1970. */
  readonly started: number
  /** How long it took, in milliseconds. Undefined at `start`. */
  duration: number | undefined
  /** How it ended. Undefined at `start`. */
  outcome: 'success' | 'error' | undefined
  /** The code of the error that was answered. */
  code: number | undefined
  /** The error that was answered. */
  error: JsonRpcError | undefined
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
const { start, end, error } = tracingChannel<CommandMessage>('mi.command')
export const commandChannels = { start, end, error }
export const dropChannel = channel('mi.drop')
export const traceChannel = channel('mi.trace')

/** Runs a command and publishes its start and its end. */
export function published<E extends { readonly error: JsonRpcError | undefined }>(
  facts: Pick<CommandMessage, 'command' | 'params' | 'transport' | 'peer'>,
  run: () => E | Promise<E>,
): E | Promise<E> {
  const message: CommandMessage = {
    ...facts,
    started: Date.now(),
    duration: undefined,
    outcome: undefined,
    code: undefined,
    error: undefined,
  }
  const startedAt = performance.now()
  const publishEnd = (ended: E): E => {
    message.duration = performance.now() - startedAt
    message.outcome = ended.error === undefined ? 'success' : 'error'
    message.code = ended.error?.code
    message.error = ended.error
    if (ended.error !== undefined) error.publish(message)
    end.publish(message)
    return ended
  }
  start.publish(message)
  const ended = run()
  return ended instanceof Promise ? ended.then(publishEnd) : publishEnd(ended)
}
