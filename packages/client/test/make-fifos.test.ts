import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { failureOf } from './support/failure.js'
import { fixture } from './support/fixture.js'
import { resultText } from './support/responder.js'
import { until } from './support/until.js'
import { byPosix, byUtility, ways } from './support/ways.js'

const { PATH } = process.env
const umask = process.umask()

afterEach(() => {
  process.env.PATH = PATH
  process.umask(umask)
})

describe.each(ways)('a reply FIFO that is made $name', (way) => {
  test('has the mode 0622 whatever the umask, or the one that is asked for', async () => {
    await using at = await fixture({ way })
    process.umask(0o077)
    const modes: number[] = []
    at.server.on('pwd', ({ id, reply }) => {
      for (const name of at.replies()) modes.push(statSync(join(at.replyDir, name)).mode & 0o7777)
      return reply(resultText(id, '/'))
    })
    await at.client.call('pwd')
    await at.client.close()
    await at.makeClient({ replyMode: 0o600 }).call('pwd')
    expect(modes).toEqual([0o622, 0o600])
  })

  test('needs a reply directory: a call without one is MI_CONNECTION, which names it', async () => {
    await using at = await fixture({ way })
    const replyDir = join(at.dir, 'none')
    const error = await failureOf(at.makeClient({ replyDir }).call('pwd'))
    expect(error).toMatchObject({ code: 'MI_CONNECTION', cause: expect.any(Error) })
    expect(String(error)).toMatch(
      /cannot make the reply FIFO .*none\/mi_reply_\w+: .*(No such file or directory|ENOENT).*; give a replyDir/,
    )
    expect(at.server.lines).toEqual([])
  })
})

test('with @mi/posix no process makes the reply FIFOs', async () => {
  await using at = await fixture({ way: byPosix })
  at.server.on('pwd', ({ id, reply }) => reply(resultText(id, '/')))
  process.env.PATH = at.dir
  expect(await Promise.all(Array.from({ length: 20 }, () => at.client.call('pwd')))).toEqual(Array(20).fill('/'))
})

test('calls that start together share the process that makes their reply FIFOs, up to a bound', async () => {
  await using at = await fixture({ way: byUtility })
  at.server.on('pwd', ({ id, reply }) => reply(resultText(id, '/')))
  const log = join(at.dir, 'log')
  const bin = join(at.dir, 'bin')
  mkdirSync(bin)
  writeFileSync(join(bin, 'mkfifo'), `#!/bin/sh\necho "$(($# - 2)) $LC_ALL" >> ${log}\nexec /usr/bin/mkfifo "$@"\n`)
  chmodSync(join(bin, 'mkfifo'), 0o755)
  process.env.PATH = `${bin}:${PATH}`
  await Promise.all(Array.from({ length: 200 }, () => at.client.call('pwd')))
  expect(readFileSync(log, 'utf8')).toBe('128 C\n72 C\n')
})

test('a call that waits for the next process heeds its time limit', async () => {
  await using at = await fixture({ way: byUtility })
  at.server.on('pwd', ({ id, reply }) => reply(resultText(id, '/')))
  const bin = join(at.dir, 'bin')
  const started = join(at.dir, 'started')
  const go = join(at.dir, 'go')
  mkdirSync(bin)
  const slow = `#!/bin/sh\ntouch ${started}\nuntil [ -e ${go} ]; do sleep 0.01; done\nexec /usr/bin/mkfifo "$@"\n`
  writeFileSync(join(bin, 'mkfifo'), slow)
  chmodSync(join(bin, 'mkfifo'), 0o755)
  process.env.PATH = `${bin}:${PATH}`
  const first = at.client.call('pwd')
  await until('the process has started', () => existsSync(started))
  expect(await failureOf(at.client.call('pwd', [], { timeoutMs: 20 }))).toMatchObject({ code: 'MI_TIMEOUT' })
  writeFileSync(go, '')
  expect(await first).toBe('/')
})

test('an abort while mkfifo runs leaves no reply FIFO', async () => {
  await using at = await fixture({ way: byUtility })
  const controller = new AbortController()
  const call = failureOf(at.client.call('pwd', [], { signal: controller.signal }))
  await new Promise((resolve) => setImmediate(() => setImmediate(resolve)))
  controller.abort('stop')
  expect(await call).toBe('stop')
  expect(at.replies()).toEqual([])
  expect(at.server.lines).toEqual([])
})

test('a system with neither mkfifo nor @mi/posix is MI_UNSUPPORTED, which names both', async () => {
  await using at = await fixture({ way: byUtility })
  process.env.PATH = at.dir
  const error = await failureOf(at.client.call('pwd'))
  expect(error).toMatchObject({ code: 'MI_UNSUPPORTED', cause: { code: 'ENOENT' } })
  expect(String(error)).toContain('is not in PATH; install it, or @mi/posix, which does not need it (not here)')
})

test('a reply FIFO that is swapped for a link is not followed', async () => {
  await using at = await fixture({ way: byUtility })
  const bin = join(at.dir, 'bin')
  mkdirSync(bin)
  // Stands for someone who is quicker than the open that follows.
  writeFileSync(join(bin, 'mkfifo'), `#!/bin/sh\nln -s ${at.fifoName} "$3"\n`)
  chmodSync(join(bin, 'mkfifo'), 0o755)
  process.env.PATH = `${bin}:${PATH}`
  expect(await failureOf(at.client.call('pwd'))).toMatchObject({ code: 'MI_CONNECTION', cause: { code: 'ELOOP' } })
  await until('the link is gone', () => at.replies().length === 0)
  expect(statSync(at.fifoName).isFIFO()).toBe(true)
})
