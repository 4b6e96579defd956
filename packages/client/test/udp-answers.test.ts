import { isCommandError } from '@mi/contract'
import { describe, expect, test } from 'vitest'
import { failureOf } from './support/failure.js'
import { engineText, errorText, resultText } from './support/responder.js'
import { type UdpFixture, udpFixture } from './support/udp-fixture.js'
import { until } from './support/until.js'

function arrived(at: UdpFixture, count: number): Promise<void> {
  return until(`${count} requests have arrived`, () => at.server.received.length === count)
}

describe('an answer without an id', () => {
  test.each(['500 Internal error', '400 Parse_error', '', '{"jsonrpc":"2.0","result":1}', '{"jsonrpc":"2.0","res'])(
    'is that of the only call in flight: %j is MI_PROTOCOL',
    async (text) => {
      await using at = await udpFixture()
      at.server.on('odd', ({ reply }) => reply(text))
      expect(await failureOf(at.client.call('odd'))).toMatchObject({ code: 'MI_PROTOCOL', data: text })
    },
  )

  test('refuses the only call, or the only batch, with its error', async () => {
    await using at = await udpFixture()
    const refuse = ({ reply }: { reply(text: string): unknown }): unknown =>
      reply(errorText(null, -32000, 'Server busy'))
    at.server.on('version', ({ id, reply }) => reply(engineText(id)))
    at.server.on('odd', refuse).on('batch', refuse)
    expect(isCommandError(await failureOf(at.client.call('odd')), -32000)).toBe(true)
    expect(isCommandError(await failureOf(at.client.batch([['x'], ['y']])), -32000)).toBe(true)
  })

  test('belongs to nobody when two calls are in flight; the one that times out says so', async () => {
    await using at = await udpFixture()
    const answered = at.client.call('slow')
    const lost = failureOf(at.client.call('lost', [], { timeoutMs: 1000 }))
    await arrived(at, 2)
    const [slow] = at.server.received
    await slow?.reply('500 Internal error')
    expect(await lost).toMatchObject({
      code: 'MI_TIMEOUT',
      message: expect.stringContaining(
        '1 of the replies that came had no id and could belong to several calls, the last one "500 Internal error"',
      ),
    })
    await slow?.reply(resultText(slow.id, 'here'))
    expect(await answered).toBe('here')
  })

  test('belongs to nobody while it may answer a call that was given up', async () => {
    await using at = await udpFixture()
    const second = at.client.call('second')
    expect(await failureOf(at.client.call('first', [], { timeoutMs: 30 }))).toMatchObject({ code: 'MI_TIMEOUT' })
    await arrived(at, 2)
    const request = at.server.received.find(({ method }) => method === 'second') ?? expect.unreachable()
    await request.reply('500 Internal error', resultText(request.id, 'own'))
    expect(await second).toBe('own')
  })

  test('never reaches the next call when all calls before it were given up', async () => {
    await using at = await udpFixture()
    expect(await failureOf(at.client.call('first', [], { timeoutMs: 30 }))).toMatchObject({ code: 'MI_TIMEOUT' })
    const next = at.client.call('next')
    await arrived(at, 2)
    const [late, request] = at.server.received
    await late?.reply('500 Internal error', resultText(1, 'late'))
    await request?.reply(resultText(2, 'own'))
    expect(await next).toBe('own')
  })

  test('belongs to nobody while it may refuse a notification', async () => {
    await using at = await udpFixture()
    await at.client.notify('reload')
    const first = at.client.call('first')
    await arrived(at, 2)
    const [notification, request] = at.server.received
    await notification?.reply('413 Request too large')
    await request?.reply(resultText(1, 'own'))
    expect(await first).toBe('own')
    at.server.on('second', ({ reply }) => reply('500 Internal error'))
    expect(await failureOf(at.client.call('second'))).toMatchObject({ code: 'MI_PROTOCOL', data: '500 Internal error' })
  })
})

