import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fifo } from '../src/index.js'
import { bothWays, openDescriptors, pwd, temporaryDirectory, until } from './support.js'

const run = promisify(execFile)

describe.each(bothWays)('$name', ({ serve }) => {
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
      await until('the log lines', () => lines.length > 1)
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
