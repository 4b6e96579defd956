import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import * as posix from '../src/index.js'
import { temporaryDirectory } from './support/directory.js'
import { until } from './support/until.js'

const read = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8')
const readme = read('../README.md')
const [, example = ''] = /```ts\n(.*?)```/s.exec(readme) ?? []
const [, printed = ''] = /```text\n(.*?)```/s.exec(readme) ?? []

test('the example of the README is the one that is compiled with the tests', () => {
  expect(example).toBe(read('readme-example.ts'))
})

test('the example of the README prints what is below it', async () => {
  const directory = temporaryDirectory()
  // From this package's folder, as from a folder where it is installed.
  const child = spawn(process.execPath, ['--input-type=module', '--eval', example.replaceAll('/tmp', directory)], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const exited = once(child, 'exit')
  let stdout = ''
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text
  })
  await until('it has printed everything', () => stdout.length >= printed.length)
  expect(stdout).toBe(printed)
  expect(existsSync(join(directory, 'echo.sock'))).toBe(true)
  child.kill('SIGTERM')
  expect(await exited).toEqual([null, 'SIGTERM'])
})

test('the README names every export, every option and every member of a socket', () => {
  const types = read('../src/datagram.ts')
  const membersOf = (name: string): string[] => {
    const [, body = ''] = new RegExp(`export interface ${name}\\b[^{]*\\{\\n(.*?)\\n\\}`, 's').exec(types) ?? []
    return [...body.matchAll(/^ {2}(?:readonly )?(\w+)[?:(]/gm)].flatMap(([, member = '']) => member)
  }
  const names = [...Object.keys(posix), ...membersOf('DatagramOptions'), ...membersOf('DatagramSocket')]
  expect(names.length).toBeGreaterThan(25)
  expect(names.filter((name) => !new RegExp(`\`(new )?${name}\\b`).test(readme))).toEqual([])
})
