import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { implement, isCommandError } from '@mi/contract'
import { createMi } from '@mi/core'
import { datagram } from '@mi/datagram'
import { describe, expect, test } from 'vitest'
import { createClient, type MiClient } from '../src/index.js'
import { udp } from '../src/udp/udp.js'
import { unix } from '../src/unix/unix.js'
import { cache } from './support/contracts.js'
import { failureOf } from './support/failure.js'
import { freePort } from './support/udp-responder.js'

interface AtServer extends AsyncDisposable {
  readonly client: MiClient
  readonly stored: ReadonlyMap<string, string>
}

async function serve(kind: string): Promise<AtServer> {
  const dir = mkdtempSync(join(tmpdir(), 'mi-client-server-'))
  const replyDir = join(dir, 'replies')
  mkdirSync(replyDir)
  const port = await freePort()
  const path = join(dir, 'socket')
  const stored = new Map<string, string>()
  const module = implement(cache, {
    store({ attr, value }) {
      stored.set(attr, value)
      return 'OK'
    },
    async mode({ mode }) {
      await new Promise((resolve) => setImmediate(resolve))
      return mode
    },
  })
  const socketName = { 'UDP over IPv4': `udp:127.0.0.1:${port}`, 'UDP over IPv6': `udp:[::1]:${port}` }[kind] ?? path
  const mi = createMi({ modules: [module], transports: [datagram({ socketName })] })
  await mi.listen()
  const host = kind === 'UDP over IPv6' ? '::1' : undefined
  const transport = socketName === path ? unix({ path, replyDir }) : udp({ host, port })
  const client = createClient(transport, { timeoutMs: 20_000 })
  return {
    client,
    stored,
    [Symbol.asyncDispose]: async () => {
      await client.close()
      await mi.close()
      expect(readdirSync(replyDir)).toEqual([])
      expect(existsSync(path)).toBe(false)
      rmSync(dir, { recursive: true })
    },
  }
}

describe.each(['UDP over IPv4', 'UDP over IPv6', 'UNIX'])('with the server of this project, %s:', (kind) => {
  test('calls, notifications and batches do what they say', async () => {
    await using at = await serve(kind)
    const { client, stored } = at
    const value = 'ü✓\n'.repeat(8_000)
    expect(await client.call(cache.store, { system: 'local', attr: 'k', value })).toBe('OK')
    expect(stored.get('k')).toBe(value)
    const answers = await client.batch([['core:uptime'], ['nosuch'], [cache.mode, { mode: 'off' }]])
    expect(answers).toMatchObject([{ result: {} }, { error: { code: -32601 } }, { result: 'off' }])
    await client.notify(cache.store, { system: 'local', attr: 'n', value: 'v' })
    // One socket, one order: the answer to what was sent later means that the notification has run.
    await client.call('core:uptime')
    expect(stored.get('n')).toBe('v')
  })

  test('errors come with code, message and data', async () => {
    await using at = await serve(kind)
    const error = await failureOf(at.client.call('cache:store', ['local']))
    expect(isCommandError(error, -32602)).toBe(true)
    expect(error).toMatchObject({
      command: 'cache:store',
      reason: 'Invalid params',
      data: 'Too few or too many parameters',
      message: 'cache:store: Invalid params: Too few or too many parameters',
    })
  })

  test('2000 calls at once are each answered', async () => {
    await using at = await serve(kind)
    const mode = (n: number): 'on' | 'off' => (n % 2 === 0 ? 'on' : 'off')
    const calls = Array.from({ length: 2000 }, (_, n) => at.client.call(cache.mode, { mode: mode(n) }))
    expect(await Promise.all(calls)).toEqual(Array.from({ length: 2000 }, (_, n) => mode(n)))
  })
})
