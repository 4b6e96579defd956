// The commands that the children of the tests serve.
import { CommandError, defineModule, implement } from '@mi/contract'

const contract = defineModule('work', {
  count: { recipes: [{}] },
  hold: { recipes: [{}] },
  block: { recipes: [{ ms: 'int' }] },
  crash: { recipes: [{}] },
  exit: { recipes: [{ code: 'int' }] },
  log: { recipes: [{ level: 'string' }] },
  flood: { recipes: [{ lines: 'int' }] },
  odd: { recipes: [{}] },
  where: { recipes: [{}] },
  refuse: { recipes: [{}] },
})

let inits = 0
let counted = 0

const work = implement(
  contract,
  {
    count: () => ++counted,
    // Answers when the server closes, and not at once.
    hold: (_params, ctx) =>
      new Promise((resolve) => {
        ctx.signal.addEventListener('abort', () => setTimeout(resolve, 100, 'held until the end'))
      }),
    block({ ms }) {
      const end = Date.now() + ms
      while (Date.now() < end);
    },
    crash() {
      setImmediate(() => {
        throw new Error('a child of the tests crashes: this is meant to be')
      })
    },
    exit({ code }) {
      setImmediate(() => process.exit(code))
    },
    log({ level }, { log }) {
      const cause = Object.assign(new Error('disk full'), { code: 'ENOSPC' })
      const cycle = { name: 'ring' }
      cycle.self = cycle
      log[level]({ a: 1, big: 2n, cycle, call() {}, err: new RangeError('cannot save', { cause }) }, `said at ${level}`)
    },
    flood({ lines }, { log }) {
      const padding = 'x'.repeat(1_000)
      for (let line = 0; line < lines; line++) log.info({ line, padding }, 'flood')
    },
    // What no engine would send.
    odd() {
      process.send({ type: 'nonsense' })
      process.send('nonsense')
    },
    where: () => ({ pid: process.pid, inits, title: process.argv[2], execArgv: process.execArgv }),
    refuse() {
      throw new CommandError(5, 'refused')
    },
  },
  {
    init: () => void inits++,
    statistics: {
      counted: {
        value: () => counted,
        reset: () => {
          counted = 0
        },
      },
      depth: () => 2,
      broken() {
        throw new Error('no such gauge')
      },
    },
  },
)

export const modules = [work]
export { work }
export const other = 'what is no module is left alone'
