import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { fifo } from '../src/fifo/fifo.js'
import { http } from '../src/http/http.js'
import { createClient } from '../src/index.js'
import { udp } from '../src/udp/udp.js'
import { unix } from '../src/unix/unix.js'

const read = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8')
const readme = read('../README.md')

test('the examples of the README are those that are compiled with the tests', () => {
  const examples = [...readme.matchAll(/```ts\n(.*?)```/gs)].map(([, example]) => example)
  expect(examples).toEqual(
    ['', '-http', '-events', '-datagrams', '-numbers', '-credentials'].map((name) => read(`readme${name}-example.ts`)),
  )
})

/** An option that does not exist, and resembles none: the message then lists those that do. */
const wrong: object = { 'not an option at all': 1 }

test.each<[string, () => unknown]>([
  ['createClient(server, options)', () => createClient('fifo:', wrong)],
  ['fifo(options)', () => fifo(wrong)],
  ['udp(options)', () => udp({ port: 5, ...wrong })],
  ['unix(options)', () => unix({ path: '/x', ...wrong })],
  ['http(options)', () => http(wrong)],
  ['client.events.subscribe(event, options)', () => createClient('fifo:').events.subscribe('E_X', wrong)],
])('the README lists every option of %s', (heading, make) => {
  let known: string[] = []
  try {
    make()
  } catch (error) {
    known = String(error).split('known options: ')[1]?.split(', ') ?? []
  }
  const [, table = ''] = readme.split(`\`${heading}\``)
  const [rows = ''] = table.trim().split('\n\n')
  expect(known.length).toBeGreaterThan(1)
  expect([...rows.matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name).sort()).toEqual(known.sort())
})
