import type { ClientMessage, ClientReply } from '@mi/contract'
import { LARGEST_TIMER_MS, type OptionChecks } from '@mi/internal/options'

/** Options that the transports over datagrams have in common. */
export interface DatagramLimits {
  /**
   * The longest request, in bytes of UTF-8; a longer one is refused with a RangeError before anything is sent.
   * @default 65457, the most that mi_datagram of OpenSIPS takes
   */
  readonly maxRequestBytes?: number | undefined
  /** How many calls may wait for their turn; more are refused with `MI_CONNECTION`. @default 65536 */
  readonly maxQueued?: number | undefined
  /**
   * How often a request is sent again that is not answered; the command may then run more than once. @default 0
   */
  readonly retries?: number | undefined
  /** The pause before a request is sent again, in milliseconds. @default 1000 */
  readonly retryMs?: number | undefined
}

export interface ResolvedLimits {
  readonly maxRequestBytes: number
  readonly maxConcurrent: number
  readonly maxQueued: number
  readonly retries: number
  readonly retryMs: number
}

const DEFAULT_REQUEST_BYTES = 65_457

/**
 * @param bounds what the kind of socket allows
 * @throws RangeError for a number out of bounds
 */
export function resolveLimits(
  check: OptionChecks,
  options: DatagramLimits & { readonly maxConcurrent?: number | undefined },
  bounds: { readonly maxRequestBytes: number; readonly maxConcurrent: number },
): ResolvedLimits {
  const { maxRequestBytes = DEFAULT_REQUEST_BYTES, maxConcurrent = bounds.maxConcurrent, maxQueued = 65_536 } = options
  return {
    maxRequestBytes: check.integer('maxRequestBytes', maxRequestBytes, 1, bounds.maxRequestBytes),
    maxConcurrent: check.integer('maxConcurrent', maxConcurrent, 1),
    maxQueued: check.integer('maxQueued', maxQueued, 1),
    retries: check.integer('retries', options.retries ?? 0, 0, 1000),
    retryMs: check.integer('retryMs', options.retryMs ?? 1000, 1, LARGEST_TIMER_MS),
  }
}

/**
 * How far a message has come: it waits for its turn; it is to be sent (the socket may not be open yet, or have no room);
 * it is sent; it is over.
 */
export type Phase = 'waiting' | 'unsent' | 'sent' | 'over'

/** What carries a message: a connection. */
export interface Carrier {
  repeat(message: DatagramMessage): void
  forget(message: DatagramMessage, abandoned: boolean, wasSent: boolean): void
}

/** What the transport does when a message is over. */
export interface MessageOwner {
  /**
   * @param before how far it had come
   * @param abandoned nobody waits for its reply any more; it may come all the same
   */
  ended(message: DatagramMessage, before: Phase, abandoned: boolean): void
}

/** One message on its way: it is settled once. It listens to its signal itself, which saves a function for each. */
export class DatagramMessage {
  phase: Phase = 'waiting'
  /** What carries it. */
  connection: Carrier | undefined
  /** It was refused before it was sent, and has had its second try. */
  hadSecondTry = false
  /** How often it was sent again because no reply came. */
  repeats = 0

  constructor(
    readonly content: ClientMessage,
    private readonly owner: MessageOwner,
    private readonly resolve: (reply: ClientReply | null) => void,
    private readonly reject: (reason: unknown) => void,
  ) {
    content.signal.addEventListener('abort', this)
  }

  get awaitsReply(): boolean {
    return this.content.ids.length > 0
  }

  succeed(reply: ClientReply | null): void {
    if (this.end(false)) this.resolve(reply)
  }

  fail(reason: unknown): void {
    if (this.end(false)) this.reject(reason)
  }

  /** The caller has given up. What the message made is removed before it rejects. */
  handleEvent(): void {
    if (this.end(true)) this.reject(this.content.signal.reason)
  }

  private end(abandoned: boolean): boolean {
    const before = this.phase
    if (before === 'over') return false
    this.phase = 'over'
    this.content.signal.removeEventListener('abort', this)
    this.owner.ended(this, before, abandoned)
    return true
  }
}

/** What a socket reports. All of it comes in order; none of it comes once the socket is closed. */
export interface SocketEvents {
  /** A reply, or anything else that arrived; null for what was longer than a datagram may be and is lost. */
  received(text: string | null): void
  /** The system has taken a message. */
  sent(message: DatagramMessage): void
  /** The system has not taken a message; the others are not concerned. */
  failed(message: DatagramMessage, error: Error): void
  /**
   * The server is gone: what was sent and is not answered by what has arrived already never will be.
   * @param unsent a message that was kept from being sent by what became of an earlier one
   */
  refused(error: Error, unsent?: DatagramMessage | undefined): void
}

/** An open datagram socket and the server at its other end. */
export interface ServerSocket {
  /** Sends a message as soon as there is room. The events say what became of it, some of them before this returns. */
  send(message: DatagramMessage): void
  /** Keeps a message from being sent if that is still possible. @returns whether it was */
  withdraw(message: DatagramMessage): boolean
  /** Closes the socket and removes its file, at once. */
  close(): void
}

/**
 * Opens a socket.
 * @param signal fires when nobody needs the socket any more; opening then rejects and leaves nothing
 * @throws MiError `MI_CONNECTION` with what, where and how to fix it; `MI_UNSUPPORTED`
 */
export type OpenSocket = (events: SocketEvents, signal: AbortSignal) => Promise<ServerSocket>
