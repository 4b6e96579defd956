import { execFile, execFileSync } from 'node:child_process'
import {
  chmodSync,
  closeSync,
  constants,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'tsup'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type ListenFile, listenError } from '../src/listen-error.js'
import { hasAccess, isInPlace, removeIfInPlace, removeStale, setAccess } from '../src/listen-file.js'
import { OptionChecks } from '../src/options.js'
import { ownerId } from '../src/owner-id.js'

const run = promisify(execFile)
const isRoot = process.getuid?.() === 0
const everyKind = ['FIFO', 'UNIX socket'] as const

function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'mi-listen-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}

function fileIn(directory: string, kind: ListenFile['kind']): ListenFile {
  return { kind, path: join(directory, 'mi'), option: kind === 'FIFO' ? 'fifoName' : 'socketName' }
}

/** A file of the kind that nobody listens on. */
async function make({ kind, path }: Pick<ListenFile, 'kind' | 'path'>): Promise<void> {
  if (kind === 'FIFO') {
    execFileSync('mkfifo', ['-m', '600', path])
    return
  }
  await using _ = await listening(`${path}.first`)
  // A second name, since the server removes the file at its end.
  linkSync(`${path}.first`, path)
}

async function listening(path: string): Promise<AsyncDisposable> {
  const server = createServer((socket) => socket.destroy())
  await new Promise<void>((resolve) => server.listen(path, resolve))
  return { [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())) }
}

function isAlive(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path)
    socket.once('connect', () => socket.destroy())
    socket.once('error', () => resolve(false))
    socket.once('close', (failed) => resolve(!failed))
  })
}

describe.each(everyKind)('a %s', (kind) => {
  test('that was left behind is removed', async () => {
    const file = fileIn(temporaryDirectory(), kind)
    await make(file)
    await removeStale(file, isAlive)
    expect(existsSync(file.path)).toBe(false)
    await removeStale(file, isAlive)
  })

  test.each(everyKind.filter((other) => other !== kind))('is no reason to remove a %s', async (other) => {
    const file = fileIn(temporaryDirectory(), kind)
    await make({ kind: other, path: file.path })
    await expect(removeStale(file, isAlive)).rejects.toMatchObject({
      code: 'MI_LISTEN',
      message: `${file.path} exists and is not a ${kind}; it is left alone: remove it yourself or choose another ${file.option}`,
    })
    expect(existsSync(file.path)).toBe(true)
  })

  test('is not looked for behind a link', async () => {
    const directory = temporaryDirectory()
    const file = fileIn(directory, kind)
    await make({ kind, path: join(directory, 'other') })
    symlinkSync('other', file.path)
    await expect(removeStale(file)).rejects.toThrow(`exists and is not a ${kind}`)
    expect(existsSync(join(directory, 'other'))).toBe(true)
  })

  test.each([0o600, 0o660, 0o777, 0o001])('gets the mode %o exactly, whatever the umask', async (mode) => {
    const file = fileIn(temporaryDirectory(), kind)
    await make(file)
    const before = process.umask(0o077)
    try {
      const made = setAccess(file, { mode, uid: undefined, gid: undefined })
      expect(lstatSync(file.path)).toMatchObject(made)
    } finally {
      process.umask(before)
    }
    expect(lstatSync(file.path).mode & 0o7777).toBe(mode)
  })

  test.runIf(isRoot)('gets its owner, its group, or both', async () => {
    const file = fileIn(temporaryDirectory(), kind)
    await make(file)
    setAccess(file, { mode: 0o660, uid: 12_345, gid: undefined })
    expect(lstatSync(file.path)).toMatchObject({ uid: 12_345, gid: 0 })
    setAccess(file, { mode: 0o660, uid: undefined, gid: 54_321 })
    expect(lstatSync(file.path)).toMatchObject({ uid: 12_345, gid: 54_321 })
    setAccess(file, { mode: 0o660, uid: 1, gid: 2 })
    expect(lstatSync(file.path)).toMatchObject({ uid: 1, gid: 2 })
  })

  test('that was replaced by a link gives its access to nothing', async () => {
    const directory = temporaryDirectory()
    const file = fileIn(directory, kind)
    const target = join(directory, 'target')
    writeFileSync(target, 'mine', { mode: 0o600 })
    symlinkSync('target', file.path)
    expect(() => setAccess(file, { mode: 0o666, uid: 1, gid: 1 })).toThrow('was replaced by something else')
    expect(statSync(target)).toMatchObject({ uid: process.getuid?.(), mode: 0o100600 })
  })

  test("with a second name, which may be somebody else's, is left as it is", async () => {
    const directory = temporaryDirectory()
    const file = fileIn(directory, kind)
    await make(file)
    linkSync(file.path, join(directory, 'second'))
    const { mode } = lstatSync(file.path)
    expect(() => setAccess(file, { mode: 0o666, uid: 1, gid: 1 })).toThrow('was replaced by something else')
    expect(lstatSync(file.path)).toMatchObject({ uid: process.getuid?.(), mode })
  })

  test('tells whether its owner or mode has changed', async () => {
    const file = fileIn(temporaryDirectory(), kind)
    await make(file)
    const access = { mode: 0o640, uid: undefined, gid: undefined }
    setAccess(file, access)
    expect(hasAccess(file.path, access)).toBe(true)
    expect(hasAccess(file.path, { ...access, uid: process.getuid?.(), gid: process.getgid?.() })).toBe(true)
    expect(hasAccess(file.path, { ...access, uid: 12_345 })).toBe(false)
    chmodSync(file.path, 0o600)
    expect(hasAccess(file.path, access)).toBe(false)
  })

  test('is known until something else is in its place, and removed only then', async () => {
    const directory = temporaryDirectory()
    const file = fileIn(directory, kind)
    await make(file)
    const made = setAccess(file, { mode: 0o600, uid: undefined, gid: undefined })
    expect(isInPlace(file.path, made)).toBe(true)
    // Kept, so that its number is not used again.
    renameSync(file.path, join(directory, 'kept'))
    expect(isInPlace(file.path, made)).toBe(false)
    await make(file)
    expect(isInPlace(file.path, made)).toBe(false)
    removeIfInPlace(file.path, made)
    expect(existsSync(file.path)).toBe(true)
    removeIfInPlace(file.path, lstatSync(file.path))
    expect(existsSync(file.path)).toBe(false)
    removeIfInPlace(file.path, made)
  })
})

