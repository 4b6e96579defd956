import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect } from 'vitest'
import type { FifoTransportOptions } from '../../src/fifo/fifo.js'
import { createClient, type MiClient, type Middleware } from '../../src/index.js'
import { watchLeftovers } from './leftovers.js'
import { Responder } from './responder.js'
import { byPosix, type Way } from './ways.js'

/** A private directory with a server's FIFO and a reply directory, and a client for them. */
export interface Fixture extends AsyncDisposable {
  readonly dir: string
  readonly fifoName: string
  readonly replyDir: string
  readonly server: Responder
  readonly client: MiClient
  /** A further client, closed with the fixture. */
  makeClient(options?: FifoTransportOptions, timeoutMs?: number, middleware?: readonly Middleware[]): MiClient
  /** The reply FIFOs that exist. */
  replies(): string[]
}

export interface FixtureOptions {
  /** Whether the server's FIFO is there and read. @default true */
  readonly listen?: boolean
  /** How reply FIFOs are made. @default by @mi/posix */
  readonly way?: Way
}

/** Closes all at its end, and then fails unless no file, descriptor or listener is left. */
export async function fixture({ listen = true, way = byPosix }: FixtureOptions = {}): Promise<Fixture> {
  await warmUp()
  const nothingLeft = watchLeftovers()
  const dir = mkdtempSync(join(tmpdir(), 'mi-client-'))
  const fifoName = join(dir, 'fifo')
  const replyDir = join(dir, 'replies')
  mkdirSync(replyDir)
  const server = new Responder(fifoName, replyDir)
  if (listen) server.listen()
  const clients: MiClient[] = []
  const makeClient = (
    options: FifoTransportOptions = {},
    timeoutMs = 20_000,
    middleware: readonly Middleware[] = [],
  ): MiClient => {
    const client = createClient(way.fifo({ fifoName, replyDir, ...options }), { timeoutMs, middleware })
    clients.push(client)
    return client
  }
  return {
    dir,
    fifoName,
    replyDir,
    server,
    client: makeClient(),
    makeClient,
    replies: () => readdirSync(replyDir),
    [Symbol.asyncDispose]: async () => {
      for (const client of clients) await client.close()
      if (listen) server.close()
      const after = readdirSync(replyDir)
      rmSync(dir, { recursive: true })
      expect(after, 'reply FIFOs after close').toEqual([])
      await nothingLeft()
    },
  }
}

/** Node.js opens some descriptors when they are first needed and keeps them, for signals and child processes. */
async function warmUp(): Promise<void> {
  const ignore = (): void => undefined
  process.on('SIGHUP', ignore)
  await promisify(execFile)('true')
  process.off('SIGHUP', ignore)
}
