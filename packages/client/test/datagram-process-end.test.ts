import { cpSync, mkdirSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { run, start } from './support/child.js'
import { Responder, resultText } from './support/responder.js'
import { udpFixture } from './support/udp-fixture.js'
import { type UnixFixture, unixFixture } from './support/unix-fixture.js'
import { until } from './support/until.js'

const packages = fileURLToPath(new URL('../..', import.meta.url))

describe('a process that ends with calls in flight leaves no reply socket', () => {
  test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('when %s ends it, as which it still dies', async (signal) => {
    await using at = await unixFixture()
    const { child, ended } = start('datagram-in-flight.mjs', [at.path, at.replyDir])
    await until('its requests have arrived', () => at.server.texts.length === 3)
    expect(at.replies().length).toBe(1)
    child.kill(signal)
    expect(await ended).toMatchObject({ code: null, signal })
    expect(at.replies()).toEqual([])
  })

  test('when a signal ends it and the package is there twice', async () => {
    await using at = await unixFixture()
    const { child, ended } = start('datagram-in-flight.mjs', [at.path, at.replyDir, 'two copies'])
    await until('its requests have arrived', () => at.server.texts.length === 4)
    expect(at.replies().length).toBe(2)
    child.kill('SIGTERM')
    expect(await ended).toMatchObject({ code: null, signal: 'SIGTERM' })
    expect(at.replies()).toEqual([])
  })

  test('when a signal ends it and reply FIFOs are there too', async () => {
    await using at = await unixFixture()
    const server = new Responder(join(at.dir, 'fifo'), at.replyDir).listen()
    const { child, ended } = start('datagram-in-flight.mjs', [at.path, at.replyDir, 'with a FIFO', server.fifoName])
    await until('its requests have arrived', () => at.server.texts.length + server.lines.length === 4)
    expect(at.replies().length).toBe(2)
    child.kill('SIGTERM')
    expect(await ended).toMatchObject({ code: null, signal: 'SIGTERM' })
    expect(at.replies()).toEqual([])
    server.close()
  })

  test.each([
    ['exit', 3],
    ['throw', 1],
  ])('when it ends by itself: %s', async (mode, code) => {
    await using at = await unixFixture()
    at.server.on('go', ({ id, reply }) => reply(resultText(id, 'now')))
    const { ended } = start('datagram-in-flight.mjs', [at.path, at.replyDir, mode])
    expect(await ended).toMatchObject({ code, signal: null })
    expect(at.replies()).toEqual([])
  })
})

test('a program that listens for the signal itself decides what becomes of its calls', async () => {
  await using at = await unixFixture()
  at.server.on('go', ({ id, reply }) => reply(resultText(id, 'now')))
  const { child, ended } = start('datagram-in-flight.mjs', [at.path, at.replyDir, 'own handler'])
  await until('its requests have arrived', () => at.server.texts.length === 3)
  child.kill('SIGTERM')
  const { code, stdout } = await ended
  expect(code).toBe(0)
  expect(stdout).toContain('handled')
  const [, before, after] = /listeners: (.*), then (.*)\n/.exec(stdout) ?? expect.unreachable()
  expect(after).toBe(before)
})

describe('a client that has been used and is idle does not keep the process', () => {
  test('over udp', async () => {
    await using at = await udpFixture()
    at.server.on('pwd', ({ id, reply }) => reply(resultText(id, '/')))
    const { code, stdout, stderr } = await run('datagram-call-once.mjs', ['udp', String(at.port)])
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '{"result":"/"}\n', stderr: '' })
  })

  test('over UNIX datagrams', async () => {
    await using at = await unixFixture()
    at.server.on('pwd', ({ id, reply }) => reply(resultText(id, '/')))
    const { code, stdout, stderr } = await run('datagram-call-once.mjs', ['unix', at.path, at.replyDir])
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '{"result":"/"}\n', stderr: '' })
    expect(at.replies()).toEqual([])
  })
})

describe('without the native part', () => {
  test('unix() is MI_UNSUPPORTED where @mi/posix is not installed, and udp() works', async () => {
    await using at = await unixFixture()
    await using udpAt = await udpFixture()
    udpAt.server.on('pwd', ({ id, reply }) => reply(resultText(id, '/')))
    const from = installed(at)
    const overUdp = await run('datagram-call-once.mjs', ['udp', String(udpAt.port), '', from])
    expect(overUdp).toMatchObject({ code: 0, stdout: '{"result":"/"}\n' })
    const { stdout } = await run('datagram-call-once.mjs', ['unix', at.path, at.replyDir, from])
    expect(JSON.parse(stdout)).toEqual({
      code: 'MI_UNSUPPORTED',
      message: 'unix() needs the package @mi/posix, since Node.js has no UNIX datagram sockets: npm install @mi/posix',
      cause: 'ERR_MODULE_NOT_FOUND',
    })
  })

  test('unix() is MI_UNSUPPORTED with the reason where @mi/posix cannot load its addon', async () => {
    await using at = await unixFixture()
    const from = installed(at)
    const posix = join(at.dir, 'node_modules/@mi/posix')
    copyPackage('posix', posix)
    const found = createRequire(join(packages, 'posix/package.json')).resolve('node-gyp-build/package.json')
    symlinkSync(dirname(found), join(at.dir, 'node_modules/node-gyp-build'))
    const { stdout } = await run('datagram-call-once.mjs', ['unix', at.path, at.replyDir, from])
    const { code, message } = JSON.parse(stdout)
    expect(code).toBe('MI_UNSUPPORTED')
    expect(message).toMatch(/^unix\(\) cannot use @mi\/posix: .*addon.*npm rebuild @mi\/posix/)
  })
})

/** Installs the built package in the fixture's directory, with its one dependency. @returns the path to import */
function installed({ dir }: UnixFixture): string {
  copyPackage('client', join(dir, 'node_modules/@mi/client'))
  copyPackage('contract', join(dir, 'node_modules/@mi/contract'))
  return join(dir, 'node_modules/@mi/client/dist/index.js')
}

function copyPackage(name: string, to: string): void {
  mkdirSync(to, { recursive: true })
  for (const part of ['package.json', 'dist']) cpSync(join(packages, name, part), join(to, part), { recursive: true })
}