describe('a file that is open', () => {
  test('gets its access by the descriptor, whatever its path leads to by now', async () => {
    const directory = temporaryDirectory()
    const file = fileIn(directory, 'FIFO')
    await make(file)
    const fd = openSync(file.path, constants.O_RDWR | constants.O_NONBLOCK)
    onTestFinished(() => closeSync(fd))
    const moved = join(directory, 'moved')
    renameSync(file.path, moved)
    await make(file)
    const made = setAccess(file, { mode: 0o640, uid: undefined, gid: undefined }, fd)
    expect(isInPlace(moved, made)).toBe(true)
    expect([moved, file.path].map((path) => lstatSync(path).mode & 0o7777)).toEqual([0o640, 0o600])
  })

  test('and is something else than was made is refused', () => {
    const file = fileIn(temporaryDirectory(), 'FIFO')
    writeFileSync(file.path, 'mine', { mode: 0o600 })
    const fd = openSync(file.path, constants.O_RDWR)
    onTestFinished(() => closeSync(fd))
    expect(() => setAccess(file, { mode: 0o666, uid: undefined, gid: undefined }, fd)).toThrow('was replaced')
    expect(statSync(file.path).mode & 0o7777).toBe(0o600)
  })
})

describe('a UNIX socket that somebody listens on', () => {
  test('is refused and left alone', async () => {
    const file = fileIn(temporaryDirectory(), 'UNIX socket')
    await using _ = await listening(file.path)
    await expect(removeStale(file, isAlive)).rejects.toMatchObject({
      code: 'MI_LISTEN',
      message: `socket ${file.path} is in use by another process; stop that process or choose another socketName`,
    })
    expect(await isAlive(file.path)).toBe(true)
  })

  test('and that took the place of a dead one meanwhile is left alone', async () => {
    const directory = temporaryDirectory()
    const file = fileIn(directory, 'UNIX socket')
    await make(file)
    let server: AsyncDisposable | undefined
    await removeStale(file, async (path) => {
      const alive = await isAlive(path)
      renameSync(path, join(directory, 'kept'))
      server = await listening(path)
      return alive
    })
    expect(await isAlive(file.path)).toBe(true)
    await server?.[Symbol.asyncDispose]()
  })
})

test('a probe that fails is MI_LISTEN with its cause', async () => {
  const file = fileIn(temporaryDirectory(), 'UNIX socket')
  await make(file)
  const cause = new Error('no more descriptors')
  const probe = removeStale(file, () => Promise.reject(cause))
  await expect(probe).rejects.toMatchObject({
    code: 'MI_LISTEN',
    cause,
    message: expect.stringContaining(cause.message),
  })
  expect(existsSync(file.path)).toBe(true)
})

