// The engine that the worker threads of the tests serve.
import { setTimeout as wait } from 'node:timers/promises'
import { threadId } from 'node:worker_threads'
import { CommandError, defineModule, implement } from '@mi/contract'
import { createMi } from '@mi/core'

const contract = defineModule('work', {
  slow: { recipes: [{ ms: 'int' }], async: true },
  ticks: { recipes: [{ count: 'int' }] },
  held: { recipes: [{}] },
  untilAborted: { recipes: [{}] },
  aborted: { recipes: [{}] },
  release: { recipes: [{}] },
  thread: { recipes: [{}] },
  big: { recipes: [{ length: 'int' }] },
  block: { recipes: [{ ms: 'int' }] },
  exit: { recipes: [{ code: 'int' }] },
  crash: { recipes: [{}] },
  refuse: { recipes: [{}] },
  never: { recipes: [{}] },
  hold: { recipes: [{}] },
  traced: { recipes: [{}] },
})

const traced = []
const held = []
let aborted = 0

const work = implement(contract, {
  async slow({ ms }) {
    await wait(ms)
    return { waited: ms }
  },
  // Answers when a timer has fired so often.
  async ticks({ count }) {
    let ticks = 0
    while (ticks < count) {
      await wait(1)
      ticks++
    }
    return { ticks }
  },
  // Never answers, and counts how often its signal fires.
  untilAborted: (_params, { signal }) => new Promise(() => signal.addEventListener('abort', () => aborted++)),
  aborted: () => aborted,
  // Answers when `release` runs.
  held: () => new Promise((resolve) => held.push(resolve)),
  release() {
    for (const resolve of held.splice(0)) resolve('released')
  },
  thread: () => threadId,
  big: ({ length }) => 'é'.repeat(length),
  block({ ms }) {
    const end = Date.now() + ms
    while (Date.now() < end);
    return 'awake'
  },
  exit({ code }) {
    process.exit(code)
  },
  crash() {
    setImmediate(() => {
      throw new Error('a worker of the tests crashes: this is meant to be')
    })
    return new Promise(() => {})
  },
  refuse() {
    throw new CommandError(404, 'Not here')
  },
  never: () => new Promise(() => {}),
  // Answers when the engine closes.
  hold: (_params, { signal }) =>
    new Promise((resolve) => signal.addEventListener('abort', () => resolve('held until the end'))),
  traced: () => traced,
})

export const mi = createMi({ modules: [work], limits: { closeTimeoutMs: 100 } })

export const tracer = {
  request({ command, backend, peer }) {
    traced.push([command, backend, peer.source?.address])
  },
  reply() {},
}
