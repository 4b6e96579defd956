import { MiError } from '@mi/contract'
import { BackOff } from '@mi/internal/back-off'
import { errorText } from '@mi/internal/error-text'
import { type BlockingScriptOptions, type ResolvedBlockingOptions, resolveBlockingOptions } from './options.js'
import { type Carrier, scriptOver } from './script.js'
import { type CallFailure, type CallResult, noResponse, type ScriptRequest } from './script-call.js'
import type { Script } from './script-types.js'
import { WorkerThread } from './worker-thread.js'

/** A script whose synchronous calls wait for every command, also for one that answers later. */
export interface BlockingScript extends Script, AsyncDisposable {
  /**
   * Starts the worker thread; resolves when its engine listens. Until then calls return -3. A thread that ends later is replaced.
   * @throws MiError `MI_LISTEN` with what kept the engine from listening; the thread has ended then, and `listen` may be called again
   * @throws MiError `MI_CLOSED` after `close`
   * @throws `signal.reason` when the signal fires
   */
  listen(options?: { readonly signal?: AbortSignal | undefined }): Promise<void>
  /**
   * Closes the engine as its own `close` does, and ends the thread, after `closeTimeoutMs` in any case. Calls return -3 from then
   * on. May be called again, and before `listen`.
   */
  close(): Promise<void>
}

/**
 * A script whose engine runs in a worker thread. A synchronous call blocks this thread until the reply is there, while timers
 * and promises of the worker go on; an asynchronous one blocks nothing. Nothing is started before `listen`.
 * @throws TypeError, RangeError for wrong options
 */
export function createBlockingScript(options: BlockingScriptOptions): BlockingScript {
  const supervisor = new Supervisor(resolveBlockingOptions(options))
  const close = (): Promise<void> => supervisor.close()
  return {
    ...scriptOver(supervisor),
    listen: ({ signal } = {}) => supervisor.listen(signal),
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** Keeps a worker thread listening, and hands calls to it. */
class Supervisor implements Carrier {
  private state: 'new' | 'listening' | 'closed' = 'new'
  /** The thread that serves. */
  private thread: WorkerThread | undefined
  /** Why no thread serves. */
  private absence: CallFailure = noResponse('MI_CLOSED', 'the script does not listen: await its listen() first')
  /** Threads that start, serve or end. */
  private readonly threads = new Set<WorkerThread>()
  private readonly backOff = new BackOff({ firstMs: 50, longestMs: 10_000, healthyMs: 1_000 })
  private restart: NodeJS.Timeout | undefined
  private closing: Promise<void> | undefined

  constructor(private readonly options: ResolvedBlockingOptions) {}

  now(request: ScriptRequest): CallResult {
    return this.thread === undefined ? this.absence : this.thread.now(request)
  }

  later(request: ScriptRequest, signal: AbortSignal | undefined): CallResult | Promise<CallResult> {
    return this.thread === undefined ? this.absence : this.thread.later(request, signal)
  }

  async listen(signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted()
    if (this.state === 'closed') throw new MiError('MI_CLOSED', 'this script is closed; create a new one')
    if (this.state === 'listening') throw new TypeError('listen() was already called')
    this.state = 'listening'
    try {
      await this.start(signal)
    } catch (error) {
      if (this.state === 'listening') this.state = 'new'
      throw error
    }
  }

  close(): Promise<void> {
    this.closing ??= this.closeOnce()
    return this.closing
  }

  private async closeOnce(): Promise<void> {
    this.state = 'closed'
    this.absence = noResponse('MI_CLOSED', 'the script is closed')
    this.thread = undefined
    clearTimeout(this.restart)
    const threads = [...this.threads]
    for (const thread of threads) thread.giveUp(closedMeanwhile())
    await Promise.all(threads.map((thread) => thread.close()))
  }

  /** Resolves when a thread listens; when it ends later it is replaced. */
  private async start(signal: AbortSignal | undefined): Promise<void> {
    const thread = new WorkerThread(this.options)
    this.threads.add(thread)
    void thread.ended.then(() => this.threads.delete(thread))
    try {
      await this.listening(thread, signal)
    } catch (error) {
      await thread.terminate()
      throw error
    }
    this.thread = thread
    const sinceMs = performance.now()
    void thread.ended.then((reason) => this.replace(reason, performance.now() - sinceMs))
  }

  /** Waits until the thread listens. @throws what keeps it from that */
  private async listening(thread: WorkerThread, signal: AbortSignal | undefined): Promise<void> {
    const { engine, startTimeoutMs } = this.options
    const timer = setTimeout(() => {
      thread.giveUp(new MiError('MI_LISTEN', `the engine of ${engine} did not listen within ${startTimeoutMs} ms`))
    }, startTimeoutMs)
    const abort = (): void => thread.giveUp(signal?.reason)
    signal?.addEventListener('abort', abort, { once: true })
    try {
      await thread.listening
    } finally {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
    }
    if (this.state === 'closed') throw closedMeanwhile()
  }

  private replace(reason: string, listenedMs: number): void {
    if (this.state === 'closed') return
    this.thread = undefined
    this.absence = noResponse('MI_CONNECTION', `the worker thread ended (${reason}) and is being replaced`)
    const pauseMs = this.backOff.next(listenedMs)
    const { engine, log } = this.options
    log.error({ engine, reason, pauseMs }, 'the worker thread of a script ended; it is replaced')
    this.restart = setTimeout(() => {
      this.start(undefined).catch((error: unknown) => this.replace(errorText(error), 0))
    }, pauseMs)
  }
}

function closedMeanwhile(): MiError {
  return new MiError('MI_CLOSED', 'the script was closed while it began to listen')
}
