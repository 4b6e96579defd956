import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { CommandContext } from '../src/index.js'
import { counter, counterModule } from './readme-example.js'

const read = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8')

test('the example of the README is the one that is compiled and run with the tests', () => {
  const [, example] = /```ts\n(.*?)```/s.exec(read('../README.md')) ?? []
  expect(example).toBe(read('readme-example.ts'))
})

test('the example of the README counts', () => {
  const { add } = counterModule().handlers
  const ctx: CommandContext = {
    command: counter.add.method,
    transport: 'local',
    peer: { transport: 'local' },
    signal: new AbortController().signal,
    log: { debug() {}, info() {}, warn() {}, error() {} },
    provisional() {},
  }
  expect(add?.({ name: 'calls' }, ctx)).toEqual({ name: 'calls', value: 1 })
  expect(add?.({ name: 'calls', by: 2 }, ctx)).toEqual({ name: 'calls', value: 3 })
  expect(() => add?.({ name: 'calls', by: Number.MAX_SAFE_INTEGER }, ctx)).toThrow('Counter is full')
})
