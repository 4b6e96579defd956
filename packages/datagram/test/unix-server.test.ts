import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { createMi } from '@mi/core'
import { openDatagram } from '@mi/posix'
import { describe, expect, onTestFinished, test } from 'vitest'
import { datagram } from '../src/index.js'
import { request, serve, temporaryDirectory, until } from './support/fixture.js'

const isRoot = process.getuid?.() === 0

function mode(path: string): number | undefined {
  return existsSync(path) ? lstatSync(path).mode & 0o7777 : undefined
}

/** What a server leaves behind that was killed. */
async function leaveBehind(path: string): Promise<void> {
  const socket = await openDatagram({ bind: { type: 'unix', path } })
  socket.close()
}

describe('the socket file', () => {
  test.each([0o660, 0o600, 0o622, 0o777, 0o001])('has mode %o exactly, whatever the umask', async (unixSocketMode) => {
    const before = process.umask(0o077)
    try {
      const { socketName } = await serve('unix', { unixSocketMode })
      expect(mode(socketName)).toBe(unixSocketMode)
      expect(lstatSync(socketName).isSocket()).toBe(true)
    } finally {
      process.umask(before)
    }
  })

  test.runIf(isRoot)('gets its owner by name or number', async () => {
    const { socketName } = await serve('unix', { unixSocketUser: 'nobody', unixSocketGroup: 'daemon' })
    const ids = ['-u nobody', '-g daemon'].map((who) =>
      Number(execFileSync('id', who.split(' '), { encoding: 'utf8' })),
    )
    expect(lstatSync(socketName)).toMatchObject({ uid: ids[0], gid: ids[1] })
    const numbered = await serve('unix', { unixSocketUser: 12_345, unixSocketGroup: '54321' })
    expect(lstatSync(numbered.socketName)).toMatchObject({ uid: 12_345, gid: 54_321 })
  })

  test('replaces one that a dead server left behind', async () => {
    const socketName = join(temporaryDirectory(), 'mi.sock')
    await leaveBehind(socketName)
    const mi = createMi({ transports: [datagram({ socketName })] })
    onTestFinished(() => mi.close())
    await mi.listen()
    expect(mode(socketName)).toBe(0o660)
  })

  test('is made anew when it is gone, by time, and those who are connected to the old one are still served', async () => {
    const { socketName, ask, peer } = await serve('unix', { checkIntervalMs: 20 })
    const connected = await peer({ connected: true })
    unlinkSync(socketName)
    await until('a new socket file', () => mode(socketName) === 0o660)
    expect(await ask('pwd')).toMatchObject({ result: {} })
    await connected.send(request('pwd'))
    await until('the answer to the one that is connected', () => connected.texts.length === 1)
  })

  test('is made anew at once on SIGHUP, also when a dead socket has taken its place', async () => {
    const { socketName, ask } = await serve('unix')
    rmSync(socketName)
    await leaveBehind(socketName)
    chmodSync(socketName, 0o700)
    process.kill(process.pid, 'SIGHUP')
    await until('a new socket file', () => mode(socketName) === 0o660)
    expect(await ask('pwd')).toMatchObject({ result: {} })
  })

  test('gets its mode and owner again when somebody changes them', async () => {
    const warnings: string[] = []
    const log = { debug() {}, info() {}, warn: (_: object, text: string) => void warnings.push(text), error() {} }
    const { socketName, ask } = await serve('unix', { checkIntervalMs: 20 }, {}, { log })
    const { ino, uid, gid } = lstatSync(socketName)
    chmodSync(socketName, 0)
    await until('the mode as it was', () => mode(socketName) === 0o660)
    if (isRoot) chownSync(socketName, 12_345, 54_321)
    await until('the owner as it was', () => lstatSync(socketName).uid === uid && lstatSync(socketName).gid === gid)
    expect(mode(socketName)).toBe(0o660)
    expect(lstatSync(socketName).ino).toBe(ino)
    expect(warnings).toContain('somebody changed owner or mode of the socket file; setting them again')
    expect(await ask('pwd')).toMatchObject({ result: {} })
  })

  test('that somebody put in its place is left alone when it is no socket, also at close', async () => {
    const { socketName, mi } = await serve('unix')
    unlinkSync(socketName)
    writeFileSync(socketName, 'mine')
    process.kill(process.pid, 'SIGHUP')
    await mi.close()
    expect(readFileSync(socketName, 'utf8')).toBe('mine')
  })

  test('of another server that has taken its place is left alone, and tried again', async () => {
    const errors: string[] = []
    const log = { debug() {}, info() {}, warn() {}, error: (_: object, text: string) => void errors.push(text) }
    const { socketName, ask } = await serve('unix', { checkIntervalMs: 20 }, {}, { log })
    renameSync(socketName, `${socketName}.old`)
    const other = await openDatagram({ bind: { type: 'unix', path: socketName } })
    await until('the error', () => errors.some((text) => text.includes('could not be restored')))
    other.close()
    await until('a new socket file', () => mode(socketName) === 0o660)
    expect(await ask('pwd')).toMatchObject({ result: {} })
  })

  test('is removed at close, with every descriptor and listener', async () => {
    const descriptors = (): number => readdirSync('/proc/self/fd').length
    const before = { descriptors: descriptors(), hups: process.listenerCount('SIGHUP') }
    const { socketName, mi, ask } = await serve('unix')
    await ask('pwd')
    await Promise.all([mi.close(), mi.close()])
    expect(existsSync(socketName)).toBe(false)
    expect(process.listenerCount('SIGHUP')).toBe(before.hups)
    // The socket of the one who asked is one.
    await until('all descriptors to be closed', () => descriptors() <= before.descriptors + 1)
  })
})

