import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { clientTransportCases, type ServerHarness, serverTransportCases } from '../src/index.js'
import { referenceClientHarness } from './reference/client-harness.js'
import { referenceServerHarness } from './reference/server-harness.js'

const read = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8')

test('the harness of the README is the one that runs with the tests', () => {
  const [, example] = /```ts\n(.*?)```/s.exec(read('../README.md')) ?? []
  expect(example).toBe(read('readme-example.test.ts'))
})

test('the README lists every promise and every trait', () => {
  const readme = read('../README.md')
  const harness: ServerHarness = referenceServerHarness()
  const cases = [...serverTransportCases(harness), ...clientTransportCases(referenceClientHarness())]
  const names = cases.map(({ name }) => name.replace(/ \[not checked: .*/, ''))
  const traits = [...read('../src/traits.ts').matchAll(/^ {2}readonly (\w+):/gm)].map(([, name]) => `\`${name}\``)
  expect(traits.length).toBeGreaterThan(15)
  expect([...names, ...traits].filter((text) => !readme.includes(text))).toEqual([])
})
