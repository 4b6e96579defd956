import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { freePort, temporaryDirectory } from './support/fixture.js'

const run = promisify(execFile)

test('without the native addon UDP is served, and UNIX sockets and child processes say what they need', async () => {
  const path = join(temporaryDirectory(), 'mi.sock')
  const program = fileURLToPath(new URL('programs/without-addon.mjs', import.meta.url))
  const { stdout } = await run(process.execPath, [program, String(await freePort('udp4')), path], { timeout: 20_000 })
  const { answers, unix, children } = JSON.parse(stdout)
  const ids = answers.slice(0, 100).map((text: string) => JSON.parse(text).id)
  expect(ids).toEqual(Array.from({ length: 100 }, (_, index) => index + 1))
  expect(answers.slice(100)).toEqual([expect.stringMatching(/^413 .*1000 bytes/), '400 Parse_error'])
  const reason = 'cannot open shared object file'
  expect(unix.code).toBe('MI_UNSUPPORTED')
  expect(unix.message).toContain(`cannot listen on ${path}: UNIX datagram sockets need native code`)
  expect(unix.message).toContain(reason)
  expect(children.code).toBe('MI_UNSUPPORTED')
  expect(children.message).toMatch(/childrenCount is 2, which needs native code/)
  expect(children.message).toContain(reason)
  expect(existsSync(path)).toBe(false)
})
