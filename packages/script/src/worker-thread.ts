import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads'
import { MiError } from '@mi/contract'
import { errorText } from '@mi/internal/error-text'
import type { ResolvedBlockingOptions } from './options.js'
import { type CallResult, noResponse, type ScriptRequest } from './script-call.js'
import {
  type CallMessage,
  type FromWorker,
  type ReplyMessage,
  received,
  SharedProgress,
  type WorkerStart,
} from './worker-protocol.js'

/** The program that the thread runs; the build puts it beside this code. A bundle in CommonJS has no URL. */
const PROGRAM = URL.canParse('./worker-program.js', import.meta.url)
  ? new URL('./worker-program.js', import.meta.url)
  : undefined

/** Most asynchronous calls under way; more are answered -3 at once. */
const MAX_PENDING = 10_000

/** Call numbers have 31 bits. */
const LAST_NUMBER = 2 ** 31 - 1

/** One life of the worker thread: from its start to its end. */
export class WorkerThread {
  /** Resolves when the thread has ended, with the reason. */
  readonly ended: Promise<string>
  /** Resolves when the engine listens; rejects with what keeps it from that, or the reason of `giveUp`. */
  readonly listening: Promise<void>
  /** Makes `listening` reject. Does nothing when the engine listens already. */
  giveUp: (reason: unknown) => void = () => {}
  private readonly progress = new SharedProgress()
  private readonly hangs: HangWatch
  private readonly calls: MessagePort
  private readonly worker: Worker
  private readonly pending = new Map<number, (result: CallResult) => void>()
  private number = 0
  private hasEnded = false

  /** @throws MiError `MI_UNSUPPORTED` when the worker's program is not there */
  constructor(private readonly options: ResolvedBlockingOptions) {
    const program = findProgram()
    const { engine, settings } = options
    const { port1, port2 } = new MessageChannel()
    this.calls = port1
    this.hangs = new HangWatch(options.hangTimeoutMs)
    const workerData: WorkerStart = { engine, settings, calls: port2, cells: this.progress.cells }
    this.worker = new Worker(program, {
      name: 'MI script',
      workerData,
      transferList: [port2],
      execArgv: inheritedExecArgv(),
    })
    this.ended = this.watchEnd()
    this.listening = this.watchStart()
  }

  /** Blocks this thread until the worker has replied, at most `timeoutMs`. */
  now(request: ScriptRequest): CallResult {
    const { progress, options } = this
    const number = this.nextNumber()
    const deadline = performance.now() + options.timeoutMs
    this.hangs.posted(progress.taken, number)
    this.post(this.calls, { type: 'call', number, request })
    for (;;) {
      // Read before the channel: a reply that comes after that changes the count, and ends the waiting at once.
      const { replies, ended } = progress
      const result = this.receive(number)
      if (result !== undefined) return result
      if (ended || this.hasEnded) return noResponse('MI_CONNECTION', 'the worker thread ended during the call')
      const leftMs = deadline - performance.now()
      if (leftMs <= 0) return this.timedOut(number, request)
      progress.waitForReply(replies, leftMs)
    }
  }

