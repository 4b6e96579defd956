import type { MessagePort } from 'node:worker_threads'
import type { ScriptSettings } from '../options.js'
import type { Outcome } from '../outcome.js'
import type { ScriptRequest } from '../request.js'

/** What a worker thread is started with. */
export interface WorkerStart {
  /** URL of the file that exports the engine. */
  readonly engine: string
  readonly settings: ScriptSettings
  /** The worker's end of the channel for calls that block their caller. */
  readonly calls: MessagePort
  /** The cells of the `Bell`. */
  readonly cells: Int32Array<SharedArrayBuffer>
}

/** Over the channel for blocking calls, to the worker. */
export type ToCallee =
  | { readonly type: 'call'; readonly number: number; readonly request: ScriptRequest }
  /** The caller waits no longer. */
  | { readonly type: 'abandon'; readonly number: number; readonly request: ScriptRequest }

/** Over the channel for blocking calls, from the worker. */
export interface FromCallee {
  readonly number: number
  readonly outcome: Outcome
}

/** To the worker, for what nobody is blocked by. */
export type ToWorker = ToCallee | { readonly type: 'close' }

/** From the worker. */
export type FromWorker =
  | { readonly type: 'listening' }
  | { readonly type: 'failed'; readonly message: string; readonly stack: string | undefined }
  | ({ readonly type: 'answer' } & FromCallee)

/** Both ends of the channels are this package's, and of one version: what arrives is what the other end has sent. */
export function received<T>(message: unknown): T {
  return message as T
}
