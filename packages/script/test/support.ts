import { CommandError, defineModule, implement, int, type MiTracer, object, schema } from '@mi/contract'

/** The commands of the tests. */
export const work = defineModule('work', {
  echo: { recipes: [{ a: 'string' }, { a: 'string', b: 'string' }], result: schema<Record<string, unknown>>({}) },
  sum: { recipes: [{}, { numbers: 'int[]' }], result: object({ sum: int() }) },
  nested: { recipes: [{ value: schema<{ list: number[] }>({ type: 'object' }) }], result: 'bool' },
  fail: { recipes: [{ code: 'int' }] },
  slow: { recipes: [{}], async: true },
  later: { recipes: [{}] },
  never: { recipes: [{}] },
  untilAborted: { recipes: [{}] },
  frozen: { recipes: [{}] },
  shared: { recipes: [{}], result: object({ list: 'int[]' }) },
})

/** Their code; what was given to `nested` is in `kept`, and how often `slow` and `later` have run, and `untilAborted` was aborted, in `runs`. */
export function workModule() {
  const kept: unknown[] = []
  const runs = { slow: 0, later: 0, aborted: 0 }
  const frozen = Object.freeze({ a: 1 })
  const shared = { list: [1] }
  const module = implement(work, {
    echo: (params) => ({ ...params }),
    sum: ({ numbers = [] }) => ({ sum: numbers.reduce((sum, number) => sum + number, 0) }),
    nested({ value }) {
      kept.push(value)
      return true
    },
    fail({ code }) {
      throw new CommandError(code, `failed with ${code}`, { code })
    },
    async slow() {
      runs.slow++
      return 'slow'
    },
    async later() {
      runs.later++
      return 'later'
    },
    never: () => new Promise(() => {}),
    untilAborted: (_params, { signal }) =>
      new Promise(() => signal.addEventListener('abort', () => runs.aborted++, { once: true })),
    frozen: () => frozen,
    shared: () => shared,
  })
  return { module, kept, runs }
}

/** A tracer that keeps what it is told. */
export function recordingTracer() {
  const told: { command: string; backend?: string; params?: unknown; peer?: unknown; reply?: string }[] = []
  const tracer: MiTracer = {
    request({ command, backend, params, peer }) {
      told.push({ command, backend, params, peer })
      return command
    },
    reply: (command, reply) => void told.push({ command: String(command), reply }),
  }
  return { told, tracer }
}
