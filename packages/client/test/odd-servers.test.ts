import { describe, expect, test } from 'vitest'
import { core } from './support/contracts.js'
import { failureOf } from './support/failure.js'
import { serverOver, transports } from './support/over.js'
import { errorText, resultText } from './support/responder.js'
import { until } from './support/until.js'

describe.each(transports)('over %s, a server', (transport) => {
  test('that is slow is waited for, and others are answered meanwhile', async () => {
    await using at = await serverOver(transport)
    at.on('quick', ({ id, reply }) => reply(resultText(id, 'quick')))
    const slow = at.client.call('slow')
    await until('it has arrived', () => at.received.length === 1)
    expect(await at.client.call('quick')).toBe('quick')
    const [request] = at.received
    await request?.reply(resultText(request.id, 'slow'))
    expect(await slow).toBe('slow')
  })

  test('that is too slow is MI_TIMEOUT, and its late answer is nobody`s', async () => {
    await using at = await serverOver(transport)
    at.on('pwd', ({ id, reply }) => reply(resultText(id, '/')))
    const error = await failureOf(at.client.call('slow', [], { timeoutMs: 50 }))
    expect(error).toMatchObject({ code: 'MI_TIMEOUT', message: expect.stringContaining("'slow' was not answered") })
    await until('it has arrived', () => at.received.length === 1)
    const [late] = at.received
    try {
      await late?.reply(resultText(late.id, 'late'))
    } catch {
      // Where the answer would go, there is nothing any more.
    }
    expect(await at.client.call('pwd')).toBe('/')
  })

  test.each(['garbage', '{"jsonrpc":"2.0","result":', '[]', '5', '{"result":1}', '500 Internal error'])(
    'that answers %s is MI_PROTOCOL with the text, and the next call is answered',
    async (text) => {
      await using at = await serverOver(transport)
      at.on('odd', ({ reply }) => reply(text))
      at.on('pwd', ({ id, reply }) => reply(resultText(id, '/')))
      expect(await failureOf(at.client.call('odd'))).toMatchObject({ code: 'MI_PROTOCOL', data: text })
      expect(await at.client.call('pwd')).toBe('/')
    },
  )

  test('that answers another id never has that taken for the answer', async () => {
    await using at = await serverOver(transport)
    at.on('odd', ({ id, reply }) => reply(resultText(id + 1000, 'of another')))
    at.on('pwd', ({ id, reply }) => reply(resultText(id, '/')))
    const error = await failureOf(at.client.call('odd', [], { timeoutMs: 500 }))
    // Over datagrams it may be the late answer to another call; elsewhere it came where only this one was asked.
    const isDatagram = transport === 'udp' || transport === 'unix'
    expect(error).toMatchObject({ code: isDatagram ? 'MI_TIMEOUT' : 'MI_PROTOCOL' })
    expect(await at.client.call('pwd')).toBe('/')
  })

  test('that refuses is a CommandError with all that it says', async () => {
    await using at = await serverOver(transport)
    at.on('core:pwd', ({ id, reply }) => reply(errorText(id, 500, 'No directory', { errno: 2 })))
    const error = await failureOf(at.client.call(core.pwd))
    expect(error).toMatchObject({ name: 'CommandError', code: 500, reason: 'No directory', data: { errno: 2 } })
  })

  test('that is started again in mid-call ends or loses that call alone', async () => {
    await using at = await serverOver(transport)
    at.on('pwd', ({ id, reply }) => reply(resultText(id, '/')))
    expect(await at.client.call('pwd')).toBe('/')
    const lost = failureOf(at.client.call('lost', [], { timeoutMs: 500 }))
    await until('it has arrived', () => at.received.length === 2)
    await at.restart()
    // HTTP alone has a connection that ends with its server.
    expect(await lost).toMatchObject({ code: transport === 'http' ? 'MI_CONNECTION' : 'MI_TIMEOUT' })
    expect(await at.client.call('pwd')).toBe('/')
  })
})

describe.each(transports)('over %s, a server', (transport) => {
  test('that answers twice has its last answer refused or ignored, and the next call gets its own', async () => {
    await using at = await serverOver(transport)
    at.on('twice', async ({ id, reply }) => {
      const [first, second] = [resultText(id, 1), errorText(id, 500, 'Second thoughts')]
      // Over HTTP there is one response, and over a FIFO one file.
      if (transport === 'fifo' || transport === 'http') return reply(first + second)
      await reply(first)
      return reply(second)
    })
    at.on('pwd', ({ id, reply }) => reply(resultText(id, '/')))
    // A reply FIFO belongs to one call, and tells where the last answer ends.
    if (transport === 'fifo') expect(await failureOf(at.client.call('twice'))).toMatchObject({ code: 500 })
    else if (transport === 'http')
      expect(await failureOf(at.client.call('twice'))).toMatchObject({ code: 'MI_PROTOCOL' })
    else expect(await at.client.call('twice')).toBe(1)
    expect(await at.client.call('pwd')).toBe('/')
  })
})
