import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const read = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8')
const readme = read('../README.md')

test('the examples of the README are those that are compiled with the tests', () => {
  const examples = [...readme.matchAll(/```ts\n(.*?)```/gs)].map(([, example]) => example)
  expect(examples).toEqual(['', '-connect', '-events', '-datagrams'].map((name) => read(`readme${name}-example.ts`)))
})

test.each(['fifo', 'udp', 'unix-datagram', 'http', 'events'])('the README lists every option of %s', (folder) => {
  const shared = ['udp', 'unix-datagram'].includes(folder) ? ['../src/datagram/options.ts'] : []
  const options = [`../src/${folder}/options.ts`, ...shared].flatMap((file) => {
    const [body = ''] = read(file).match(/export interface (\w+Options|DatagramLimits)\b.*?\n}/s) ?? []
    return [...body.matchAll(/^ {2}readonly (\w+)\??:/gm)].map(([, name]) => name)
  })
  const functions: Readonly<Record<string, string>> = {
    'unix-datagram': 'unixDatagram(options)',
    events: 'client.events.subscribe(event, options)',
  }
  const heading = `\`${functions[folder] ?? `${folder}(options)`}\``
  const [, table = ''] = readme.split(heading)
  const [rows = ''] = table.trim().split('\n\n')
  expect(options.length).toBeGreaterThan(6)
  expect([...rows.matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name).sort()).toEqual(options.sort())
})