describe('the first answer with its id', () => {
  test('is the final one: nothing marks those that go ahead, and what follows is nobody`s', async () => {
    await using at = await udpFixture()
    const seen: unknown[] = []
    at.server.on('steps', ({ id, reply }) => reply(resultText(id, 'one'), resultText(id, 'two')))
    at.server.on('pwd', ({ id, reply }) => reply(resultText(id, '/')))
    expect(await at.client.call('steps', [], { onProvisional: (result) => seen.push(result) })).toBe('one')
    expect(await at.client.call('pwd')).toBe('/')
    expect(seen).toEqual([])
  })

  test('is found wherever the id stands, and however it is written', async () => {
    await using at = await udpFixture()
    at.server.on('a', ({ id, reply }) => reply(`{"id":${id},"result":{"id":99},"jsonrpc":"2.0"}`))
    at.server.on('b', ({ id, reply }) => reply(`{\n\t"jsonrpc":\t"2.0",\n\t"result":\t"b",\n\t"id":\t${id}\n}\n`))
    at.server.on('c', ({ id, reply }) => reply(`{"jsonrpc":"2.0","result":"c","id":${id}.0e0}`))
    expect(await Promise.all([at.client.call('a'), at.client.call('b'), at.client.call('c')])).toEqual([
      { id: 99 },
      'b',
      'c',
    ])
  })

  test('ends the call even where the rest of it is no answer', async () => {
    await using at = await udpFixture()
    at.server.on('bad', ({ id, reply }) => reply(`{"result":oops,"id":${id}}`))
    const never = failureOf(at.client.call('never', [], { timeoutMs: 0 }))
    expect(await failureOf(at.client.call('bad'))).toMatchObject({ code: 'MI_PROTOCOL' })
    await at.client.close()
    expect(await never).toMatchObject({ code: 'MI_CLOSED' })
  })
})

describe('a call that gets no answer', () => {
  test('is sent once, and its MI_TIMEOUT says what to check', async () => {
    await using at = await udpFixture()
    const error = await failureOf(at.client.call('never', [], { timeoutMs: 60 }))
    expect(error).toMatchObject({ code: 'MI_TIMEOUT' })
    expect(String(error)).toContain(
      `'never' was not answered within 60 ms over udp (127.0.0.1:${at.port}); the command may have run. Nothing has come`,
    )
    expect(at.server.texts.length).toBe(1)
  })

  test('is sent again, up to `retries` times, only when that is asked for', async () => {
    await using at = await udpFixture()
    const client = at.makeClient({ retries: 2, retryMs: 20 })
    const call = failureOf(client.call('never', [], { timeoutMs: 500 }))
    await arrived(at, 3)
    expect(await call).toMatchObject({ code: 'MI_TIMEOUT' })
    expect(new Set(at.server.texts).size).toBe(1)
    expect(at.server.texts.length).toBe(3)
  })

  test('may be answered late or twice without harm to the calls that follow', async () => {
    await using at = await udpFixture()
    const client = at.makeClient({ retries: 5, retryMs: 20 })
    const call = client.call('late')
    await arrived(at, 3)
    const next = client.call('next')
    await until('the next call has arrived', () => at.server.received.some(({ method }) => method === 'next'))
    for (const { id, method, reply } of at.server.received) await reply(resultText(id, method))
    expect(await Promise.all([call, next])).toEqual(['late', 'next'])
  })

  test('is not sent again once it is answered', async () => {
    await using at = await udpFixture()
    const client = at.makeClient({ retries: 5, retryMs: 200 })
    at.server.on('pwd', ({ id, reply }) => reply(resultText(id, '/')))
    const slow = failureOf(client.call('slow', [], { timeoutMs: 700 }))
    expect(await client.call('pwd')).toBe('/')
    await slow
    expect(at.server.received.filter(({ method }) => method === 'pwd').length).toBe(1)
    expect(at.server.received.filter(({ method }) => method === 'slow').length).toBeGreaterThan(1)
  })
})

test('an answer with an id that no call has is no answer; the call that times out tells of it', async () => {
  await using at = await udpFixture()
  at.server.on('odd', ({ reply }) => reply(resultText(4711, 'for whom?')))
  expect(await failureOf(at.client.call('odd', [], { timeoutMs: 500 }))).toMatchObject({
    code: 'MI_TIMEOUT',
    message: expect.stringMatching(
      /1 of the replies that came had an id that no waiting call has, the last one ".*for whom\?.*": they were late, or meant for/,
    ),
  })
})
