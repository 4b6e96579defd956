import { inspect } from 'node:util'
import type { MiLogger } from '@mi/contract'
import type { Sample, SharedOptions } from '@mi/core'

/** All that a child needs to know to serve. */
export interface Configuration {
  /** Place of the child among those of its transport, from 0. */
  readonly index: number
  /** URL of the module that exports the commands. */
  readonly modules: string
  /** URL of the module that exports `createTransport`, what is given to it, and the descriptors inherited. */
  readonly transport: string
  readonly options: unknown
  readonly descriptors: readonly number[]
  /** Statistics group of the transport. */
  readonly group: string
  readonly level: number
  /** When the server began, and its arguments. */
  readonly startedAt: Date
  readonly args: readonly string[]
  /** The options of the main engine that are plain data. */
  readonly engine: SharedOptions
}

/** From the main process to a child. */
export type ToChild =
  | { readonly type: 'configure'; readonly configuration: Configuration }
  /** Answered by `numbers`. */
  | { readonly type: 'read'; readonly id: number }
  | { readonly type: 'reset'; readonly id: number; readonly names: readonly string[] }
  | { readonly type: 'level'; readonly level: number }
  /** The reply to an `ask`. */
  | { readonly type: 'reply'; readonly id: number; readonly value: unknown }
  | { readonly type: 'refused'; readonly id: number; readonly error: PortableError }
  | { readonly type: 'close' }

/** What a command that runs in a child asks of the main process. */
export type Question =
  | { readonly type: 'list' }
  | { readonly type: 'level'; readonly level: number; readonly pid: number | undefined }
  | { readonly type: 'read' | 'kinds' | 'reset'; readonly selectors: readonly string[] }

/** A line of a child's log. */
export interface LogLine {
  readonly type: 'log'
  readonly level: keyof MiLogger
  readonly fields: Readonly<Record<string, unknown>>
  /** The fields that hold an error. */
  readonly errors: readonly (readonly [field: string, error: PortableError])[]
  readonly message: string
}

/** From a child to the main process. */
export type FromChild =
  | LogLine
  /** `id` is that of the `read` or `reset` that this answers; 0: sent without being asked for. */
  | { readonly type: 'numbers'; readonly id: number; readonly samples: readonly Sample[] }
  | { readonly type: 'ask'; readonly id: number; readonly question: Question }
  | { readonly type: 'ready'; readonly samples: readonly Sample[] }
  | { readonly type: 'failed'; readonly error: PortableError }
  | { readonly type: 'kill' }

/** Messages stand under this name: a program may send messages of its own over the same channel. */
const ENVELOPE = '@mi/processes'

/** The message of this package in what arrived; undefined where something else arrived. */
export function opened<Message extends ToChild | FromChild>(received: unknown): Message | undefined {
  if (typeof received !== 'object' || received === null || !(ENVELOPE in received)) return undefined
  return sentByUs(received[ENVELOPE])
}

/** Holds because both processes run this version of this package, and nothing else writes under its name. */
function sentByUs<Message>(value: unknown): Message {
  return value as Message
}

/** One end of an IPC channel: `process` in a child, the `ChildProcess` in its parent. */
export interface Channel {
  /** @returns false when so much waits to be sent that the sender should pause */
  send(message: object, sent: (error: Error | null) => void): boolean
}

/**
 * Sends messages to another process. Node.js keeps what the channel does not take at once, without a bound; this sends
 * nothing that can be left out while the channel is backed up (128 kB and more waiting).
 */
export class Sender<Message extends ToChild | FromChild> {
  private backedUp = false

  /** @param drained called when a channel that was backed up takes messages again */
  constructor(
    private readonly channel: Channel,
    private readonly drained: () => void = () => {},
  ) {}

  /** Sends unless the channel is backed up. @returns whether it was sent */
  offer(message: Message): boolean {
    if (this.backedUp) return false
    this.insist(message)
    return true
  }

  /**
   * Sends what must not be left out, and what is sent once in the life of a process.
   * @param sent called when the system has taken the message, or when it never will
   */
  insist(message: Message, sent: () => void = () => {}): void {
    const taken = this.channel.send({ [ENVELOPE]: message }, () => {
      // An error means that the other process is gone, which 'disconnect' and 'exit' report too.
      sent()
      if (!this.backedUp) return
      this.backedUp = false
      this.drained()
    })
    if (!taken) this.backedUp = true
  }
}

/**
 * An error as another process can take it. The channel could carry errors as they are, but not their codes; and one whose
 * causes form a cycle would end the process that reads it.
 */
export interface PortableError {
  readonly name: string
  readonly message: string
  readonly stack: string | undefined
  readonly code: string | number | undefined
  readonly cause: PortableError | undefined
}

/** Causes deeper than this are left out. */
const DEEPEST_CAUSE = 4

export function portableError(error: unknown, depth = 0): PortableError {
  if (!(error instanceof Error)) {
    const message = typeof error === 'string' ? error : inspect(error)
    return { name: 'Error', message, stack: undefined, code: undefined, cause: undefined }
  }
  const { name, message, stack, cause } = error
  const code = 'code' in error ? error.code : undefined
  return {
    name: String(name),
    message: String(message),
    stack: typeof stack === 'string' ? stack : undefined,
    code: typeof code === 'string' || typeof code === 'number' ? code : undefined,
    cause: cause instanceof Error && depth < DEEPEST_CAUSE ? portableError(cause, depth + 1) : undefined,
  }
}

/** An `Error` again, so that loggers print it as one. */
export function revivedError({ name, message, stack, code, cause }: PortableError): Error {
  const error = new Error(message, cause && { cause: revivedError(cause) })
  Object.defineProperty(error, 'name', { value: name, enumerable: false })
  // The stack of this process says nothing: it shows where the error was revived.
  Object.defineProperty(error, 'stack', { value: stack ?? `${name}: ${message}`, enumerable: false })
  return code === undefined ? error : Object.assign(error, { code })
}
