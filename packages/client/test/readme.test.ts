import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const read = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8')
const readme = read('../README.md')

test('the examples of the README are those that are compiled with the tests', () => {
  const examples = [...readme.matchAll(/```ts\n(.*?)```/gs)].map(([, example]) => example)
  expect(examples).toEqual([read('readme-example.ts'), read('readme-datagrams-example.ts')])
})

test.each(['fifo', 'udp', 'unix-datagram'])('the README lists every option of %s', (folder) => {
  const shared = folder === 'fifo' ? [] : ['../src/datagram/options.ts']
  const options = [`../src/${folder}/options.ts`, ...shared].flatMap((file) => {
    const [body = ''] = read(file).match(/export interface (\w+Options|DatagramLimits)\b.*?\n}/s) ?? []
    return [...body.matchAll(/^ {2}readonly (\w+)\??:/gm)].map(([, name]) => name)
  })
  const heading = folder === 'unix-datagram' ? '`unixDatagram(options)`' : `\`${folder}(options)\``
  const [, table = ''] = readme.split(heading)
  const [rows = ''] = table.trim().split('\n\n')
  expect(options.length).toBeGreaterThan(6)
  expect([...rows.matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name).sort()).toEqual(options.sort())
})
