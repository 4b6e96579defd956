import { execFile, execFileSync } from 'node:child_process'
import { linkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { bothWays, makeFifo, openDescriptors, pwd, until } from './support.js'

const run = promisify(execFile)

describe.each(bothWays)('$name', ({ serve }) => {
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

    test('does not wait for replyRetryMs if the reader is only a moment late, as opensips-cli is', async () => {
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
      await until('the log line', () => lines.length > 0)
      expect(lines).toEqual([expect.objectContaining({ path: join(replyDir, 'absent'), error: 'ENOENT' })])
    })

    test('to a request without id is empty: the FIFO is opened and closed, so that its reader ends', async () => {
      const { fifoName, replyDir, drops } = await serve()
      for (const request of ['{"jsonrpc":"2.0","method":"pwd"}', '[{"jsonrpc":"2.0","method":"pwd"}]']) {
        const script = `rm -f ${replyDir}/r; mkfifo -m 622 ${replyDir}/r && (printf ':r:${request}\\n' > ${fifoName} &) && cat ${replyDir}/r`
        expect((await run('sh', ['-c', script], { timeout: 30_000 })).stdout).toBe('')
      }
      expect(drops()).toBe(0)
    })

    test('that waits leaves half of the places to FIFOs that nothing waits for, however many have readers that never come', async () => {
      const options = { replyRetryMs: 600_000, maxPendingReplies: 2_000 }
      const { mi, write, ask, replyDir, drops } = await serve(options)
      const names = ['nobody', 'noone']
      for (const name of names) makeFifo(join(replyDir, name))
      const hundred = Array.from({ length: 100 }, (_, index) => pwd(names[index % 2] ?? '', index)).join('')
      for (let sent = 100; sent <= 3_000; sent += 100) {
        write(hundred)
        await until('them to be read', () => mi.statistics('mi:requests')['mi:requests'] === sent)
      }
      expect(drops('too_many_pending')).toBe(2_000)
      makeFifo(join(replyDir, 'late'))
      write(pwd('late', 1))
      expect(await ask('pwd')).toMatchObject({ result: {} })
      expect(drops('too_many_pending')).toBe(2_000)
      for (const name of names) rmSync(join(replyDir, name))
      await until('all to be given up at once', () => drops('no_reply_fifo') === 1_000)
    })

    test('without a reader is given up with all that wait for the same FIFO, and close waits no longer for many', async () => {
      const { mi, write, replyDir, drops } = await serve({ replyRetryMs: 100 })
      makeFifo(join(replyDir, 'nobody'))
      const many = Array.from({ length: 500 }, (_, index) => pwd('nobody', index)).join('')
      write(many)
      await until('all to be given up', () => drops('no_reader') === 500)
      write(many)
      await mi.close()
      expect(drops()).toBe(1_000)
    })

    test('waits for a place where maxOpenReplyFifos are open, and is dropped when none becomes free in time', async () => {
      const big = () => 'z'.repeat(200_000)
      const options = { maxOpenReplyFifos: 3, replyTimeoutMs: 2_000, replyRetryMs: 5 }
      const { write, reader, ask, drops } = await serve(options, { big })
      const request = (name: string): string => `:${name}:{"jsonrpc":"2.0","method":"t:big","id":1}\n`
      const before = openDescriptors()
      const stalled = Array.from({ length: 8 }, (_, index) => reader(`stalled${index}`))
      for (const each of stalled) each.pause()
      write(stalled.map((_, index) => request(`stalled${index}`)).join(''))
      expect(await ask('pwd')).toMatchObject({ result: {} })
      // A reader of its own for each and one for the question; the rest is the server's.
      await until('no more descriptors', () => openDescriptors() - before - stalled.length - 1 <= 3)
      await until('all to be given up', () => drops() === 8)
      expect(drops('reader_stalled')).toBeGreaterThanOrEqual(3)
      expect(drops('too_many_open') + drops('reader_stalled')).toBe(8)
      expect(await ask('t:big')).toMatchObject({ result: big() })
    })

    test('takes no place of maxOpenReplyFifos if it is small, however late its reader is', async () => {
      const options = { maxOpenReplyFifos: 1, replyTimeoutMs: 60_000, replyRetryMs: 60_000 }
      const { mi, write, reader, replyDir } = await serve(options, { big: () => 'z'.repeat(200_000) })
      const stalled = reader('stalled')
      stalled.pause()
      write(':stalled:{"jsonrpc":"2.0","method":"t:big","id":1}\n')
      makeFifo(join(replyDir, 'late'))
      write(pwd('late'))
      await until('the requests', () => mi.statistics('requests')['mi:requests'] === 2)
      const { stdout } = await run('cat', [join(replyDir, 'late')])
      expect(stdout).toContain('"result"')
      // So that the server can close.
      stalled.resume()
      await until('the large reply', () => stalled.ends === 1)
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
      await until('all answers and an end', () => r.text.endsWith('"id":5}') && r.ends > 0)
      const ids = r.text.match(/"id":\d/g)
      expect(ids).toEqual(['"id":1', '"id":2', '"id":3', '"id":4', '"id":5'])
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
      const { write, reader, drops } = await serve({ maxPendingReplyBytes: 300_000 }, { big })
      const slow = reader('slow')
      slow.pause()
      // A part of the first is in the pipe; with the second one 136,000 bytes wait, of 150,000 for FIFOs that wait already.
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
})
