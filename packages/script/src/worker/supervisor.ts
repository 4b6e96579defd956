import { MiError } from '@mi/contract'
import type { ResolvedBlockingOptions } from '../blocking-options.js'
import type { Carrier } from '../host-script.js'
import { type Failure, noResponse, type Outcome } from '../outcome.js'
import type { ScriptRequest } from '../request.js'
import { untilAborted } from '../until-aborted.js'
import { BackOff } from './back-off.js'
import { WorkerThread } from './worker-thread.js'

/** Keeps a worker thread listening, and hands calls to it. */
export class Supervisor implements Carrier {
  private thread: WorkerThread | undefined
  /** Ends the start of a thread, and the pause before one. */
  private readonly closed = new AbortController()
  private readonly backOff = new BackOff()
  private state: 'new' | 'listening' | 'closed' = 'new'
  /** Why there is no thread. */
  private absence: Failure = noResponse('MI_CLOSED', 'the script does not listen: await its listen() first')
  private closing: Promise<void> | undefined
  /** Threads that start, serve or end. */
  private readonly threads = new Set<WorkerThread>()

  constructor(private readonly options: ResolvedBlockingOptions) {}

  now(request: ScriptRequest): Outcome {
    return this.thread === undefined ? this.absence : this.thread.ask(request)
  }

  later(request: ScriptRequest, signal: AbortSignal | undefined): Outcome | Promise<Outcome> {
    const { thread } = this
    if (thread === undefined) return this.absence
    let number = 0
    const outcome = thread.askLater(request, (its) => {
      number = its
    })
    return signal === undefined ? outcome : untilAborted(outcome, signal, () => thread.abandon(number, request))
  }

  async listen(signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted()
    if (this.state === 'closed') throw new MiError('MI_CLOSED', 'this script is closed; make a new one')
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
    this.closed.abort(new MiError('MI_CLOSED', 'the script was closed while it began to listen'))
    await Promise.all([...this.threads].map((thread) => thread.close()))
  }

  /** Resolves when a thread listens, which is replaced from then on when it ends. */
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
    const since = performance.now()
    void thread.ended.then((reason) => this.replace(reason, performance.now() - since))
  }

  /** The thread listens, or what kept it from it is thrown. */
  private async listening(thread: WorkerThread, signal: AbortSignal | undefined): Promise<void> {
    const { engine, startTimeoutMs } = this.options
    const givenUp = new AbortController()
    const timer = setTimeout(() => {
      givenUp.abort(new MiError('MI_LISTEN', `the engine of ${engine} did not listen within ${startTimeoutMs} ms`))
    }, startTimeoutMs)
    const signals = [givenUp.signal, this.closed.signal, ...(signal === undefined ? [] : [signal])]
    try {
      await untilAborted(thread.listening, AbortSignal.any(signals), () => {})
    } finally {
      clearTimeout(timer)
    }
    this.closed.signal.throwIfAborted()
  }

  private replace(reason: string, listenedMs: number): void {
    if (this.state === 'closed') return
    this.thread = undefined
    this.absence = noResponse('MI_CONNECTION', `the worker thread ended (${reason}) and is being replaced`)
    const pauseMs = this.backOff.next(listenedMs)
    this.log({ engine: this.options.engine, reason, pauseMs }, 'the worker thread of a script ended; it is replaced')
    const timer = setTimeout(() => {
      this.closed.signal.removeEventListener('abort', cancel)
      this.start(undefined).catch((error: unknown) => this.replace(String(error), 0))
    }, pauseMs)
    const cancel = (): void => clearTimeout(timer)
    this.closed.signal.addEventListener('abort', cancel, { once: true })
  }

  private log(fields: Readonly<Record<string, unknown>>, message: string): void {
    try {
      this.options.log.error(fields, message)
    } catch {
      // A logger that throws must not keep the thread from being replaced, and there is nobody left to tell.
    }
  }
}
