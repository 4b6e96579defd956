import { parentPort, workerData } from 'node:worker_threads'
import type { MiHost, MiTracer } from '@mi/contract'
import { errorText } from '@mi/internal/error-text'
import { EngineCalls } from './engine-calls.js'
import type { CallResult, ScriptRequest } from './script-call.js'
import {
  type CallMessage,
  type FromWorker,
  type ReplyMessage,
  received,
  SharedProgress,
  type ToWorker,
  type WorkerStart,
} from './worker-protocol.js'

// The program of the worker thread that `createBlockingScript` starts.

/** An engine that a worker thread serves: what `createMi` of @mi/core returns. */
interface WorkerEngine extends MiHost {
  listen(): Promise<void>
  close(): Promise<void>
}

/** Runs the calls of one channel. */
class CallServer {
  /** Calls that have no reply yet and whose caller waits, each with what fires its signal. */
  private readonly waiting = new Map<number, AbortController>()
  /** A controller that no call uses: creating one costs as much as a short command. */
  private spare: AbortController | undefined

  /**
   * @param blocking whether the callers are blocked meanwhile
   * @param reply sends the result of a call
   */
  constructor(
    private readonly calls: EngineCalls,
    private readonly blocking: boolean,
    private readonly reply: (reply: ReplyMessage) => void,
  ) {}

  receive({ type, number, request }: CallMessage): void {
    if (type === 'abandon') this.abandon(number, request)
    else this.call(number, request)
  }

  private call(number: number, request: ScriptRequest): void {
    const controller = this.spare ?? new AbortController()
    const result = this.calls.later(request, this.blocking, controller.signal)
    if (result instanceof Promise) {
      this.spare = undefined
      this.waiting.set(number, controller)
      void this.replyLater(number, result, controller)
    } else {
      this.spare = controller
      this.reply({ number, result })
    }
  }

  /** The promise never rejects. */
  private async replyLater(number: number, promise: Promise<CallResult>, controller: AbortController): Promise<void> {
    const result = await promise
    if (!this.waiting.delete(number)) return
    this.spare = controller
    this.reply({ number, result })
  }

  private abandon(number: number, request: ScriptRequest): void {
    // A result that is on its way already is lost like one that is yet to come.
    this.calls.drop(this.blocking ? 'timed_out' : 'aborted', request)
    const controller = this.waiting.get(number)
    this.waiting.delete(number)
    controller?.abort()
  }
}

const post = (message: FromWorker): void => parentPort?.postMessage(message)

async function serve({ engine, settings, calls: port, cells }: WorkerStart): Promise<void> {
  const progress = new SharedProgress(cells)
  // Also after an uncaught exception: a blocked caller need not wait for the time limit.
  process.on('exit', () => progress.end())
  const { mi, tracer } = await loadEngine(engine)
  const calls = new EngineCalls(mi, { ...settings, tracer })
  await mi.listen()

  const blocking = new CallServer(calls, true, (reply) => {
    port.postMessage(reply)
    progress.replied()
  })
  port.on('message', (message) => {
    const call = received<CallMessage>(message)
    if (call.type === 'call') progress.take(call.number)
    blocking.receive(call)
  })

  const asynchronous = new CallServer(calls, false, (reply) => post({ type: 'reply', ...reply }))
  parentPort?.on('message', (message) => {
    const order = received<ToWorker>(message)
    if (order.type === 'close') void close(mi)
    else asynchronous.receive(order)
  })
  post({ type: 'listening' })
}

/**
 * Imports the file of an engine.
 * @throws TypeError when it exports no engine under the name `mi`, or a `tracer` that is not one; what importing it throws
 */
async function loadEngine(url: string): Promise<{ mi: WorkerEngine; tracer: MiTracer | undefined }> {
  const { mi, tracer }: Record<string, unknown> = await import(url)
  if (!isEngine(mi)) {
    throw new TypeError(`${url} does not export an engine: export const mi = createMi({ modules: [...] })`)
  }
  if (tracer !== undefined && !isTracer(tracer)) {
    throw new TypeError(`${url} exports a tracer that is not an MiTracer: it needs the methods request and reply`)
  }
  return { mi, tracer }
}

function isEngine(value: unknown): value is WorkerEngine {
  return has(value, 'attach') && has(value, 'listen') && has(value, 'close')
}

function isTracer(value: unknown): value is MiTracer {
  return has(value, 'request') && has(value, 'reply')
}

function has(value: unknown, method: string): boolean {
  return typeof value === 'object' && value !== null && typeof Reflect.get(value, method) === 'function'
}

/** Ends this thread, also when modules have left timers behind. */
async function close(mi: WorkerEngine): Promise<void> {
  try {
    await mi.close()
  } finally {
    process.exit()
  }
}

/** Any value may be thrown, and not all of them can be sent to another thread. */
function portable(thrown: unknown): Error {
  const error = new Error(errorText(thrown))
  if (thrown instanceof Error && thrown.stack !== undefined) error.stack = thrown.stack
  return error
}

try {
  await serve(received<WorkerStart>(workerData))
} catch (error) {
  post({ type: 'failed', error: portable(error) })
}
