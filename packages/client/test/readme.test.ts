import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

test('the example of the README is the one that is compiled with the tests', () => {
  const read = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8')
  const [, example] = /```ts\n(.*?)```/s.exec(read('../README.md')) ?? []
  expect(example).toBe(read('readme-example.ts'))
})
