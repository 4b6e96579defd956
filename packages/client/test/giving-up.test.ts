import { getEventListeners } from 'node:events'
import { isMiError } from '@mi/contract'
import { describe, expect, test } from 'vitest'
import { fifo } from '../src/fifo/fifo.js'
import { createClient } from '../src/index.js'
import { failureOf } from './support/failure.js'
import { fixture } from './support/fixture.js'
import { fill, isFull } from './support/full-fifo.js'
import { engineText, resultText } from './support/responder.js'
import { until } from './support/until.js'
import { ways } from './support/ways.js'

describe.each(ways)('$name', (way) => {
  describe('an abort', () => {
    test('before the call rejects with the reason and sends nothing', async () => {
      await using at = await fixture({ way })
      const reason = new Error('changed my mind')
      expect(await failureOf(at.client.call('pwd', [], { signal: AbortSignal.abort(reason) }))).toBe(reason)
      expect(at.server.lines).toEqual([])
    })

    test('at once after the call leaves no reply FIFO', async () => {
      await using at = await fixture({ way })
      const controller = new AbortController()
      const call = failureOf(at.client.call('pwd', [], { signal: controller.signal }))
      controller.abort('stop')
      expect(await call).toBe('stop')
      expect(at.replies()).toEqual([])
    })

    test('while the answer is awaited removes the reply FIFO before it rejects', async () => {
      await using at = await fixture({ way })
      const controller = new AbortController()
      const call = failureOf(at.client.call('never', [], { signal: controller.signal }))
      await until('the request has arrived', () => at.server.lines.length === 1)
      expect(at.replies().length).toBe(1)
      controller.abort()
      expect(await call).toBe(controller.signal.reason)
      expect(at.replies()).toEqual([])
      expect(getEventListeners(controller.signal, 'abort')).toEqual([])
    })

    test('of one call leaves the others alone, also those with the same signal that are over', async () => {
      await using at = await fixture({ way })
      at.server.on('pwd', ({ id, reply }) => reply(resultText(id, '/')))
      const controller = new AbortController()
      const { signal } = controller
      const aborted = [at.client.call('never', [], { signal }), at.client.call('never', [], { signal })].map(failureOf)
      expect(await at.client.call('pwd', [], { signal })).toBe('/')
      controller.abort('stop')
      expect(await Promise.all(aborted)).toEqual(['stop', 'stop'])
      expect(await at.client.call('pwd')).toBe('/')
    })

    test('ends the wait for a turn', async () => {
      await using at = await fixture({ way })
      const client = at.makeClient({ maxConcurrent: 1 })
      const first = failureOf(client.call('never', [], { timeoutMs: 0 }))
      const controller = new AbortController()
      const second = failureOf(client.call('never', [], { signal: controller.signal }))
      await until('the first has arrived', () => at.server.lines.length === 1)
      controller.abort('stop')
      expect(await second).toBe('stop')
      await client.close()
      expect(await first).toMatchObject({ code: 'MI_CLOSED' })
      expect(at.server.lines.length).toBe(1)
    })

    test('ends the wait for room in the server FIFO, and what was cut off does not spoil the next request', async () => {
      await using at = await fixture({ way })
      at.server.on('pwd', ({ id, reply }) => reply(resultText(id, '/')))
      at.server.pause()
      const controller = new AbortController()
      const large = failureOf(at.client.call('large', ['x'.repeat(300_000)], { signal: controller.signal }))
      await until('a part of the request is written', () => at.replies().length === 1 && isFull(at.fifoName))
      const next = at.client.call('pwd')
      controller.abort('stop')
      expect(await large).toBe('stop')
      at.server.resume()
      expect(await next).toBe('/')
      expect(at.server.received.map(({ method }) => method)).toEqual(['pwd'])
    })

    test('while a full server FIFO keeps even a small request waiting', async () => {
      await using at = await fixture({ way })
      at.server.on('pwd', ({ id, reply }) => reply(resultText(id, '/')))
      at.server.on('version', ({ id, reply }) => reply(engineText(id)))
      await at.client.notify('known to be an engine')
      await until('it has arrived', () => at.server.lines.length === 2)
      at.server.pause()
      fill(at.fifoName)
      const controller = new AbortController()
      const first = failureOf(at.client.notify('first', [], { signal: controller.signal }))
      const next = at.client.call('pwd')
      await until('the next one has its reply FIFO', () => at.replies().length === 1)
      controller.abort('stop')
      expect(await first).toBe('stop')
      at.server.resume()
      expect(await next).toBe('/')
      expect(at.server.received.at(-1)?.method).toBe('pwd')
    })
  })

  describe('a time limit', () => {
    test('rejects with MI_TIMEOUT, which names method, time and transport, and removes the reply FIFO', async () => {
      await using at = await fixture({ way })
      const error = await failureOf(at.client.call('never', [], { timeoutMs: 30 }))
      expect(isMiError(error, 'MI_TIMEOUT')).toBe(true)
      expect(String(error)).toContain(
        `'never' was not answered within 30 ms over fifo (${at.fifoName}); the command may have run`,
      )
      expect(at.replies()).toEqual([])
    })

    test('is that of the client unless the call has its own; 0 is none', async () => {
      await using at = await fixture({ way })
      const client = at.makeClient({}, 30)
      expect(await failureOf(client.call('never'))).toMatchObject({ code: 'MI_TIMEOUT' })
      expect(await failureOf(client.batch([['never']]))).toMatchObject({ code: 'MI_TIMEOUT' })
      const call = client.call('late', [], { timeoutMs: 0 })
      expect(await failureOf(client.call('never'))).toMatchObject({ code: 'MI_TIMEOUT' })
      await until('the request has arrived', () => at.server.received.some(({ method }) => method === 'late'))
      const late = at.server.received.find(({ method }) => method === 'late') ?? expect.unreachable()
      await late.reply(resultText(late.id, 'here'))
      expect(await call).toBe('here')
    })

    test('holds for a call that waits for its turn', async () => {
      await using at = await fixture({ way })
      const client = at.makeClient({ maxConcurrent: 1 })
      const first = failureOf(client.call('never'))
      expect(await failureOf(client.call('never', [], { timeoutMs: 30 }))).toMatchObject({ code: 'MI_TIMEOUT' })
      await client.close()
      expect(await first).toMatchObject({ code: 'MI_CLOSED' })
    })
  })

  describe('close', () => {
    test('ends the calls in flight with MI_CLOSED, and leaves nothing when it resolves', async () => {
      await using at = await fixture({ way })
      const client = at.makeClient({ maxConcurrent: 3 })
      const calls = Array.from({ length: 5 }, () => failureOf(client.call('never')))
      await until('three have arrived', () => at.server.lines.length === 3)
      await client.close()
      expect(at.replies()).toEqual([])
      for (const error of await Promise.all(calls)) {
        expect(error).toMatchObject({ code: 'MI_CLOSED', message: expect.stringContaining('may have run') })
      }
      expect(at.server.lines.length).toBe(3)
    })

    test('lets nothing begin afterwards, and may be called again', async () => {
      await using at = await fixture({ way })
      await Promise.all([at.client.close(), at.client.close()])
      await at.client.close()
      expect(await failureOf(at.client.call('pwd'))).toMatchObject({
        code: 'MI_CLOSED',
        message: "'pwd' was not sent: the client is closed",
      })
      expect(await failureOf(at.client.notify('pwd'))).toMatchObject({ code: 'MI_CLOSED' })
      expect(await failureOf(at.client.batch([['pwd']]))).toMatchObject({ code: 'MI_CLOSED' })
    })

    test('comes at the end of `await using`', async () => {
      await using at = await fixture({ way })
      let call: Promise<unknown>
      {
        await using client = createClient(way.fifo({ fifoName: at.fifoName, replyDir: at.replyDir }))
        call = failureOf(client.call('never'))
        await until('the request has arrived', () => at.server.lines.length === 1)
      }
      expect(at.replies()).toEqual([])
      expect(await call).toMatchObject({ code: 'MI_CLOSED' })
    })
  })
})

test('a client that has only been made holds nothing', async () => {
  await using at = await fixture({ listen: false })
  const before = process.eventNames().length
  createClient(fifo({ fifoName: at.fifoName, replyDir: '/nowhere' }))
  expect(process.eventNames().length).toBe(before)
})
