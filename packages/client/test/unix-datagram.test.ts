import { readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { cache } from './support/contracts.js'
import { failureOf } from './support/failure.js'
import { watchLeftovers } from './support/leftovers.js'
import { engineText, resultText } from './support/responder.js'
import { unixFixture } from './support/unix-fixture.js'
import { until } from './support/until.js'

describe('over UNIX datagrams', () => {
  test('calls, notifications and batches work with a server that answers from another socket, as OpenSIPS does', async () => {
    await using at = await unixFixture()
    at.server.on('cache:store', ({ id, reply }) => reply(resultText(id, 'OK')))
    at.server.on('version', ({ id, reply }) => reply(engineText(id)))
    at.server.on('batch', ({ reply }) => reply(`[${resultText(4, 'b')},${resultText(3, 'a')}]`))
    const params = { system: 'local', attr: 'k', value: 'two\nlines, ünïcode ✓' }
    expect(await at.client.call(cache.store, params)).toBe('OK')
    expect(await at.client.batch([['x'], ['y']])).toEqual([{ result: 'a' }, { result: 'b' }])
    expect(await at.client.notify('reload')).toBeUndefined()
    await until('all have arrived', () => at.server.texts.length === 4)
    expect(JSON.parse(at.server.texts[0] ?? '')).toEqual({ jsonrpc: '2.0', method: 'cache:store', params, id: 1 })
  })

  test('an answer of 65457 octets arrives, and one that no datagram may be is MI_PROTOCOL', async () => {
    await using at = await unixFixture()
    const filling = 'x'.repeat(65_457 - resultText(1, '').length)
    at.server.on('large', ({ id, reply }) => reply(resultText(id, filling)))
    expect(await at.client.call('large')).toBe(filling)
    at.server.on('too large', ({ id, reply }) => reply(resultText(id, 'x'.repeat(70_000))))
    expect(await failureOf(at.client.call('too large'))).toMatchObject({
      code: 'MI_PROTOCOL',
      message: expect.stringContaining('longer than a datagram may be'),
    })
  })

  test('a call that gets no answer tells where the reply socket was', async () => {
    await using at = await unixFixture()
    expect(String(await failureOf(at.client.call('never', [], { timeoutMs: 30 })))).toContain(
      `the command may have run. Nothing has come to the reply socket in ${at.replyDir}: the server must see`,
    )
  })
})

describe('the reply socket', () => {
  test('is made by the first call, with the very permissions that were asked for, and shared', async () => {
    await using at = await unixFixture()
    const umask = process.umask(0o077)
    try {
      at.server.on('pwd', ({ id, reply }) => reply(resultText(id, '/')))
      expect(at.replies()).toEqual([])
      await Promise.all([at.client.call('pwd'), at.client.call('pwd')])
      const [name = '', ...others] = at.replies()
      expect(others).toEqual([])
      expect(name).toMatch(new RegExp(`^mi_reply_${process.pid}_[0-9a-f]{16}$`))
      expect(at.server.lastPeerPath).toBe(join(at.replyDir, name))
      expect(statSync(join(at.replyDir, name)).mode & 0o7777).toBe(0o622)
      const other = at.makeClient({ replyMode: 0o660 })
      await other.call('pwd')
      expect(statSync(at.server.lastPeerPath).mode & 0o7777).toBe(0o660)
    } finally {
      process.umask(umask)
    }
  })

  test('is removed when the client is closed, with calls in flight', async () => {
    await using at = await unixFixture()
    const call = failureOf(at.client.call('never'))
    await until('it has arrived', () => at.server.texts.length === 1)
    expect(at.replies().length).toBe(1)
    const closed = at.client.close()
    expect(at.replies()).toEqual([])
    await closed
    expect(await call).toMatchObject({ code: 'MI_CLOSED' })
  })

  test('is removed before the last call rejects that was given up, and left to the others', async () => {
    await using at = await unixFixture()
    const controller = new AbortController()
    const first = failureOf(at.client.call('never', [], { signal: controller.signal }))
    const second = failureOf(at.client.call('never', [], { timeoutMs: 200 }))
    await until('both have arrived', () => at.server.texts.length === 2)
    controller.abort('stop')
    expect(await first).toBe('stop')
    expect(at.replies().length).toBe(1)
    expect(await second).toMatchObject({ code: 'MI_TIMEOUT' })
    expect(at.replies()).toEqual([])
  })

  test('is removed soon after the last call, and what would remove it at the end of the process', async () => {
    await using at = await unixFixture()
    at.server.on('pwd', ({ id, reply }) => reply(resultText(id, '/')))
    const nothingLeft = watchLeftovers()
    expect(await at.client.call('pwd')).toBe('/')
    expect(at.replies().length).toBe(1)
    await until('it is removed', () => at.replies().length === 0)
    await nothingLeft()
    expect(await at.client.call('pwd')).toBe('/')
  })

  test('that somebody has removed harms nobody', async () => {
    await using at = await unixFixture()
    at.server.on('pwd', ({ id, reply }) => reply(resultText(id, '/')).catch(() => undefined))
    await at.client.call('pwd')
    for (const name of readdirSync(at.replyDir)) rmSync(join(at.replyDir, name))
    expect(await failureOf(at.client.call('pwd', [], { timeoutMs: 100 }))).toMatchObject({ code: 'MI_TIMEOUT' })
    expect(await at.client.call('pwd')).toBe('/')
  })
})

describe('a server whose queue is full', () => {
  test('is waited for: every call is answered, in order of the requests', async () => {
    await using at = await unixFixture()
    at.server.on('echo', ({ id, params, reply }) => reply(resultText(id, params)))
    const client = at.makeClient({ maxConcurrent: 64 })
    at.server.pause()
    const calls = Array.from({ length: 200 }, (_, n) => client.call('echo', [n]))
    await until('the reply socket is there', () => at.replies().length === 1)
    at.server.resume()
    expect(await Promise.all(calls)).toEqual(Array.from({ length: 200 }, (_, n) => [n]))
    expect(at.server.received.map(({ params }) => params)).toEqual(Array.from({ length: 200 }, (_, n) => [n]))
  })

  test('is not waited for by a call that is given up, which is then never sent', async () => {
    await using at = await unixFixture()
    at.server.on('echo', ({ id, params, reply }) => reply(resultText(id, params)))
    const client = at.makeClient({ maxConcurrent: 64 })
    at.server.pause()
    const calls = Array.from({ length: 40 }, (_, n) => client.call('echo', [n]))
    const controller = new AbortController()
    const aborted = failureOf(client.call('aborted', [], { signal: controller.signal }))
    const late = failureOf(client.notify('late', [], { timeoutMs: 50 }))
    expect(await late).toMatchObject({
      code: 'MI_TIMEOUT',
      message: expect.stringContaining("'late' was not taken by the server within 50 ms over unix"),
    })
    controller.abort('stop')
    expect(await aborted).toBe('stop')
    at.server.resume()
    expect(await Promise.all(calls)).toEqual(Array.from({ length: 40 }, (_, n) => [n]))
    expect(at.server.received.filter(({ method }) => method !== 'echo')).toEqual([])
  })

  test('holds up a notification, which resolves when there is room', async () => {
    await using at = await unixFixture()
    at.server.pause()
    const calls = Array.from({ length: 30 }, () => at.client.notify('filling'))
    await until('the reply socket is there', () => at.replies().length === 1)
    at.server.resume()
    await Promise.all(calls)
    await until('all have arrived', () => at.server.texts.length === 30)
  })

  test('that goes away meanwhile ends those that wait with MI_CONNECTION', async () => {
    await using at = await unixFixture()
    at.server.pause()
    const client = at.makeClient({ maxConcurrent: 64 })
    const calls = Array.from({ length: 40 }, () => failureOf(client.call('echo')))
    await until('the reply socket is there', () => at.replies().length === 1)
    await at.server.close()
    for (const error of await Promise.all(calls)) expect(error).toMatchObject({ code: 'MI_CONNECTION' })
  })
})
