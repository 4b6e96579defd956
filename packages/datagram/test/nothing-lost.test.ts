import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { serve } from './support/fixture.js'

const run = promisify(execFile)
const program = fileURLToPath(new URL('programs/slow-clients.mjs', import.meta.url))

const CLIENTS = 8
const REQUESTS = 2_000

test.each([
  ['that name it with each request', 0],
  ['that are connected to it', 1],
])(
  'every reply reaches 8 UNIX clients %s, which send 2,000 requests each as fast as they can and read slowly',
  async (_, connected) => {
    const { socketName, drops } = await serve('unix', {}, { ok: () => 'OK' })
    const settings = [CLIENTS, REQUESTS, 100, 50, connected].map(String)
    const { stdout } = await run(process.execPath, [program, socketName, ...settings], { timeout: 110_000 })
    const all = { sent: REQUESTS, received: REQUESTS, outOfOrder: 0 }
    expect(JSON.parse(stdout)).toEqual(Array.from({ length: CLIENTS }, () => all))
    expect(drops()).toBe(0)
  },
  120_000,
)
