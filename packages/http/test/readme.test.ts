import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { HTTP_OPTIONS } from '../src/options.js'

const run = promisify(execFile)
const read = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8')
const readme = read('../README.md')
const [, example = ''] = /```ts\n(.*?)```/s.exec(readme) ?? []
const [, question = '', answer = ''] = /```sh\n(curl [^`]*)```.*?```text\n(.*?)```/s.exec(readme) ?? []

test('the example of the README is the one that is compiled with the tests', () => {
  expect(example).toBe(read('readme-example.ts'))
})

test('the example of the README serves the curl below it', async () => {
  const port = String(await freePort())
  const here = (text: string): string => text.replaceAll('8888', port)
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
})

test('the README lists every option, and every reason for which something is dropped', () => {
  const reasons = [...read('../src/refusal.ts').matchAll(/^ {2}\| '(\w+)'/gm)].map(([, reason = '']) => reason)
  const lost = ['peer_gone', 'peer_stalled', 'tls_failed']
  expect(reasons.length).toBeGreaterThan(10)
  const names = [...Object.keys(HTTP_OPTIONS), ...reasons, ...lost]
  expect(names.filter((name) => !readme.includes(`\`${name}\``))).toEqual([])
})

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' ? (address?.port ?? 0) : 0
}
