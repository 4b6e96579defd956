import { execFile } from 'node:child_process'
import { constants, openSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import {
  createInbox,
  type RawPeer,
  type ServerHarness,
  type ServerSettings,
  type ServerUnderTest,
} from '@mi/compliance'
import { JsonScanner } from '@mi/internal/json-scanner'
import type { Way } from './ways.js'

const run = promisify(execFile)

/** Brings the FIFO transport before the suite: a private directory for each, one reply FIFO for each peer. */
export function fifoHarness(way: Way): ServerHarness {
  return {
    create: (settings) => underTest(way, 'server', settings),
    createImpossible: () => underTest(way, 'server/missing', {}),
  }
}

async function underTest({ fifo }: Way, fifoDir: string, settings: ServerSettings): Promise<ServerUnderTest> {
  const directory = await mkdtemp(join(tmpdir(), 'mi-fifo-'))
  const serverDir = join(directory, 'server')
  const replyDir = join(directory, 'replies')
  await mkdir(serverDir)
  await mkdir(replyDir)
  const fifoName = join(directory, fifoDir, 'mi_fifo')
  let peers = 0
  return {
    transport: fifo({ ...settings, fifoName, replyDir }),
    peer: () => fifoPeer(fifoName, replyDir, `peer_${++peers}`),
    leftovers: () => readdir(serverDir),
    cleanup: () => rm(directory, { recursive: true }),
  }
}

async function fifoPeer(fifoName: string, replyDir: string, name: string): Promise<RawPeer> {
  const path = join(replyDir, name)
  await run('mkfifo', ['-m', '600', path])
  const replies = new ReplyReader(path)
  return {
    frame: (request) => Buffer.concat([Buffer.from(`:${name}:`), request, Buffer.from('\n')]),
    write: (bytes) => write(fifoName, bytes),
    receive: replies.inbox.receive,
    stall: async () => replies.stall(),
    vanish: () => replies.close(),
    close: async () => {
      await replies.close()
      await rm(path, { force: true })
    },
  }
}

/** Opens without blocking: without a server this fails, rather than waiting for one. */
function write(path: string, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    const fd = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK)
    const socket = new Socket({ fd, readable: false, writable: true })
    let failure: Error | undefined
    socket.on('error', (error) => {
      failure = error
    })
    socket.on('close', () => (failure === undefined ? resolve() : reject(failure)))
    socket.end(bytes, () => socket.destroy())
  })
}

/** Reads a reply FIFO over and over: one text up to each end of file, or several where JSON texts follow each other. */
class ReplyReader {
  readonly inbox = createInbox()
  private bytes: Buffer = Buffer.alloc(0)
  private closed = false
  private socket: Socket

  constructor(private readonly path: string) {
    this.socket = this.open()
  }

  stall(): void {
    this.socket.pause()
  }

  async close(): Promise<void> {
    if (this.closed) return
    this.closed = true
    const closed = new Promise<void>((resolve) => this.socket.once('close', () => resolve()))
    this.socket.destroy()
    await closed
  }

  private open(): Socket {
    const fd = openSync(this.path, constants.O_RDONLY | constants.O_NONBLOCK)
    const socket = new Socket({ fd, readable: true, writable: false })
    socket.on('data', (piece: Buffer) => this.take(piece))
    socket.on('end', () => {
      this.flush()
      // Before the old one is closed, so that the server finds a reader at all times.
      if (!this.closed) this.socket = this.open()
    })
    return socket
  }

  private take(piece: Buffer): void {
    this.bytes = Buffer.concat([this.bytes, piece])
    while (this.bytes[0] === 0x7b || this.bytes[0] === 0x5b) {
      const scanner = new JsonScanner()
      const end = scanner.scan(this.bytes, 0, this.bytes.length)
      if (scanner.state !== 'complete') return
      this.push(end)
    }
  }

  /** What is no JSON ends with the file. */
  private flush(): void {
    if (this.bytes.length > 0) this.push(this.bytes.length)
  }

  private push(end: number): void {
    this.inbox.push(this.bytes.toString('utf8', 0, end))
    this.bytes = this.bytes.subarray(end)
  }
}
