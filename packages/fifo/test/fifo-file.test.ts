import { execFile, execFileSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createMi } from '@mi/core'
import { describe, expect, test } from 'vitest'
import type { fifo } from '../src/index.js'
import { installation } from './installation.js'
import { bothWays, makeFifo, openDescriptors, pwd, temporaryDirectory, until } from './support.js'

const run = promisify(execFile)

function hasMode(path: string, mode: number): boolean {
  return existsSync(path) && (lstatSync(path).mode & 0o777) === mode
}

describe.each(bothWays)('$name', ({ name, serve, fifo }) => {
  describe('the FIFO file', () => {
    test.each([0o660, 0o600, 0o622, 0o777, 0o001])('has mode %o exactly, whatever the umask', async (fifoMode) => {
      const before = process.umask(0o077)
      try {
        const { fifoName } = await serve({ fifoMode })
        expect(lstatSync(fifoName).mode & 0o7777).toBe(fifoMode)
        expect(lstatSync(fifoName).isFIFO()).toBe(true)
      } finally {
        process.umask(before)
      }
    })

    test('is warned of where everyone may write in its directory, or that of the replies', async () => {
      const warnings = async (ofFile: number, ofReplies: number): Promise<string[]> => {
        const [directory, replyDir] = [temporaryDirectory(), temporaryDirectory()]
        chmodSync(directory, ofFile)
        chmodSync(replyDir, ofReplies)
        const logged: string[] = []
        const log = {
          debug() {},
          info() {},
          error() {},
          warn: (_: object, text?: string) => void logged.push(text ?? ''),
        }
        await serve({ fifoName: join(directory, 'mi_fifo'), replyDir }, {}, { log })
        return logged.flatMap((text) => /choose a (\w+)/.exec(text)?.[1] ?? [])
      }
      expect(await warnings(0o1777, 0o777)).toEqual(['fifoName', 'replyDir'])
      expect(await warnings(0o770, 0o1777)).toEqual(['replyDir'])
      expect(await warnings(0o755, 0o700)).toEqual([])
    })

    test.runIf(process.getuid?.() === 0)('gets its owner by name or number', async () => {
      const { fifoName } = await serve({ fifoUser: 'nobody', fifoGroup: 'daemon' })
      const [uid, gid] = ['-u', '-g'].map((flag) =>
        execFileSync('id', [flag, flag === '-u' ? 'nobody' : 'daemon'], { encoding: 'utf8' }),
      )
      expect(lstatSync(fifoName)).toMatchObject({ uid: Number(uid), gid: Number(gid) })
      const numbered = await serve({ fifoUser: 12_345, fifoGroup: '54321' })
      expect(lstatSync(numbered.fifoName)).toMatchObject({ uid: 12_345, gid: 54_321 })
    })

    test('replaces a FIFO that was left behind', async () => {
      const fifoName = join(temporaryDirectory(), 'mi_fifo')
      makeFifo(fifoName)
      const { ask } = await serve({ fifoName })
      expect(hasMode(fifoName, 0o660)).toBe(true)
      expect(await ask('pwd')).toMatchObject({ result: {} })
    })

    test('that a living server reads is left to it', async () => {
      const { fifoName, ask } = await serve()
      const other = createMi({ transports: [fifo({ fifoName })] })
      await expect(other.listen()).rejects.toThrow(
        `FIFO ${fifoName} is in use by another process; stop that process or choose another fifoName`,
      )
      expect(await ask('pwd')).toMatchObject({ result: {} })
    })

    test('is made anew when it is gone, by time', async () => {
      const { fifoName, ask } = await serve({ checkIntervalMs: 20 })
      unlinkSync(fifoName)
      await until('a new FIFO', () => hasMode(fifoName, 0o660))
      expect(await ask('pwd')).toMatchObject({ result: {} })
    })

    test('is made anew at once on SIGHUP, also when another FIFO has taken its place', async () => {
      const { fifoName, ask } = await serve()
      rmSync(fifoName)
      makeFifo(fifoName)
      process.kill(process.pid, 'SIGHUP')
      // The other one had another mode; its inode may well be used again.
      await until('a new FIFO', () => hasMode(fifoName, 0o660))
      expect(await ask('pwd')).toMatchObject({ result: {} })
    })

    test('gets its mode again when somebody has changed it', async () => {
      const { fifoName, ask } = await serve()
      chmodSync(fifoName, 0o000)
      process.kill(process.pid, 'SIGHUP')
      await until('the mode', () => hasMode(fifoName, 0o660))
      expect(await ask('pwd')).toMatchObject({ result: {} })
    })

    test('when deleted, still answers a client that had opened it', async () => {
      const { fifoName, write, ask, reader, directory } = await serve()
      const r = reader('r')
      const kept = join(directory, 'kept')
      renameSync(fifoName, kept)
      process.kill(process.pid, 'SIGHUP')
      await until('a new FIFO', () => hasMode(fifoName, 0o660))
      write(pwd('r'), kept)
      await until('the answer', () => r.ends === 1)
      expect(await ask('pwd')).toMatchObject({ result: {} })
    })

    test('that somebody put in its place is left alone when it is not a FIFO, also at close', async () => {
      const { fifoName, mi } = await serve()
      unlinkSync(fifoName)
      writeFileSync(fifoName, 'mine')
      process.kill(process.pid, 'SIGHUP')
      await mi.close()
      expect(execFileSync('cat', [fifoName], { encoding: 'utf8' })).toBe('mine')
    })

    test('under a relative path stays where it is when the process changes its directory', async () => {
      const [directory, before] = [temporaryDirectory(), process.cwd()]
      process.chdir(directory)
      try {
        const { mi } = await serve({ fifoName: 'mi_fifo', replyDir: '.' })
        process.chdir('/')
        process.kill(process.pid, 'SIGHUP')
        expect(readdirSync(directory)).toEqual(['mi_fifo'])
        await mi.close()
        expect(readdirSync(directory)).toEqual([])
      } finally {
        process.chdir(before)
      }
    })

    test('is removed at close, with every descriptor, timer and listener', async () => {
      const before = { fds: openDescriptors(), hups: process.listenerCount('SIGHUP') }
      const { fifoName, mi, ask } = await serve()
      await ask('pwd')
      await mi.close()
      await mi.close()
      expect(existsSync(fifoName)).toBe(false)
      expect(process.listenerCount('SIGHUP')).toBe(before.hups)
      // The reader of the test itself is one.
      await until('all descriptors to be closed', () => openDescriptors() <= before.fds + 1)
    })
  })

  describe('listen says what is wrong, where, and how to fix it', () => {
    const listen = (options: Parameters<typeof fifo>[0]) => createMi({ transports: [fifo(options)] }).listen()

    test('with a file that is not a FIFO, which is left alone', async () => {
      const fifoName = join(temporaryDirectory(), 'mi_fifo')
      writeFileSync(fifoName, 'mine')
      await expect(listen({ fifoName, replyDir: '/tmp' })).rejects.toThrow(
        `transport fifo (${fifoName}) cannot listen: ${fifoName} exists and is not a FIFO; it is left alone: remove it yourself`,
      )
      expect(execFileSync('cat', [fifoName], { encoding: 'utf8' })).toBe('mine')
    })

    test('with a link, which is not followed', async () => {
      const directory = temporaryDirectory()
      makeFifo(join(directory, 'other'))
      symlinkSync('other', join(directory, 'mi_fifo'))
      await expect(listen({ fifoName: join(directory, 'mi_fifo') })).rejects.toThrow('exists and is not a FIFO')
    })

    test('with a directory that does not exist', async () => {
      const directory = join(temporaryDirectory(), 'missing')
      await expect(listen({ fifoName: join(directory, 'mi_fifo') })).rejects.toThrow(
        `the directory ${directory} does not exist: create it or choose another fifoName`,
      )
      await expect(listen({ fifoName: join(directory, '..', 'f'), replyDir: directory })).rejects.toThrow(
        `replyDir ${directory}/: it does not exist; create it (mkdir ${directory}/) or choose another directory`,
      )
    })

    test('with a replyDir that is not a directory', async () => {
      const directory = temporaryDirectory()
      writeFileSync(join(directory, 'file'), '')
      await expect(listen({ fifoName: join(directory, 'f'), replyDir: join(directory, 'file') })).rejects.toThrow(
        `replyDir ${directory}/file/: it is not a directory; choose a directory`,
      )
    })

    test('with a user or group that does not exist', async () => {
      const fifoName = join(temporaryDirectory(), 'mi_fifo')
      await expect(listen({ fifoName, fifoUser: 'no_such_user' })).rejects.toThrow(
        "fifoUser: there is no user 'no_such_user' on this machine; create it (useradd no_such_user) or name another one",
      )
      await expect(listen({ fifoName, fifoGroup: 'no_such_group' })).rejects.toThrow(
        "there is no group 'no_such_group'",
      )
      expect(existsSync(fifoName)).toBe(false)
    })

    test.runIf(process.getuid?.() === 0)('without permission to replace a file in a sticky directory', async () => {
      const directory = temporaryDirectory()
      const stale = join(directory, 'mi_fifo')
      makeFifo(stale)
      chmodSync(directory, 0o1777)
      const cwd = name === 'with @mi/posix' ? installation('posix') : installation()
      // Root becomes nobody after a try that loads all there is to load: nobody may not read it everywhere.
      const asNobody = async (options: object) => {
        const code = `import { createMi } from '@mi/core'; import { fifo } from '@mi/fifo'
          const failure = (options) => createMi({ transports: [fifo(options)] }).listen().catch((error) => error.message)
          await failure({ fifoName: '/absent/fifo', replyDir: '/tmp' })
          process.setgroups([])
          process.setgid(65534)
          process.setuid(65534)
          console.log(await failure(${JSON.stringify(options)}))
          process.exit()`
        return run(process.execPath, ['--input-type=module', '-e', code], { cwd })
      }
      const { stdout: sticky } = await asNobody({ fifoName: stale, replyDir: directory })
      expect(sticky).toMatch(
        /cannot replace .*mi_fifo.*is sticky \(mode 1777\).*choose a fifoName in a directory of your own/s,
      )
      const { stdout: owner } = await asNobody({
        fifoName: join(directory, 'own'),
        replyDir: directory,
        fifoUser: 'root',
      })
      expect(owner).toMatch(/cannot set the owner of .*own.*only root may give a file to another user/s)
      chmodSync(directory, 0o755)
      const { stdout: closed } = await asNobody({ fifoName: join(directory, 'new'), replyDir: directory })
      expect(closed).toMatch(
        /cannot create .*new: .*(Permission denied|EACCES).*\(uid 65534\) must be allowed to write in/s,
      )
      expect(readdirSync(directory)).toEqual(['mi_fifo'])
      chmodSync(directory, 0o777)
      const replyDir = join(directory, 'closed')
      mkdirSync(replyDir, { mode: 0o600 })
      const { stdout: replies } = await asNobody({ fifoName: join(directory, 'new'), replyDir })
      expect(replies).toMatch(/replyDir .*closed\/: cannot look into it: EACCES.*\(uid 65534\) must be allowed to/s)
      expect(readdirSync(directory)).toEqual(['closed', 'mi_fifo'])
    })
  })
})
