import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'

const run = promisify(execFile)
const program = fileURLToPath(new URL('../dist/main.js', import.meta.url))

test('each line that is printed is a curl that works, and Ctrl-C ends the program', async () => {
  // Three in a row, above those that systems give away.
  const port = String(10_000 + 3 * (process.pid % 5_000))
  const example = spawn(process.execPath, [program, port], { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void example.kill('SIGKILL'))
  const exited = once(example, 'exit')
  let printed = ''
  example.stdout.setEncoding('utf8')
  for await (const piece of example.stdout) {
    printed += piece
    if (printed.split('\n').length > 3) break
  }
  const lines = printed.trim().split('\n')
  expect(lines.map((line) => line.split(':', 1)[0])).toEqual(['Express', 'Fastify', 'Hono'])
  for (const line of lines) {
    const { stdout } = await run('bash', ['-c', line.replace(/^.*?: curl/, 'curl -s')], { timeout: 20_000 })
    expect(JSON.parse(stdout)).toMatchObject({ id: 1, result: { Server: expect.stringContaining('web-servers') } })
  }
  example.kill('SIGINT')
  expect(await exited).toEqual([0, null])
})
