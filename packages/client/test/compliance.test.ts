import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ClientUnderTest, clientTransportSuite } from '@mi/compliance'
import { describe, test } from 'vitest'
import { RawFifoServer } from './support/raw-fifo-server.js'
import { type Way, ways } from './support/ways.js'

async function create({ fifo }: Way): Promise<ClientUnderTest> {
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

describe.each(ways)('$name', (way) => {
  // Only what follows tells a provisional answer from the final one, and nothing tells that a server has gone: the client
  // itself holds its reply FIFO open.
  clientTransportSuite(
    { create: () => create(way), test, describe },
    { provisional: 'withFinal', vanishedServer: 'unnoticed' },
  )
})
