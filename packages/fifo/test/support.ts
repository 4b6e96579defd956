import { execFileSync } from 'node:child_process'
import { closeSync, constants, mkdirSync, mkdtempSync, openSync, readdirSync, rmSync, writeSync } from 'node:fs'
import { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CommandContext, defineModule, type Handlers, implement, type ModuleContract } from '@mi/contract'
import { createMi, type Mi, type MiOptions } from '@mi/core'
import { onTestFinished } from 'vitest'
import type { FifoOptions } from '../src/index.js'
import { type Way, ways } from './ways.js'

/** Waits until the condition holds; fails after half a minute, saying what it waited for. */
export async function until(what: string, condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 30_000
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`waited in vain for: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}

export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'mi-fifo-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}

export function makeFifo(path: string): void {
  execFileSync('mkfifo', ['-m', '622', path])
}

/** A reply FIFO that is read all the time; `text` is all that has arrived. */
export class Reader {
  text = ''
  /** How often the server has closed its end. */
  ends = 0
  private socket: Socket | undefined
  private closed = false

  constructor(readonly path: string) {
    makeFifo(path)
    this.open()
  }

  pause(): void {
    this.socket?.pause()
  }

  resume(): void {
    this.socket?.resume()
  }

  close(): void {
    this.closed = true
    this.socket?.destroy()
  }

  private open(): void {
    const fd = openSync(this.path, constants.O_RDONLY | constants.O_NONBLOCK)
    const socket = new Socket({ fd, readable: true, writable: false })
    socket.setEncoding('utf8')
    socket.on('data', (text) => {
      this.text += text
    })
    socket.on('end', () => {
      this.ends++
      if (!this.closed) this.open()
    })
    this.socket = socket
  }
}

export interface Fixture {
  readonly mi: Mi
  readonly directory: string
  readonly fifoName: string
  readonly replyDir: string
  /** One open, one write, one close, as `printf ... > fifo` does. Small enough for the pipe. */
  write(bytes: string | Uint8Array, path?: string): void
  /** A reply FIFO in replyDir, read in the background. */
  reader(name: string): Reader
  /** Writes a request for a new reply FIFO and waits for its whole answer. */
  ask(method: string, params?: unknown): Promise<unknown>
  /** The number of drops so far, in all or for one reason. */
  drops(reason?: string): number
}

export type LooseHandler = (params: Record<string, unknown>, ctx: CommandContext) => unknown

/** A server on a FIFO of its own, with commands `t:NAME` that take no parameters; closed when the test ends. */
export type Serve = (
  options?: FifoOptions,
  handlers?: Readonly<Record<string, LooseHandler>>,
  miOptions?: MiOptions,
) => Promise<Fixture>

/** For `describe.each`: what the tests need, one way and the other. */
export const bothWays: readonly (Way & { readonly serve: Serve })[] = ways.map((way) => ({
  ...way,
  serve: serving(way),
}))

export function serving(way: Pick<Way, 'fifo'>): Serve {
  return (options = {}, handlers = {}, miOptions = {}) => serve(way, options, handlers, miOptions)
}

async function serve(
  { fifo }: Pick<Way, 'fifo'>,
  options: FifoOptions,
  handlers: Readonly<Record<string, LooseHandler>>,
  miOptions: MiOptions,
): Promise<Fixture> {
  const directory = temporaryDirectory()
  const replyDir = options.replyDir ?? join(directory, 'replies')
  mkdirSync(replyDir, { recursive: true })
  const fifoName = options.fifoName ?? join(directory, 'mi_fifo')
  const definitions = Object.fromEntries(Object.keys(handlers).map((name) => [name, { recipes: [{}] }]))
  const contract: ModuleContract = defineModule('t', definitions)
  const modules = [implement(contract, handlers as Handlers<ModuleContract>), ...(miOptions.modules ?? [])]
  const mi = createMi({ ...miOptions, modules, transports: [fifo({ ...options, fifoName, replyDir })] })
  const readers: Reader[] = []
  onTestFinished(async () => {
    await mi.close()
    for (const reader of readers) reader.close()
  })
  await mi.listen()

  const fixture: Fixture = {
    mi,
    directory,
    fifoName,
    replyDir,
    write(bytes, path = fifoName) {
      const fd = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK)
      try {
        const data = Buffer.from(bytes)
        if (writeSync(fd, data) !== data.length) throw new Error('the pipe is full')
      } finally {
        closeSync(fd)
      }
    },
    reader(name) {
      const reader = new Reader(join(replyDir, name))
      readers.push(reader)
      return reader
    },
    async ask(method, params) {
      const name = `ask${readers.length}`
      const reader = fixture.reader(name)
      fixture.write(`:${name}:${JSON.stringify({ jsonrpc: '2.0', method, params, id: 1 })}\n`)
      await until(`an answer to ${method}`, () => reader.ends > 0)
      return JSON.parse(reader.text)
    },
    drops(reason) {
      const name = reason === undefined ? 'fifo:drops' : `fifo:drops_${reason}`
      return mi.statistics(name)[name] ?? 0
    },
  }
  return fixture
}

/** Descriptors of this process, to compare before and after. */
export function openDescriptors(): number {
  return readdirSync('/proc/self/fd').length
}

/** A request for the working directory. */
export function pwd(reply: string, id: number | string = 1): string {
  return `:${reply}:{"jsonrpc":"2.0","method":"pwd","id":${JSON.stringify(id)}}\n`
}
