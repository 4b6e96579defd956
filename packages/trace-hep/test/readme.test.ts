import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const read = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8')

test.each(['readme-tracer.ts', 'readme-collector.ts', 'readme-codec.ts'])(
  'an example of the README is %s, which is compiled with the tests',
  (name) => {
    const examples = [...read('../README.md').matchAll(/```ts\n(.*?)```/gs)].map(([, example]) => example)
    expect(examples).toContain(read(name))
  },
)

test.each(['destination', 'collector'])('the README lists every option of the %s', (folder) => {
  const readme = read('../README.md')
  const options = [...read(`../src/${folder}/${folder}-options.ts`).matchAll(/^ {2}readonly (\w+)\?:/gm)].map(
    ([, name]) => name,
  )
  expect(options.length).toBeGreaterThan(7)
  expect(options.filter((name) => !readme.includes(`\`${name}\``))).toEqual([])
})
