// What the child processes of children.test.ts serve.
import { existsSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { defineModule, implement } from '@mi/contract'

const contract = defineModule('t', {
  pid: { recipes: [{}] },
  hold: { recipes: [{}] },
  late: { recipes: [{ file: 'string' }] },
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
  /** Answers when the file exists. */
  late: async ({ file }) => {
    while (!existsSync(file)) await pause(5)
    return 'late'
  },
  big: () => 'z'.repeat(70_000),
  traced: () => traced,
})
