import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ClientUnderTest, clientTransportSuite } from '@mi/compliance'
import { describe, test } from 'vitest'
import { fifo } from '../src/index.js'
import { RawFifoServer } from './support/raw-fifo-server.js'

async function create(): Promise<ClientUnderTest> {
  const dir = mkdtempSync(join(tmpdir(), 'mi-client-compliance-'))
  const fifoName = join(dir, 'fifo')
  const replyDir = join(dir, 'replies')
  mkdirSync(replyDir)
  return {
    transport: fifo({ fifoName, replyDir }),
    address: fifoName,
    server: new RawFifoServer(fifoName, replyDir),
    leftovers: async () => readdirSync(replyDir).map((name) => join(replyDir, name)),
    cleanup: async () => rmSync(dir, { recursive: true }),
  }
}

// Only what follows tells a provisional answer from the final one, and nothing tells that a server has gone: the client
// itself holds its reply FIFO open.
clientTransportSuite({ create, test, describe }, { provisional: 'withFinal', vanishedServer: 'unnoticed' })
