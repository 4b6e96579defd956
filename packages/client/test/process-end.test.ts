import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { waitForDeath } from '../src/fifo/mkfifo-utility.js'
import { run, start, withoutPosix } from './support/child.js'
import { fixture } from './support/fixture.js'
import { resultText } from './support/responder.js'
import { until } from './support/until.js'

describe('a process that ends with calls in flight leaves no reply FIFO', () => {
  test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('when %s ends it, as which it still dies', async (signal) => {
    await using at = await fixture()
    const { child, ended } = start('in-flight.mjs', [at.fifoName, at.replyDir])
    await until('its requests have arrived', () => at.server.lines.length === 3)
    expect(at.replies().length).toBe(3)
    child.kill(signal)
    expect(await ended).toMatchObject({ code: null, signal })
    expect(at.replies()).toEqual([])
  })

  test('when a signal ends it and the package is there twice', async () => {
    await using at = await fixture()
    const { child, ended } = start('in-flight.mjs', [at.fifoName, at.replyDir, 'two copies'])
    await until('its requests have arrived', () => at.server.lines.length === 4)
    child.kill('SIGTERM')
    expect(await ended).toMatchObject({ code: null, signal: 'SIGTERM' })
    expect(at.replies()).toEqual([])
  })

  test.each([
    ['exit', 3],
    ['throw', 1],
  ])('when it ends by itself: %s', async (mode, code) => {
    await using at = await fixture()
    at.server.on('go', ({ id, reply }) => reply(resultText(id, 'now')))
    const { ended } = start('in-flight.mjs', [at.fifoName, at.replyDir, mode])
    expect(await ended).toMatchObject({ code, signal: null })
    expect(at.replies()).toEqual([])
  })

  test('when it ends while mkfifo is at work', async () => {
    await using at = await fixture()
    const started = join(at.dir, 'started')
    const finished = join(at.dir, 'finished')
    // The real one is too quick to be caught.
    const slow = `#!/bin/sh\necho $$ > ${started}.new\nmv ${started}.new ${started}\nsleep 1\n/usr/bin/mkfifo "$@"\ntouch ${finished}\n`
    writeFileSync(join(at.dir, 'mkfifo'), slow)
    chmodSync(join(at.dir, 'mkfifo'), 0o755)
    const env = { ...process.env, PATH: `${at.dir}:${process.env.PATH}` }
    const { child, ended } = start(
      'in-flight.mjs',
      [at.fifoName, at.replyDir, 'slow mkfifo'],
      { env },
      withoutPosix(at.dir),
    )
    await until('mkfifo has started', () => existsSync(started))
    child.kill('SIGUSR2')
    expect(await ended).toMatchObject({ code: 4 })
    const maker = Number(readFileSync(started, 'utf8'))
    await until('mkfifo has ended', () => !isAlive(maker))
    expect(existsSync(finished)).toBe(false)
    expect(at.replies()).toEqual([])
  })
})

test('a client that has been used and is idle does not keep the process', async () => {
  await using at = await fixture()
  at.server.on('pwd', ({ id, reply }) => reply(resultText(id, '/')))
  expect(await run('call-once.mjs', [at.fifoName, at.replyDir])).toMatchObject({ code: 0, stdout: '{"result":"/"}\n' })
})

test('a program that listens for the signal itself decides what becomes of its calls', async () => {
  await using at = await fixture()
  at.server.on('go', ({ id, reply }) => reply(resultText(id, 'now')))
  const { child, ended } = start('in-flight.mjs', [at.fifoName, at.replyDir, 'own handler'])
  await until('its requests have arrived', () => at.server.lines.length === 3)
  child.kill('SIGTERM')
  const { code, stdout } = await ended
  expect(code).toBe(0)
  expect(stdout).toContain('handled')
  const [, before, after] = /listeners: (.*), then (.*)\n/.exec(stdout) ?? expect.unreachable()
  expect(after).toBe(before)
})

test.runIf(process.platform === 'linux')('a killed child does nothing more once its death was waited for', async () => {
  const child = spawn('sleep', ['100'])
  const closed = once(child, 'close')
  await once(child, 'spawn')
  child.kill('SIGKILL')
  waitForDeath(child.pid)
  expect(readFileSync(`/proc/${child.pid}/stat`, 'latin1')).toMatch(/\) Z /)
  await closed
})

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
