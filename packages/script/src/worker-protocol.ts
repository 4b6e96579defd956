import { availableParallelism } from 'node:os'
import type { MessagePort } from 'node:worker_threads'
import type { ScriptSettings } from './options.js'
import type { CallResult, ScriptRequest } from './script-call.js'

// What passes between a script and its worker thread: messages, and a few numbers in shared memory.

/** Start data of the worker thread. */
export interface WorkerStart {
  /** URL of the file that exports the engine. */
  readonly engine: string
  readonly settings: ScriptSettings
  /** The worker's end of the channel for calls that block their caller. */
  readonly calls: MessagePort
  /** The cells of `SharedProgress`. */
  readonly cells: Int32Array<SharedArrayBuffer>
}

/** To the worker: over the channel for blocking calls, or to the thread itself for asynchronous ones. */
export type CallMessage =
  | { readonly type: 'call'; readonly number: number; readonly request: ScriptRequest }
  /** The caller no longer waits. */
  | { readonly type: 'abandon'; readonly number: number; readonly request: ScriptRequest }

/** From the worker, over the channel for blocking calls. */
export interface ReplyMessage {
  readonly number: number
  readonly result: CallResult
}

/** To the thread itself. */
export type ToWorker = CallMessage | { readonly type: 'close' }

/** From the thread itself. */
export type FromWorker =
  | { readonly type: 'listening' }
  /** `error` has a message and a stack, nothing else. */
  | { readonly type: 'failed'; readonly error: Error }
  | ({ readonly type: 'reply' } & ReplyMessage)

/** Both ends of the channels belong to one version of this package: a message is what the other end has sent. */
export function received<T>(message: unknown): T {
  return message as T
}

/**
 * How long a thread looks at the cells before it sleeps. Waking it takes longer than most commands do: on two idle virtual
 * cores this raised 16,000 calls a second to more than 40,000 (Node.js 20.20, 2026-11-21).
 */
const SPIN_MS = 0.05

/** Looks at the cells between two looks at the clock, which cost more. */
const LOOKS = 16

/** With one core, spinning only keeps the worker from running. */
const CAN_SPIN = availableParallelism() > 1

/** The cells by number. */
const REPLIES = 0
const TAKEN = 1
const ENDED = 2
const CELLS = 3

/** What a blocked thread can see of the worker it waits for: a few numbers in memory that both share. */
export class SharedProgress {
  constructor(readonly cells = new Int32Array(new SharedArrayBuffer(CELLS * Int32Array.BYTES_PER_ELEMENT))) {}

  /** How many replies the worker has sent to blocking calls. */
  get replies(): number {
    return Atomics.load(this.cells, REPLIES)
  }

  /** The number of the blocking call that the worker took last. */
  get taken(): number {
    return Atomics.load(this.cells, TAKEN)
  }

  /** Whether the worker has ended. One that ran out of memory cannot say so. */
  get ended(): boolean {
    return Atomics.load(this.cells, ENDED) !== 0
  }

  /** Blocks the thread until the worker has sent more than `replies` replies or ended, at most for `timeoutMs`. */
  waitForReply(replies: number, timeoutMs: number): void {
    if (CAN_SPIN && this.repliesSoon(replies)) return
    Atomics.wait(this.cells, REPLIES, replies, timeoutMs)
  }

  private repliesSoon(replies: number): boolean {
    const endMs = performance.now() + SPIN_MS
    do {
      for (let look = 0; look < LOOKS; look++) if (this.replies !== replies) return true
    } while (performance.now() < endMs)
    return false
  }

  /** Called by the worker after it has sent a reply. */
  replied(): void {
    Atomics.add(this.cells, REPLIES, 1)
    Atomics.notify(this.cells, REPLIES)
  }

  /** Called by the worker when it takes a call. */
  take(number: number): void {
    Atomics.store(this.cells, TAKEN, number)
  }

  /** Called by the worker as the last thing that it does. */
  end(): void {
    Atomics.store(this.cells, ENDED, 1)
    this.replied()
  }
}
