import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { createClient, type MiClient, type Middleware } from '../../src/index.js'
import { type UnixTransportOptions, unix } from '../../src/unix/unix.js'
import { watchLeftovers } from './leftovers.js'
import { UnixResponder } from './unix-responder.js'

/** A private directory with a server's socket and a reply directory, and a client for them. */
export interface UnixFixture extends AsyncDisposable {
  readonly dir: string
  readonly path: string
  readonly replyDir: string
  readonly server: UnixResponder
  readonly client: MiClient
  /** A further client, closed with the fixture. */
  makeClient(options?: Partial<UnixTransportOptions>, timeoutMs?: number, middleware?: readonly Middleware[]): MiClient
  /** The reply sockets that exist. */
  replies(): string[]
}

/** Closes all at its end, and then fails unless no file, descriptor or listener is left. */
export async function unixFixture({ listen = true } = {}): Promise<UnixFixture> {
  warmUp()
  const nothingLeft = watchLeftovers()
  const dir = mkdtempSync(join(tmpdir(), 'mi-client-'))
  const path = join(dir, 'socket')
  const replyDir = join(dir, 'replies')
  mkdirSync(replyDir)
  const server = new UnixResponder(path)
  if (listen) await server.listen()
  const clients: MiClient[] = []
  const makeClient = (
    options: Partial<UnixTransportOptions> = {},
    timeoutMs = 20_000,
    middleware: readonly Middleware[] = [],
  ): MiClient => {
    const client = createClient(unix({ path, replyDir, ...options }), { timeoutMs, middleware })
    clients.push(client)
    return client
  }
  return {
    dir,
    path,
    replyDir,
    server,
    client: makeClient(),
    makeClient,
    replies: () => readdirSync(replyDir),
    [Symbol.asyncDispose]: async () => {
      for (const client of clients) await client.close()
      const after = readdirSync(replyDir)
      await server.close()
      rmSync(dir, { recursive: true })
      expect(after, 'reply sockets after close').toEqual([])
      await nothingLeft()
    },
  }
}

/** Node.js opens some descriptors when they are first needed and keeps them, for signals. */
function warmUp(): void {
  const ignore = (): void => undefined
  process.on('SIGHUP', ignore)
  process.off('SIGHUP', ignore)
}
