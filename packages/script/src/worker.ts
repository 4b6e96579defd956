import { parentPort, workerData } from 'node:worker_threads'
import { EngineCalls } from './calls.js'
import { Bell } from './worker/bell.js'
import { Callee } from './worker/callee.js'
import { loadEngine, type WorkerEngine } from './worker/load-engine.js'
import { type FromWorker, received, type ToCallee, type ToWorker, type WorkerStart } from './worker/messages.js'

// The program of the worker thread that `createBlockingScript` starts.

const tell = (message: FromWorker): void => parentPort?.postMessage(message)

async function serve({ engine, settings, calls: port, cells }: WorkerStart): Promise<void> {
  const bell = new Bell(cells)
  // Also after an exception that nobody caught: whoever is blocked need not wait for the time limit.
  process.on('exit', () => bell.end())
  const { mi, tracer } = await loadEngine(engine)
  const calls = new EngineCalls(mi, { ...settings, tracer })
  await mi.listen()

  const blocking = new Callee(calls, true, (answer) => {
    port.postMessage(answer)
    bell.ring()
  })
  port.on('message', (message) => {
    const call = received<ToCallee>(message)
    if (call.type === 'call') bell.take(call.number)
    blocking.receive(call)
  })

  const asynchronous = new Callee(calls, false, (answer) => tell({ type: 'answer', ...answer }))
  parentPort?.on('message', (message) => {
    const told = received<ToWorker>(message)
    if (told.type === 'close') void close(mi)
    else asynchronous.receive(told)
  })
  tell({ type: 'listening' })
}

/** Ends this thread, also where modules have left timers behind. */
async function close(mi: WorkerEngine): Promise<void> {
  try {
    await mi.close()
  } finally {
    process.exit()
  }
}

try {
  await serve(received<WorkerStart>(workerData))
} catch (error) {
  const { message, stack } = error instanceof Error ? error : new Error(String(error))
  tell({ type: 'failed', message, stack })
}