  /** @throws `signal.reason`, as a rejection, when the signal fires */
  later(request: ScriptRequest, signal: AbortSignal | undefined): CallResult | Promise<CallResult> {
    if (this.hasEnded) return noResponse('MI_CONNECTION', 'the worker thread has ended')
    if (this.pending.size >= MAX_PENDING) {
      return noResponse('MI_CONNECTION', `${MAX_PENDING} asynchronous calls are under way, which is the limit`)
    }
    const number = this.nextNumber()
    this.post(this.worker, { type: 'call', number, request })
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        this.pending.delete(number)
        this.post(this.worker, { type: 'abandon', number, request })
        reject(signal?.reason)
      }
      signal?.addEventListener('abort', abort, { once: true })
      this.pending.set(number, (result) => {
        signal?.removeEventListener('abort', abort)
        resolve(result)
      })
    })
  }

  /** Closes the engine gracefully; ends the thread after `closeTimeoutMs` in any case. */
  async close(): Promise<void> {
    this.worker.postMessage({ type: 'close' })
    const timer = setTimeout(() => void this.terminate(), this.options.closeTimeoutMs)
    await this.ended
    clearTimeout(timer)
  }

  /** Ends the thread, whatever it is doing. */
  async terminate(): Promise<void> {
    await this.worker.terminate()
  }

  /** The reply to the call, if it has come. Replies to calls that were given up are thrown away. */
  private receive(number: number): CallResult | undefined {
    for (;;) {
      const next = receiveMessageOnPort(this.calls)
      if (next === undefined) return undefined
      const reply = received<ReplyMessage>(next.message)
      if (reply.number === number) return reply.result
    }
  }

  private timedOut(number: number, request: ScriptRequest): CallResult {
    this.post(this.calls, { type: 'abandon', number, request })
    // It has not even taken what was sent to it for so long: it would not close either.
    if (this.hangs.isHung(this.progress.taken)) void this.terminate()
    return noResponse('MI_TIMEOUT', `command ${request.method} did not answer within ${this.options.timeoutMs} ms`)
  }

  private watchStart(): Promise<void> {
    const listening = new Promise<void>((resolve, reject) => {
      this.giveUp = reject
      this.worker.on('message', (data) => {
        const message = received<FromWorker>(data)
        if (message.type === 'listening') resolve()
        else if (message.type === 'failed') reject(this.startError(message.error))
        else this.settle(message)
      })
      void this.ended.then((reason) => reject(this.startError(new Error(`the worker thread ended: ${reason}`))))
    })
    // A start that fails before anybody waits for it must not be an unhandled rejection.
    listening.catch(() => {})
    return listening
  }

  private startError(cause: Error): MiError {
    return new MiError('MI_LISTEN', `the engine of ${this.options.engine} cannot listen: ${cause.message}`, { cause })
  }

  private watchEnd(): Promise<string> {
    return new Promise((resolve) => {
      let reason: string | undefined
      this.worker.on('error', (error) => {
        reason = errorText(error)
      })
      this.worker.on('exit', (code) => {
        this.hasEnded = true
        this.calls.close()
        const result = noResponse('MI_CONNECTION', 'the worker thread ended during the call')
        for (const number of this.pending.keys()) this.settle({ number, result })
        resolve(reason ?? `exit code ${code}`)
      })
    })
  }

  private settle({ number, result }: ReplyMessage): void {
    const resolve = this.pending.get(number)
    this.pending.delete(number)
    resolve?.(result)
  }

  private post(to: Pick<MessagePort, 'postMessage'>, message: CallMessage): void {
    to.postMessage(message)
  }

  private nextNumber(): number {
    this.number = this.number === LAST_NUMBER ? 1 : this.number + 1
    return this.number
  }
}

/** Notices a worker that has stopped taking calls. */
export class HangWatch {
  /** The call that the worker was last seen to have taken, and since when it should take the next one. */
  private taken = 0
  private sinceMs = 0
  private sent = 0

  /** @param limitMs 0 means no limit @param nowMs a clock that never goes back */
  constructor(
    private readonly limitMs: number,
    private readonly nowMs: () => number = () => performance.now(),
  ) {}

  /** A call is sent. @param taken number of the call that the worker took last */
  posted(taken: number, number: number): void {
    if (taken === this.sent || taken !== this.taken) this.seen(taken)
    this.sent = number
  }

  /** A call has timed out. */
  isHung(taken: number): boolean {
    if (taken === this.sent || taken !== this.taken) {
      this.seen(taken)
      return false
    }
    return this.limitMs > 0 && this.nowMs() - this.sinceMs >= this.limitMs
  }

  private seen(taken: number): void {
    this.taken = taken
    this.sinceMs = this.nowMs()
  }
}

/**
 * A thread inherits the options of its process (undefined). `--input-type`, for a program that is given as text, is refused by a
 * thread with a file; listing all the others would fail for those of V8.
 */
function inheritedExecArgv(): string[] | undefined {
  return process.execArgv.some((argument) => argument.startsWith('--input-type')) ? [] : undefined
}

function findProgram(): URL {
  if (PROGRAM !== undefined && existsSync(PROGRAM)) return PROGRAM
  throw new MiError(
    'MI_UNSUPPORTED',
    `the worker thread needs ${PROGRAM === undefined ? 'worker-program.js of @mi/script' : fileURLToPath(PROGRAM)}, ` +
      'which does not exist: @mi/script must be installed as it was published, not bundled into another file',
  )
}
