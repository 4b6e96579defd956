import { AsyncResource, createHook, executionAsyncId } from 'node:async_hooks'

/**
 * Knows the timers that the code under test has running. `process.getActiveResourcesInfo` cannot tell: it leaves out timers
 * with `unref`, and counts the test runner's own.
 *
 * What belongs to the code under test is what it sets off, step by step. An AsyncLocalStorage would not do: it does not
 * reach the connections that a server accepts.
 */
export class TimerWatch {
  private readonly root = new AsyncResource('MiCompliance')
  private readonly ours = new Set<number>([this.root.asyncId()])
  private readonly places = new Map<number, string>()
  private readonly hook = createHook({
    init: (id, type, trigger) => {
      // A promise is triggered by the one before it, which would make the test's own `await` the transport's doing.
      if (!this.ours.has(executionAsyncId()) && (type === 'PROMISE' || !this.ours.has(trigger))) return
      this.ours.add(id)
      if (type !== 'Timeout') return
      const place = placeOfCall()
      if (place !== undefined) this.places.set(id, place)
    },
    destroy: (id) => {
      this.ours.delete(id)
      this.places.delete(id)
    },
  })

  start(): void {
    this.hook.enable()
  }

  stop(): void {
    this.hook.disable()
  }

  /** Runs code whose timers, and those of all that it sets off, are to be watched. */
  run<T>(code: () => T): T {
    return this.root.runInAsyncScope(code)
  }

  /** Where the timers that are still running were made. */
  running(): string[] {
    return [...this.places.values()]
  }
}

const timerCode = /node:(timers|internal\/timers|internal\/async_hooks|async_hooks|timers\/promises)/

/** @returns undefined for timers that Node.js itself keeps, such as the clock of its HTTP server's Date header */
function placeOfCall(): string | undefined {
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = 16
  const lines = (new Error().stack ?? '').split('\n')
  Error.stackTraceLimit = limit
  const first = lines.findIndex((line) => timerCode.test(line))
  const caller = lines.slice(Math.max(first, 0)).find((line) => !timerCode.test(line) && line.includes(':'))
  if (caller === undefined) return 'unknown place'
  return caller.includes('node:') ? undefined : caller.trim().replace(/^at /, '')
}
