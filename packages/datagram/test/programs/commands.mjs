// What the child processes of children.test.ts serve.
import { defineModule, implement } from '@mi/contract'

const contract = defineModule('t', {
  pid: { recipes: [{}] },
  hold: { recipes: [{}] },
  late: { recipes: [{}] },
  big: { recipes: [{}] },
  traced: { recipes: [{}] },
})

let traced = 0

/** Counts what it sees. */
export const tracer = {
  request: ({ command }) => {
    traced += command === 't:pid' ? 1 : 0
  },
  reply: () => {},
}

export const commands = implement(contract, {
  pid: () => process.pid,
  hold: () => new Promise(() => {}),
  late: () => new Promise((resolve) => setTimeout(() => resolve('late'), 2_000)),
  big: () => 'z'.repeat(70_000),
  traced: () => traced,
})
