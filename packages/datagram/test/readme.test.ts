import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { DATAGRAM_OPTIONS } from '../src/options.js'
import { REPLY_DROPS } from '../src/reply-outcomes.js'
import { freePort, temporaryDirectory } from './support/fixture.js'

const run = promisify(execFile)
const read = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8')
const readme = read('../README.md')
const [, example = ''] = /```ts\n(.*?)```/s.exec(readme) ?? []
const [, question = '', answer = ''] = /```bash\n([^`]*)```.*?```text\n(.*?)```/s.exec(readme) ?? []

test('the example of the README is the one that is compiled with the tests', () => {
  expect(example).toBe(read('readme-example.ts'))
})

test('the example of the README serves the shell lines below it, and leaves nothing behind', async () => {
  const directory = temporaryDirectory()
  const port = String(await freePort('udp4'))
  const here = (text: string): string => text.replaceAll('/run/app', directory).replaceAll('8080', port)
  // From this package's folder, as from a folder where it is installed.
  const cwd = fileURLToPath(new URL('..', import.meta.url))
  const server = spawn(process.execPath, ['--input-type=module', '--eval', here(example)], {
    cwd,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void server.kill('SIGKILL'))
  const exited = once(server, 'exit')
  await Promise.race([once(server.stdout, 'data'), exited])
  const { stdout } = await run('bash', ['-c', here(question)], { timeout: 30_000 })
  expect(`${stdout}\n`).toBe(answer)
  server.kill('SIGINT')
  expect(await exited).toEqual([0, null])
  expect(existsSync(join(directory, 'mi.sock'))).toBe(false)
})

test('the README lists every option, and every reason for which something is dropped', () => {
  const requestDrops = ['not_allowed', 'no_request', 'request_too_large', 'child_died']
  const names = [...Object.keys(DATAGRAM_OPTIONS), ...REPLY_DROPS, ...requestDrops]
  expect(names.filter((name) => !readme.includes(`\`${name}\``))).toEqual([])
})