describe('an error says how to fix it', () => {
  const cause = Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' })
  const message = (file: ListenFile) => {
    const error = listenError(file, 'create', cause)
    expect(error).toMatchObject({ code: 'MI_LISTEN', cause })
    return error.message
  }

  test('when the directory is missing or none', () => {
    const directory = join(temporaryDirectory(), 'missing')
    const file = fileIn(directory, 'UNIX socket')
    const what = `cannot create ${file.path}: EACCES: permission denied`
    expect(message(file)).toBe(
      `${what}; the directory ${directory} does not exist: create it or choose another socketName`,
    )
    writeFileSync(directory, '')
    expect(message(file)).toBe(`${what}; ${directory} is not a directory: choose another socketName`)
    unlinkSync(directory)
    mkdirSync(directory)
    expect(message(file)).toBe(
      `${what}; this process (uid ${process.getuid?.()}) must be allowed to write in ${directory}`,
    )
  })

  test('when the directory is sticky', () => {
    const directory = temporaryDirectory()
    chmodSync(directory, 0o1777)
    const sticky = `; ${directory} is sticky (mode 1777): only a file's owner may replace it there; choose a`
    expect(message(fileIn(directory, 'UNIX socket'))).toContain(`${sticky} socketName in a directory of your own`)
    expect(message(fileIn(directory, 'FIFO'))).toContain(`${sticky} fifoName in a directory of your own`)
  })

  test('when a directory cannot even be searched', () => {
    const file = join(temporaryDirectory(), 'file')
    writeFileSync(file, '')
    expect(message({ kind: 'FIFO', path: join(file, 'within', 'mi'), option: 'fifoName' })).toMatch(
      /the directory .*within cannot be read \(ENOTDIR.*\): choose another fifoName/,
    )
  })

  test('and nothing of permissions when those are not what is wrong', () => {
    const busy = Object.assign(new Error('bind EADDRINUSE'), { code: 'EADDRINUSE' })
    const file = fileIn(temporaryDirectory(), 'UNIX socket')
    expect(listenError(file, 'bind to', busy).message).toBe(`cannot bind to ${file.path}: bind EADDRINUSE`)
  })

  test('with what a utility said rather than how it was called', () => {
    const said = Object.assign(new Error('Command failed: mkfifo'), { stderr: 'mkfifo: cannot create fifo\n' })
    expect(listenError(fileIn('/nowhere', 'FIFO'), 'create', said).message).toMatch(
      /^cannot create .*: mkfifo: cannot create/,
    )
  })

  test.runIf(isRoot)('when the process may not replace the file or give it away', async () => {
    const directory = temporaryDirectory()
    const file = fileIn(directory, 'UNIX socket')
    await make(file)
    chmodSync(directory, 0o1777)
    const own = join(directory, 'own')
    const entry = fileURLToPath(new URL('../src/listen-file.ts', import.meta.url))
    await build({
      entry: [entry],
      outDir: directory,
      outExtension: () => ({ js: '.mjs' }),
      format: 'esm',
      noExternal: [/.*/],
      config: false,
      silent: true,
    })
    const code = `
      import { createServer } from 'node:net'
      import { removeStale, setAccess } from ${JSON.stringify(join(directory, 'listen-file.mjs'))}
      // Not before everything is loaded: nobody may not read it everywhere.
      process.setgroups([])
      process.setgid(65_534)
      process.setuid(65_534)
      await removeStale(${JSON.stringify(file)}, async () => false).catch((error) => console.log(error.message))
      const server = createServer().listen(${JSON.stringify(own)}, () => {
        try {
          setAccess({ ...${JSON.stringify(file)}, path: ${JSON.stringify(own)} }, { mode: 0o666, uid: 0, gid: undefined })
        } catch (error) {
          console.log(error.message)
        }
        server.close()
      })`
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', code])
    const [replace, give] = stdout.split('\n')
    expect(replace).toMatch(
      /^cannot replace .*EPERM.*is sticky \(mode 1777\).*choose a socketName in a directory of your own/,
    )
    expect(give).toMatch(/^cannot set the owner of .*own: .*; only root may give a file to another user/)
    expect(existsSync(file.path)).toBe(true)
  })
})

describe('a user or group', () => {
  test.each(['www-data', '1000x', 0, 4_294_967_294, '4294967294', undefined])('may be given as %j', (owner) => {
    expect(new OptionChecks('fifo()').owner('fifoUser', owner)).toBe(owner)
  })

  test.each(['', -1, 1.5, 4_294_967_295, '4294967295', Number.NaN])('is refused as %j', (owner) => {
    expect(() => new OptionChecks('fifo()').owner('fifoUser', owner)).toThrow(
      /^fifo\(\): fifoUser must be a name or a number from 0 to 4294967294, not /,
    )
  })

  test('is found by name or number', async () => {
    expect(await ownerId('user', 'root', 'fifoUser')).toBe(0)
    expect(await ownerId('group', 'daemon', 'fifoGroup')).toBe(Number(execFileSync('id', ['-g', 'daemon'])))
    expect(await ownerId('user', '12345', 'fifoUser')).toBe(12_345)
    expect(await ownerId('group', 54_321, 'fifoGroup')).toBe(54_321)
  })

  test('that does not exist is MI_LISTEN, which names the option and the remedy', async () => {
    await expect(ownerId('user', 'no_such_user', 'unixSocketUser')).rejects.toMatchObject({
      code: 'MI_LISTEN',
      message:
        "unixSocketUser: there is no user 'no_such_user' on this machine; create it (useradd no_such_user) or name another one",
    })
    await expect(ownerId('group', 'no_such_group', 'unixSocketGroup')).rejects.toThrow(
      "unixSocketGroup: there is no group 'no_such_group' on this machine; create it (groupadd no_such_group)",
    )
  })
})
