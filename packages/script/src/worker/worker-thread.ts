import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads'
import { MiError } from '@mi/contract'
import type { ResolvedBlockingOptions } from '../blocking-options.js'
import { noResponse, type Outcome } from '../outcome.js'
import type { ScriptRequest } from '../request.js'
import { Bell } from './bell.js'
import { HangWatch } from './hang-watch.js'
import {
  type FromCallee,
  type FromWorker,
  received,
  type ToCallee,
  type ToWorker,
  type WorkerStart,
} from './messages.js'

/** The program that the thread runs; it stands beside this code once the package is built. A bundle in CommonJS has no URL. */
const program = URL.canParse('./worker.js', import.meta.url) ? new URL('./worker.js', import.meta.url) : undefined

/** Asynchronous calls that are under way, at most; more are answered -3 at once. */
const MAX_PENDING = 10_000

/** Call numbers have 31 bits. */
const LAST_NUMBER = 2 ** 31 - 1

/** One life of the worker thread: from its start to its end. */
export class WorkerThread {
  /** Resolves when the thread has ended, with the reason. */
  readonly ended: Promise<string>
  /** Resolves when the engine listens. */
  readonly listening: Promise<void>
  private readonly bell = new Bell()
  private readonly hangs: HangWatch
  private readonly calls: MessagePort
  private readonly worker: Worker
  private readonly pending = new Map<number, (outcome: Outcome) => void>()
  private number = 0
  private hasEnded = false

  /** @throws MiError `MI_UNSUPPORTED` when the worker's program is not there */
  constructor(private readonly options: ResolvedBlockingOptions) {
    const threadProgram = findProgram()
    const { engine, settings } = options
    const { port1, port2 } = new MessageChannel()
    this.calls = port1
    this.hangs = new HangWatch(options.hangTimeoutMs)
    const workerData: WorkerStart = { engine, settings, calls: port2, cells: this.bell.cells }
    this.worker = new Worker(threadProgram, {
      name: 'MI script',
      workerData,
      transferList: [port2],
      execArgv: inheritedExecArgv(),
    })
    this.ended = this.watchEnd()
    this.listening = this.watchStart()
    // Both the start and who waits for it are told; without anybody waiting it is no unhandled rejection.
    this.listening.catch(() => {})
  }

  /** Blocks this thread until the worker has answered, at most `timeoutMs`. */
  ask(request: ScriptRequest): Outcome {
    const { bell, calls, options } = this
    const number = this.nextNumber()
    const deadline = performance.now() + options.timeoutMs
    this.hangs.posted(bell.taken, number)
    this.post(calls, { type: 'call', number, request })
    for (;;) {
      // Read before the channel is looked at: what comes after that rings once more, and ends the waiting at once.
      const { rings, ended } = bell
      const outcome = this.receive(number)
      if (outcome !== undefined) return outcome
      if (ended || this.hasEnded) return noResponse('MI_CONNECTION', 'the worker thread ended during the call')
      const leftMs = deadline - performance.now()
      if (leftMs <= 0) return this.timedOut(number, request)
      bell.wait(rings, leftMs)
    }
  }

  /** Never rejects. @param onNumber is told the number of the call, for `abandon` */
  askLater(request: ScriptRequest, onNumber: (number: number) => void): Promise<Outcome> {
    if (this.hasEnded) return Promise.resolve(noResponse('MI_CONNECTION', 'the worker thread has ended'))
    if (this.pending.size >= MAX_PENDING) {
      const message = `${MAX_PENDING} asynchronous calls are under way already, which is the limit`
      return Promise.resolve(noResponse('MI_CONNECTION', message))
    }
    const number = this.nextNumber()
    onNumber(number)
    this.post(this.worker, { type: 'call', number, request })
    return new Promise((resolve) => this.pending.set(number, resolve))
  }

  /** Nobody waits for the answer to an asynchronous call any more. */
  abandon(number: number, request: ScriptRequest): void {
    if (this.pending.delete(number)) this.post(this.worker, { type: 'abandon', number, request })
  }

  /** Closes the engine gracefully; ends the thread in any case after `closeTimeoutMs`. */
  async close(): Promise<void> {
    this.post(this.worker, { type: 'close' })
    const timer = setTimeout(() => void this.terminate(), this.options.closeTimeoutMs)
    await this.ended
    clearTimeout(timer)
  }

  /** Ends the thread whatever it does. */
  async terminate(): Promise<void> {
    await this.worker.terminate()
  }

  /** What has come in answer to the call; what comes in answer to calls that were given up is thrown away. */
  private receive(number: number): Outcome | undefined {
    for (;;) {
      const next = receiveMessageOnPort(this.calls)
      if (next === undefined) return undefined
      const answer = received<FromCallee>(next.message)
      if (answer.number === number) return answer.outcome
    }
  }

  private timedOut(number: number, request: ScriptRequest): Outcome {
    this.post(this.calls, { type: 'abandon', number, request })
    // It has not even looked at what was sent to it for so long: it will not close either.
    if (this.hangs.isHung(this.bell.taken)) void this.terminate()
    return noResponse('MI_TIMEOUT', `command ${request.method} did not answer within ${this.options.timeoutMs} ms`)
  }

  private watchStart(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.worker.on('message', (message) => {
        const told = received<FromWorker>(message)
        if (told.type === 'listening') resolve()
        else if (told.type === 'failed') reject(this.startError(told))
        else this.settle(told)
      })
      void this.ended.then((reason) => reject(this.startError({ message: `the worker thread ended: ${reason}` })))
    })
  }

  private startError({ message, stack }: { readonly message: string; readonly stack?: string | undefined }): MiError {
    const cause = new Error(message)
    if (stack !== undefined) cause.stack = stack
    return new MiError('MI_LISTEN', `the engine of ${this.options.engine} cannot listen: ${message}`, { cause })
  }

  private watchEnd(): Promise<string> {
    return new Promise((resolve) => {
      let thrown: unknown
      this.worker.on('error', (error) => {
        thrown = error
      })
      this.worker.on('exit', (code) => {
        this.hasEnded = true
        this.calls.close()
        for (const number of this.pending.keys()) {
          this.settle({ number, outcome: noResponse('MI_CONNECTION', 'the worker thread ended during the call') })
        }
        resolve(thrown === undefined ? `exit code ${code}` : String(thrown))
      })
    })
  }

  private settle({ number, outcome }: FromCallee): void {
    const resolve = this.pending.get(number)
    this.pending.delete(number)
    resolve?.(outcome)
  }

  private post(to: Pick<MessagePort, 'postMessage'>, message: ToWorker | ToCallee): void {
    to.postMessage(message)
  }

  private nextNumber(): number {
    this.number = this.number === LAST_NUMBER ? 1 : this.number + 1
    return this.number
  }
}

/**
 * A thread inherits the options of its process (undefined). Those of a program that is given as text say what kind of text it
 * is, which a thread with a file refuses; naming all others would fail for those of V8.
 */
function inheritedExecArgv(): string[] | undefined {
  return process.execArgv.some((argument) => argument.startsWith('--input-type')) ? [] : undefined
}

function findProgram(): URL {
  if (program !== undefined && existsSync(program)) return program
  throw new MiError(
    'MI_UNSUPPORTED',
    `worker threads run ${program === undefined ? 'worker.js of @mi/script' : fileURLToPath(program)}, which is not there: ` +
      '@mi/script must be installed as it was published, not bundled into another file',
  )
}
