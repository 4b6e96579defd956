import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ClientUnderTest, clientTransportSuite } from '@mi/compliance'
import { describe, test } from 'vitest'
import { unix } from '../src/unix/unix.js'
import { RawUnixServer } from './support/raw-unix-server.js'

async function create(): Promise<ClientUnderTest> {
  const dir = mkdtempSync(join(tmpdir(), 'mi-client-compliance-'))
  const path = join(dir, 'socket')
  const replyDir = join(dir, 'replies')
  mkdirSync(replyDir)
  return {
    // More than the 12 requests that the suite has under way at once.
    transport: unix({ path, replyDir, maxConcurrent: 64 }),
    address: path,
    server: new RawUnixServer(path),
    leftovers: async () => readdirSync(replyDir).map((name) => join(replyDir, name)),
    cleanup: async () => rmSync(dir, { recursive: true }),
  }
}

clientTransportSuite(
  { create, test, describe },
  {
    maxRequestBytes: 65_457,
    maxReplyBytes: 65_507,
    // Nothing tells a provisional answer from the final one.
    provisional: 'never',
    // A socket that nobody reads any more shows only when something is sent there.
    vanishedServer: 'unnoticed',
  },
)
