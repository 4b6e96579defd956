import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { implement, isCommandError } from '@mi/contract'
import { createMi, type Mi } from '@mi/core'
import { fifo as serverFifo } from '@mi/fifo'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { fifo } from '../src/fifo/fifo.js'
import { createClient, type MiClient } from '../src/index.js'
import { cache } from './support/contracts.js'
import { failureOf } from './support/failure.js'

let dir = ''
let replyDir = ''
let mi: Mi
let client: MiClient
const stored = new Map<string, string>()

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'mi-client-server-'))
  replyDir = join(dir, 'replies')
  mkdirSync(replyDir)
  const fifoName = join(dir, 'fifo')
  const module = implement(cache, {
    store({ attr, value }) {
      stored.set(attr, value)
      return 'OK'
    },
    async mode({ mode }, ctx) {
      ctx.provisional('off')
      await new Promise((resolve) => setImmediate(resolve))
      return mode
    },
  })
  mi = createMi({ modules: [module], transports: [serverFifo({ fifoName, replyDir })] })
  await mi.listen()
  client = createClient(fifo({ fifoName, replyDir }), { timeoutMs: 20_000 })
})

afterEach(async () => {
  await client.close()
  await mi.close()
  expect(readdirSync(replyDir)).toEqual([])
  rmSync(dir, { recursive: true })
})

describe('with the server of this project', () => {
  test('calls, notifications, batches and provisional results do what they say', async () => {
    const value = 'ü✓\n'.repeat(100_000)
    expect(await client.call(cache.store, { system: 'local', attr: 'k', value })).toBe('OK')
    expect(stored.get('k')).toBe(value)
    expect(await client.call('cache_store', ['local', 'k', 'other'])).toBe('OK')

    const seen: unknown[] = []
    expect(await client.call(cache.mode, { mode: 'on' }, { onProvisional: (mode) => seen.push(mode) })).toBe('on')
    expect(seen).toEqual(['off'])

    const answers = await client.batch([['core:uptime'], ['nosuch'], [cache.mode, { mode: 'off' }]])
    expect(answers).toMatchObject([{ result: {} }, { error: { code: -32601 } }, { result: 'off' }])

    await client.notify(cache.store, { system: 'local', attr: 'n', value: 'v' })
    // One FIFO, one order: the answer to what was sent later means that the notification has run.
    await client.call('core:uptime')
    expect(stored.get('n')).toBe('v')
  })

  test('errors come with code, message and data', async () => {
    const error = await failureOf(client.call('cache:store', ['local']))
    expect(isCommandError(error, -32602)).toBe(true)
    expect(error).toMatchObject({
      command: 'cache:store',
      reason: 'Invalid params',
      data: 'Too few or too many parameters',
      message: 'cache:store: Invalid params: Too few or too many parameters',
    })
  })

  test('200 calls at once are each answered', async () => {
    const calls = Array.from({ length: 200 }, (_, n) => client.call(cache.mode, { mode: n % 2 === 0 ? 'on' : 'off' }))
    expect(await Promise.all(calls)).toEqual(Array.from({ length: 200 }, (_, n) => (n % 2 === 0 ? 'on' : 'off')))
  })
})
