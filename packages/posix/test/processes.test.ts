import { describe, expect, test } from 'vitest'
import { openDatagram } from '../src/index.js'
import { run, start, withoutAddon } from './support/child.js'
import { anyPort, listening, sendAll } from './support/sockets.js'
import { until } from './support/until.js'

describe.each([
  { name: 'native', env: process.env },
  { name: 'fallback', env: withoutAddon },
])('a process with the $name sockets', ({ name, env }) => {
  const clean = { code: 0, signal: null, stderr: '' }

  test('gets what a callback throws as an uncaught exception, and its socket goes on', async () => {
    expect(await run('throwing.mjs', [], { env })).toEqual({
      ...clean,
      stdout: `${name}\nuncaught: first\nuncaught: second\n`,
    })
  })

  test('ends with an exception that nobody catches', async () => {
    const { code, stderr } = await run('uncaught.mjs', [], { env })
    expect(code).toBe(1)
    expect(stderr).toContain('nobody catches this')
  })

  test('runs callbacks in the asynchronous context of the opener', async () => {
    expect(await run('context.mjs', [], { env })).toEqual({ ...clean, stdout: `${name}\nof the opener\n` })
  })

  test('exits within a callback, with sockets open', async () => {
    expect(await run('exiting.mjs', [], { env })).toEqual({ ...clean, code: 7, stdout: `${name}\n` })
  })

  test('lives as long as a socket is open', async () => {
    const { child, ended } = start('alive.mjs', [], { env })
    let stdout = ''
    child.stdout?.on('data', (text) => {
      stdout += text
    })
    await until('it is open', () => stdout.includes('open'))
    child.kill('SIGTERM')
    expect(await ended).toEqual({ ...clean, stdout: `${name}\nopen\n` })
  })

  test.each(['udp4', 'udp6'] as const)('serves a %s socket that it inherits', async (type) => {
    const parent = await openDatagram({ bind: anyPort(type) })
    const { child, ended } = start('inherited.mjs', [], { env, stdio: ['ignore', 'pipe', 'pipe', parent.fd] })
    const client = await listening(openDatagram, { bind: anyPort(type) })
    const peer = client.socket.peer(parent.address)
    sendAll(client.socket, ['a', 'b'], peer)
    await until('both answers', () => client.texts.length === 2)
    expect(client.texts).toEqual(['child has a', 'child has b'])
    expect(client.peers[0]?.address).toEqual(parent.address)
    sendAll(client.socket, ['end'], peer)
    expect(await ended).toEqual({ ...clean, stdout: `${name}\n${JSON.stringify(parent.address)}\n` })
    parent.close()
    expect(child.exitCode).toBe(0)
  })
})

test('the fallback refuses messages beyond its bound, reports when there is room, and loses no message that it took', async () => {
  const { stdout, stderr } = await run('backpressure.mjs', [], {
    env: withoutAddon,
    execArgv: ['--test-udp-no-try-send'],
  })
  expect(stderr).toBe('')
  expect(stdout).toBe('fallback\nrefused: true\nin order: true\nwritable\nsent now: true\narrived: true\n')
})

test('without the addon everything else says why, and what to install', async () => {
  const { stdout, stderr, code } = await run('unavailable.mjs', [], { env: withoutAddon })
  expect({ stderr, code }).toEqual({ stderr: '', code: 0 })
  const reason = /no native addon for \S+ and Node\.js v\S+ here .*install a C compiler, make and python3/
  const [kind, support, ...errors] = stdout.trim().split('\n')
  expect(kind).toBe('fallback')
  expect(support).toMatch(reason)
  expect(errors.map((line) => line.split(': ')[0])).toEqual(['unix', 'writeFifo', 'mkfifo', 'openSharedNumbers', 'fd'])
  for (const line of errors) {
    expect(line).toContain('ERR_POSIX_UNAVAILABLE')
    expect(line).toMatch(reason)
  }
})
