import { execFile, execFileSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  linkSync,
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
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fifo } from '../src/index.js'
import { installation } from './installation.js'
import { bothWays, makeFifo, openDescriptors, temporaryDirectory, until } from './support.js'

const run = promisify(execFile)
const pwd = (reply: string, id: number | string = 1) =>
  `:${reply}:{"jsonrpc":"2.0","method":"pwd","id":${JSON.stringify(id)}}\n`

function hasMode(path: string, mode: number): boolean {
  return existsSync(path) && (lstatSync(path).mode & 0o777) === mode
}

describe.each(bothWays)('$name', ({ name, serve, fifo }) => {
  describe('a shell', () => {
    test('asks with printf and reads the answer with cat, up to the end of file', async () => {
      const { fifoName, replyDir } = await serve()
      const script = `mkfifo -m 622 ${replyDir}/r && (printf ':r:{"jsonrpc":"2.0","method":"pwd","id":7}\\n' > ${fifoName} &) && cat ${replyDir}/r`
      const { stdout } = await run('sh', ['-c', script])
      expect(JSON.parse(stdout)).toEqual({ jsonrpc: '2.0', result: { WD: process.cwd() }, id: 7 })
    })
  })

  describe('a request', () => {
    test('without reply name runs and is not answered', async () => {
      let runs = 0
      const { write, drops } = await serve({}, { run: () => void runs++ })
      write('::{"jsonrpc":"2.0","method":"t:run","id":1}\n')
      await until('the command to run', () => runs === 1)
      expect(drops()).toBe(0)
    })

    test('in single bytes is one request', async () => {
      const { write, reader } = await serve()
      const r = reader('r')
      for (const byte of Buffer.from(pwd('r'))) write(Buffer.of(byte))
      await until('the answer', () => r.ends === 1)
      expect(r.text).toContain('"result"')
    })

    test('over maxRequestBytes is refused by a text that names the limit, and the next one is answered', async () => {
      const { write, reader, drops } = await serve({ maxRequestBytes: 1_000 })
      const r = reader('r')
      write(`:r:{"x":"${'y'.repeat(2_000)}"}\n`)
      await until('the refusal', () => r.ends === 1)
      expect(r.text).toMatch(/^413 .*1000 bytes \(maxRequestBytes\)/)
      expect(drops('request_too_large')).toBe(1)
      r.text = ''
      write(pwd('r'))
      await until('the answer', () => r.ends === 2)
      expect(r.text).toContain('"result"')
    })

    test('after one whose client died in the middle of a megabyte is answered', async () => {
      const { mi, fifoName, write, reader, drops } = await serve({ maxRequestBytes: 500_000 })
      const [dead, next] = [reader('dead'), reader('next')]
      await run('sh', ['-c', `(printf ':dead:{"x":"'; head -c 1100000 /dev/zero | tr '\\0' y) > ${fifoName}`])
      await until('it to be refused', () => dead.ends === 1)
      write(pwd('next'))
      await until('the answer', () => next.ends === 1)
      expect(next.text).toContain('"id":1')
      expect(drops()).toBe(1)
      expect(mi.statistics('mi:requests')['mi:requests']).toBe(1)
    })

    test('that is garbage is logged with its first bytes', async () => {
      const lines: unknown[] = []
      const log = { debug() {}, info() {}, warn: (fields: object) => void lines.push(fields), error() {} }
      const { write, ask } = await serve({}, {}, { log })
      write('hello\n')
      write(':my.reply:{}\n')
      await ask('pwd')
      expect(lines).toEqual([
        expect.objectContaining({ text: 'hello' }),
        expect.objectContaining({ text: ':my.reply:{}' }),
      ])
    })

    test('that stays unfinished is given up after partialTimeoutMs, and does not swallow the next one', async () => {
      const { write, reader, drops } = await serve({ partialTimeoutMs: 50 })
      const [dead, next] = [reader('dead'), reader('next')]
      write(':dead:{"jsonrpc":"2.0","method":"pw')
      await until('it to be given up', () => drops('unfinished_request') === 1)
      await until('its refusal', () => dead.ends === 1)
      expect(dead.text).toBe('400 Parse_error')
      write(pwd('next'))
      await until('the answer', () => next.ends === 1)
    })

    test('whose text is not UTF-8 is refused', async () => {
      const { write, reader } = await serve()
      const r = reader('r')
      write(Buffer.from(':r:{"jsonrpc":"2.0","method":"p\xe9","id":1}\n', 'latin1'))
      await until('the refusal', () => r.ends === 1)
      expect(r.text).toBe('400 Parse_error')
    })

    test('that is no JSON is answered in JSON-RPC when parseErrors says so', async () => {
      const { write, reader } = await serve({ parseErrors: 'jsonrpc' })
      const r = reader('r')
      write(':r:{bad}\n')
      await until('the answer', () => r.ends === 1)
      expect(JSON.parse(r.text)).toMatchObject({ error: { code: -32700 }, id: null })
    })
  })

  test('whatever is written in whatever pieces, the next request on a line of its own is answered', async () => {
    const { write, reader } = await serve({ partialTimeoutMs: 1_000 })
    const r = reader('next')
    let id = 0
    const pieces = fc.array(
      fc.oneof(
        fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
        fc.string({ unit: fc.constantFrom(...':{}[]",\\ \n.1na'), maxLength: 30 }).map((text) => Buffer.from(text)),
      ),
      { maxLength: 4 },
    )
    await fc.assert(
      fc.asyncProperty(pieces, async (garbage) => {
        for (const piece of garbage) write(piece)
        const expected = `"id":"end${++id}"}`
        write(`\n${pwd('next', `end${id}`)}`)
        await until('the next answer', () => r.text.includes(expected))
        r.text = ''
      }),
      { numRuns: 300 },
    )
  })

  describe('a reply', () => {
    test('is indented with tabs when prettyPrinting is on', async () => {
      const { write, reader } = await serve({ prettyPrinting: true })
      const r = reader('r')
      write(pwd('r'))
      await until('the answer', () => r.ends === 1)
      expect(r.text).toBe(`{\n\t"jsonrpc":\t"2.0",\n\t"result":\t{\n\t\t"WD":\t"${process.cwd()}"\n\t},\n\t"id":\t1\n}`)
    })

    test.each([1_000, 4_096, 65_536, 65_537, 5_000_000])(
      'of %i characters arrives whole, whatever they are',
      async (length) => {
        const text = 'é☎x'.repeat(length / 3)
        const { ask } = await serve({}, { big: () => text })
        expect(await ask('t:big')).toMatchObject({ result: text })
      },
    )

    test('to a reader that is slow arrives whole, and meanwhile others are answered', async () => {
      const text = 'z'.repeat(1_000_000)
      const { write, reader, ask, drops } = await serve({}, { big: () => text })
      const slow = reader('slow')
      slow.pause()
      write(':slow:{"jsonrpc":"2.0","method":"t:big","id":1}\n')
      expect(await ask('pwd')).toMatchObject({ result: {} })
      slow.resume()
      await until('the whole answer', () => slow.ends === 1)
      expect(JSON.parse(slow.text)).toMatchObject({ result: text })
      expect(drops()).toBe(0)
    })

    test('to a reader that stalls is dropped after replyTimeoutMs and counted', async () => {
      const { write, reader, ask, drops } = await serve({ replyTimeoutMs: 50 }, { big: () => 'z'.repeat(200_000) })
      reader('stalled').pause()
      write(':stalled:{"jsonrpc":"2.0","method":"t:big","id":1}\n')
      await until('the drop', () => drops('reader_stalled') === 1)
      expect(await ask('pwd')).toMatchObject({ result: {} })
    })

    test('waits for a reader that comes late', async () => {
      const { write, replyDir, drops } = await serve()
      makeFifo(join(replyDir, 'late'))
      write(pwd('late'))
      const { stdout } = await run('cat', [join(replyDir, 'late')])
      expect(stdout).toContain('"result"')
      expect(drops()).toBe(0)
    })

    test('does not wait for replyRetryMs where the reader is but a moment late, as opensips-cli is', async () => {
      const { mi, write, replyDir } = await serve({ replyRetryMs: 600_000 })
      makeFifo(join(replyDir, 'late'))
      write(pwd('late'))
      await until('the request', () => mi.statistics('requests')['mi:requests'] === 1)
      const { stdout } = await run('cat', [join(replyDir, 'late')])
      expect(stdout).toContain('"result"')
    })

    test('without any reader is given up after a while, and holds up nobody', async () => {
      const { write, ask, replyDir, drops } = await serve({ replyRetryMs: 20 })
      makeFifo(join(replyDir, 'nobody'))
      write(pwd('nobody'))
      expect(await ask('pwd')).toMatchObject({ result: {} })
      expect(drops()).toBe(0)
      await until('the drop', () => drops('no_reader') === 1)
    })

    test('to a FIFO that is not there is counted, and logged with its path', async () => {
      const lines: unknown[] = []
      const log = { debug() {}, info() {}, warn: (fields: object) => void lines.push(fields), error() {} }
      const { write, ask, drops, replyDir } = await serve({}, {}, { log })
      write(pwd('absent'))
      await ask('pwd')
      expect(drops('no_reply_fifo')).toBe(1)
      expect(lines).toEqual([expect.objectContaining({ path: join(replyDir, 'absent'), error: 'ENOENT' })])
    })

    test('to a request without id is none: the FIFO is opened and closed, so that its reader ends', async () => {
      const { fifoName, replyDir, drops } = await serve()
      for (const request of ['{"jsonrpc":"2.0","method":"pwd"}', '[{"jsonrpc":"2.0","method":"pwd"}]']) {
        const script = `rm -f ${replyDir}/r; mkfifo -m 622 ${replyDir}/r && (printf ':r:${request}\\n' > ${fifoName} &) && cat ${replyDir}/r`
        expect((await run('sh', ['-c', script], { timeout: 30_000 })).stdout).toBe('')
      }
      expect(drops()).toBe(0)
    })

    test('that is given up takes those with it that wait for the same FIFO, and close does not wait longer', async () => {
      const { mi, write, ask, replyDir, drops } = await serve({ replyRetryMs: 250, maxPendingReplies: 2_000 })
      makeFifo(join(replyDir, 'nobody'))
      const hundred = Array.from({ length: 100 }, (_, index) => pwd('nobody', index)).join('')
      for (let sent = 100; sent <= 3_000; sent += 100) {
        write(hundred)
        await until('them to be read', () => mi.statistics('mi:requests')['mi:requests'] === sent)
      }
      // Half of the places are for one FIFO at most: others find room.
      expect(drops('too_many_pending')).toBe(2_000)
      expect(await ask('pwd')).toMatchObject({ result: {} })
      expect(drops('no_reader')).toBe(0)
      await until('the others to be given up', () => drops('no_reader') === 1_000)
      for (let more = 0; more < 5; more++) write(hundred)
      await until('them to be read', () => mi.statistics('mi:requests')['mi:requests'] === 3_501)
      await mi.close()
      expect(drops('no_reader')).toBe(1_500)
      expect(drops()).toBe(3_500)
    })

    test('waits for a place where maxOpenReplyFifos are open, and is dropped when there is none in time', async () => {
      const big = () => 'z'.repeat(200_000)
      const options = { maxOpenReplyFifos: 3, replyTimeoutMs: 500, replyRetryMs: 5 }
      const { write, reader, ask, drops } = await serve(options, { big })
      const request = (name: string): string => `:${name}:{"jsonrpc":"2.0","method":"t:big","id":1}\n`
      const before = openDescriptors()
      const stalled = Array.from({ length: 8 }, (_, index) => reader(`stalled${index}`))
      for (const each of stalled) each.pause()
      write(stalled.map((_, index) => request(`stalled${index}`)).join(''))
      expect(await ask('pwd')).toMatchObject({ result: {} })
      // A reader of its own for each and one for the question; the rest is the server's.
      expect(openDescriptors() - before - stalled.length - 1).toBeLessThanOrEqual(3)
      await until('all to be given up', () => drops() === 8)
      expect(drops('reader_stalled')).toBeGreaterThanOrEqual(3)
      expect(drops('too_many_open') + drops('reader_stalled')).toBe(8)
      expect(await ask('t:big')).toMatchObject({ result: big() })
    })

    test('never goes into a file, through a link, or into a FIFO with a second name', async () => {
      const { write, ask, reader, replyDir, drops } = await serve()
      const target = reader('target')
      writeFileSync(join(replyDir, 'file'), 'mine')
      symlinkSync('target', join(replyDir, 'link'))
      linkSync(join(replyDir, 'target'), join(replyDir, 'second'))
      for (const name of ['file', 'link', 'second', 'target']) write(pwd(name))
      await ask('pwd')
      expect(drops('not_a_fifo')).toBe(4)
      expect(target.text).toBe('')
      expect(execFileSync('cat', [join(replyDir, 'file')], { encoding: 'utf8' })).toBe('mine')
    })

    test('and the next to the same reader stay in order and apart, also when the first is slow', async () => {
      const { write, reader } = await serve({}, { big: () => 'b'.repeat(300_000) })
      const r = reader('r')
      r.pause()
      write(':r:{"jsonrpc":"2.0","method":"t:big","id":1}\n')
      for (let id = 2; id < 6; id++) write(pwd('r', id))
      r.resume()
      await until('all answers', () => r.text.endsWith('"id":5}'))
      const ids = r.text.match(/"id":\d/g)
      expect(ids).toEqual(['"id":1', '"id":2', '"id":3', '"id":4', '"id":5'])
      expect(r.ends).toBeGreaterThan(0)
    })

    test('that finds no room in the pipe waits for it, however small', async () => {
      const { write, reader, mi, drops } = await serve()
      const r = reader('r')
      r.pause()
      const count = 3_000
      for (let id = 1; id <= count; id += 100) {
        write(Array.from({ length: 100 }, (_, index) => pwd('r', id + index)).join(''))
        await until('them to be read', () => mi.statistics('mi:requests')['mi:requests'] === id + 99)
      }
      r.resume()
      await until('all answers', () => r.text.endsWith(`"id":${count}}`))
      const ids = r.text.match(/(?<="id":)\d+/g)
      expect(ids).toEqual(Array.from({ length: count }, (_, index) => String(index + 1)))
      expect(r.text.length).toBeGreaterThan(65_536 * 2)
      expect(drops()).toBe(0)
    })

    test('in several steps comes in one file, in order', async () => {
      let finish = () => {}
      const { write, reader } = await serve(
        {},
        {
          steps: (_params, ctx) => {
            ctx.provisional('one')
            ctx.provisional('two')
            return new Promise((resolve) => {
              finish = () => resolve('three')
            })
          },
        },
      )
      const r = reader('r')
      write(':r:{"jsonrpc":"2.0","method":"t:steps","id":1}\n')
      await until('the steps', () => r.text.includes('two'))
      expect(r.ends).toBe(0)
      finish()
      await until('the end', () => r.ends === 1)
      expect(r.text.match(/"result":"\w+"/g)).toEqual(['"result":"one"', '"result":"two"', '"result":"three"'])
    })

    test('that would exceed maxPendingReplyBytes is dropped and counted', async () => {
      const big = () => 'z'.repeat(100_000)
      const { write, reader, drops } = await serve({ maxPendingReplyBytes: 150_000 }, { big })
      const slow = reader('slow')
      slow.pause()
      // A part of the first is in the pipe; with the second one 136,000 bytes wait.
      for (let id = 1; id <= 3; id++) write(`:slow:{"jsonrpc":"2.0","method":"t:big","id":${id}}\n`)
      await until('the drop', () => drops('too_many_pending') === 1)
      slow.resume()
      await until('both answers', () => slow.text.endsWith('"id":2}'))
      write(pwd('slow', 4))
      await until('the next answer', () => slow.text.endsWith('"id":4}'))
      expect(slow.text.match(/"id":\d/g)).toEqual(['"id":1', '"id":2', '"id":4'])
    })

    test('that has begun is ended beyond maxPendingReplyBytes: a reply may be dropped, but not cut', async () => {
      const { write, reader, drops } = await serve({ maxPendingReplyBytes: 0 }, { some: () => 'z'.repeat(20_000) })
      const slow = reader('slow')
      slow.pause()
      // A pipe has room for three of them, and for a part of the fourth.
      for (let id = 1; id <= 5; id++) write(`:slow:{"jsonrpc":"2.0","method":"t:some","id":${id}}\n`)
      await until('the drop of the fifth', () => drops('too_many_pending') === 1)
      slow.resume()
      await until('the fourth', () => slow.text.length > 80_000)
      expect(slow.text.match(/"result":"z{20000}"/g)).toHaveLength(4)
      expect(slow.text.endsWith('"id":4}\n') || slow.text.endsWith('"id":4}')).toBe(true)
    })
  })

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

  describe('close', () => {
    test('answers what is in flight and what was written before it', async () => {
      let finish = () => {}
      const { write, reader, mi } = await serve(
        {},
        {
          slow: () =>
            new Promise((resolve) => {
              finish = () => resolve('slow')
            }),
        },
      )
      const [slow, last] = [reader('slow'), reader('last')]
      write(':slow:{"jsonrpc":"2.0","method":"t:slow","id":1}\n')
      await until('the command to run', () => mi.statistics('fifo:in_flight')['fifo:in_flight'] === 1)
      write(pwd('last'))
      const closed = mi.close()
      finish()
      await closed
      await until('both answers', () => slow.ends === 1 && last.ends === 1)
      expect(slow.text).toContain('"result":"slow"')
      expect(last.text).toContain('"id":1')
    })

    test('may be asked for by a command', async () => {
      const closing: Promise<void>[] = []
      const served = await serve({}, { bye: () => void closing.push(served.mi.close()) })
      const r = served.reader('r')
      served.write(`:r:{"jsonrpc":"2.0","method":"t:bye","id":1}\n${pwd('r', 2)}`)
      await until('both answers', () => r.text.endsWith('"id":2}'))
      await Promise.all(closing)
      expect(existsSync(served.fifoName)).toBe(false)
    })

    test('closes all else where the file cannot be removed, and logs that', async () => {
      const directory = join(temporaryDirectory(), 'run')
      mkdirSync(directory)
      const before = openDescriptors()
      const logged: string[] = []
      const log = { debug() {}, info() {}, warn() {}, error: (_fields: object, text: string) => void logged.push(text) }
      const { mi } = await serve({ fifoName: join(directory, 'mi_fifo') }, {}, { log })
      renameSync(directory, `${directory}-moved`)
      writeFileSync(directory, '')
      await mi.close()
      expect(logged).toEqual(['the FIFO file could not be removed'])
      await until('all descriptors to be closed', () => openDescriptors() <= before)
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

    test.runIf(process.getuid?.() === 0)('without permission, with the rule on sticky directories', async () => {
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
        /cannot replace .*mi_fifo.*is sticky \(mode 1777\).*fs\.protected_fifos.*choose a fifoName in a directory of your own/s,
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

describe('options', () => {
  test.each([
    [{ fifoMode: 0 }, RangeError, 'fifoMode must be from 0o001 to 0o777'],
    [{ fifoMode: 0o1777 }, RangeError, 'fifoMode'],
    [{ fifoName: '' }, TypeError, 'fifoName must be a path'],
    [{ replyDir: 'a\0b' }, TypeError, 'replyDir must be a path'],
    [{ fifoUser: -1 }, TypeError, 'fifoUser must be a name or a number'],
    [{ fifoGroup: '' }, TypeError, 'fifoGroup'],
    [{ fifoUser: 2 ** 32 - 1 }, TypeError, 'fifoUser must be a name or a number from 0 to 4294967294, not 4294967295'],
    [{ fifoGroup: '99999999999' }, TypeError, 'fifoGroup must be a name or a number from 0 to 4294967294'],
    [{ replyTimeoutMs: Number.NaN }, RangeError, 'replyTimeoutMs must be a number of milliseconds from 1 up, not NaN'],
  ])('%j is refused at creation', (options, error, message) => {
    expect(() => fifo(options)).toThrow(error)
    expect(() => fifo(options)).toThrow(message)
  })

  test('that do not exist are refused, with the one that may be meant', () => {
    const unknown = { fifo_name: '/run/mi' } as object
    expect(() => fifo(unknown)).toThrow(new TypeError("fifo(): unknown option 'fifo_name'; did you mean 'fifoName'?"))
    expect(() => fifo({ prettyprinting: true } as object)).toThrow("did you mean 'prettyPrinting'?")
  })

  test('of replies and traces reach the engine, and no others', () => {
    const { settings } = fifo({ prettyPrinting: true, backend: 'mi', fifoName: '/run/mi' })
    expect(settings).toEqual({ prettyPrinting: true, parseErrors: 'text', backend: 'mi' })
  })

  test('given as undefined mean the default', () => {
    expect(fifo({ fifoName: undefined }).address).toBe('/tmp/opensips_fifo')
  })

  test('on Windows the transport says at creation that there are no FIFOs', async () => {
    const { resolveOptions } = await import('../src/options.js')
    expect(() => resolveOptions({}, 'win32')).toThrow(expect.objectContaining({ code: 'MI_UNSUPPORTED' }))
  })
})

test('the methods of a transport work on their own', async () => {
  const directory = temporaryDirectory()
  const { listen, close, address } = fifo({ fifoName: join(directory, 'mi_fifo'), replyDir: directory })
  const log = { debug() {}, info() {}, warn() {}, error() {} }
  await listen({ dispatch: () => null, execute: () => ({ value: null }), drop() {}, log })
  expect(existsSync(address)).toBe(true)
  await close()
  expect(existsSync(address)).toBe(false)
})

test('the package exports the factory and nothing else', async () => {
  expect(Object.keys(await import('../src/index.js'))).toEqual(['fifo'])
})