test.each([
  [0o777, 1],
  [0o1777, 1],
  [0o775, 0],
])('warns of a directory that everyone may write in, not of others (mode %o)', async (mode, warnings) => {
  const directory = temporaryDirectory()
  chmodSync(directory, mode)
  const logged: object[] = []
  const log = { debug() {}, info() {}, error() {}, warn: (fields: object) => void logged.push(fields) }
  await serve('unix', { socketName: join(directory, 'mi.sock') }, {}, { log })
  expect(logged.filter((fields) => 'directory' in fields && fields.directory === directory)).toHaveLength(warnings)
})

describe('listen says what is wrong, where, and how to fix it', () => {
  const listen = (options: Parameters<typeof datagram>[0]) => createMi({ transports: [datagram(options)] }).listen()

  test('with a living server, of which nothing is touched', async () => {
    const { socketName, ask } = await serve('unix')
    await expect(listen({ socketName })).rejects.toThrow(
      `socket ${socketName} is in use by another process; stop that process or choose another socketName`,
    )
    expect(await ask('pwd')).toMatchObject({ result: {} })
  })

  test('with a living server of another kind', async () => {
    const socketName = join(temporaryDirectory(), 'stream')
    const server = createServer().listen(socketName)
    await once(server, 'listening')
    await expect(listen({ socketName })).rejects.toThrow('is in use by another process')
    server.close()
  })

  test('with a living socket that is connected to another one', async () => {
    const directory = temporaryDirectory()
    const address = (name: string) => ({ type: 'unix' as const, path: join(directory, name) })
    const other = await openDatagram({ bind: address('other') })
    const busy = await openDatagram({ bind: address('busy'), connect: address('other') })
    await expect(listen({ socketName: address('busy').path })).rejects.toThrow('is in use by another process')
    busy.close()
    other.close()
  })

  test('with a living server of another process', async () => {
    const socketName = join(temporaryDirectory(), 'python')
    const code =
      'import socket,sys,time; s=socket.socket(socket.AF_UNIX,socket.SOCK_DGRAM); s.bind(sys.argv[1]); print("up",flush=True); time.sleep(60)'
    const process = spawn('python3', ['-c', code, socketName], { stdio: ['ignore', 'pipe', 'inherit'] })
    onTestFinished(() => void process.kill('SIGKILL'))
    await once(process.stdout, 'data')
    await expect(listen({ socketName })).rejects.toThrow('is in use by another process')
  })

  test('with a file that is no socket, or a link, which are left alone', async () => {
    const directory = temporaryDirectory()
    const [file, link] = [join(directory, 'file'), join(directory, 'link')]
    writeFileSync(file, 'mine')
    await leaveBehind(join(directory, 'socket'))
    symlinkSync('socket', link)
    await expect(listen({ socketName: file })).rejects.toThrow('exists and is not a UNIX socket; it is left alone')
    await expect(listen({ socketName: link })).rejects.toThrow('exists and is not a UNIX socket; it is left alone')
    expect(readFileSync(file, 'utf8')).toBe('mine')
    expect(lstatSync(link).isSymbolicLink()).toBe(true)
  })

  test('with a directory that does not exist', async () => {
    const directory = join(temporaryDirectory(), 'missing')
    await expect(listen({ socketName: join(directory, 'mi.sock') })).rejects.toThrow(
      `the directory ${directory} does not exist: create it or choose another socketName`,
    )
  })

  test('with a user or group that does not exist, and leaves nothing', async () => {
    const socketName = join(temporaryDirectory(), 'mi.sock')
    await expect(listen({ socketName, unixSocketUser: 'no_such_user' })).rejects.toThrow(
      "unixSocketUser: there is no user 'no_such_user' on this machine; create it (useradd no_such_user) or name another one",
    )
    await expect(listen({ socketName, unixSocketGroup: 'no_such_group' })).rejects.toThrow("no group 'no_such_group'")
    expect(existsSync(socketName)).toBe(false)
  })
})
