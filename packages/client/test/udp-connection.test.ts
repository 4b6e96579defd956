import { describe, expect, test } from 'vitest'
import { createClient } from '../src/index.js'
import { udp } from '../src/udp/udp.js'
import { failureOf } from './support/failure.js'
import { watchLeftovers } from './support/leftovers.js'
import { resultText } from './support/responder.js'
import { udpFixture } from './support/udp-fixture.js'
import { freePort } from './support/udp-responder.js'
import { until } from './support/until.js'

describe('a port that nobody listens at', () => {
  test('is MI_CONNECTION, which names it and says what to do', async () => {
    const port = await freePort()
    await using client = createClient(udp({ port }))
    const error = await failureOf(client.call('pwd'))
    expect(error).toMatchObject({ code: 'MI_CONNECTION', cause: { code: 'ECONNREFUSED' } })
    expect(String(error)).toContain(`no server listens on udp 127.0.0.1:${port}; start the server, or give the host`)
  })

  test('is MI_CONNECTION for each of 100 calls, though the system tells it once for several', async () => {
    await using client = createClient(udp({ port: await freePort() }))
    const errors = await Promise.all(Array.from({ length: 100 }, () => failureOf(client.call('pwd'))))
    for (const error of errors) expect(error).toMatchObject({ code: 'MI_CONNECTION' })
  })

  test('shows with the next call when the server has gone, to the calls in flight too', async () => {
    await using at = await udpFixture()
    const waiting = failureOf(at.client.call('never'))
    await until('it has arrived', () => at.server.received.length === 1)
    await at.server.close()
    expect(await failureOf(at.client.call('next'))).toMatchObject({ code: 'MI_CONNECTION' })
    expect(await waiting).toMatchObject({ code: 'MI_CONNECTION' })
  })

  test('keeps no answer back that has arrived before', async () => {
    await using at = await udpFixture()
    const answered = Array.from({ length: 60 }, () => at.client.call('last words'))
    await until('all have arrived', () => at.server.received.length === 60)
    // All in one turn of the loop: when the client reads, the refusal of the next call is there before the answers are.
    await Promise.all(at.server.received.map(({ id, reply }) => reply(resultText(id, 'here'))))
    const closed = at.server.close()
    const refused = failureOf(at.client.call('next'))
    expect(await Promise.all(answered)).toEqual(Array(60).fill('here'))
    expect(await refused).toMatchObject({ code: 'MI_CONNECTION' })
    await closed
  })

  test('does not concern the calls that follow when the server is back', async () => {
    await using at = await udpFixture()
    at.server.on('pwd', ({ id, reply }) => reply(resultText(id, '/')))
    await at.server.close()
    await at.client.notify('to nobody')
    await at.server.listen(at.port)
    expect(await at.client.call('pwd')).toBe('/')
    await at.server.close()
    expect(await failureOf(at.client.call('pwd'))).toMatchObject({ code: 'MI_CONNECTION' })
    await at.server.listen(at.port)
    expect(await at.client.call('pwd')).toBe('/')
  })
})

describe('the socket', () => {
  test('is not there before the first call, and not for long after the last', async () => {
    await using at = await udpFixture()
    at.server.on('pwd', ({ id, reply }) => reply(resultText(id, '/')))
    const nothingLeft = watchLeftovers()
    const client = at.makeClient()
    await nothingLeft()
    expect(await client.call('pwd')).toBe('/')
    const port = at.server.lastPeerPort
    expect(await client.call('pwd')).toBe('/')
    expect(at.server.lastPeerPort).toBe(port)
    await nothingLeft()
    expect(await client.call('pwd')).toBe('/')
  })

  test('is another one after all calls were given up: late answers find nobody', async () => {
    await using at = await udpFixture()
    at.server.on('pwd', ({ id, reply }) => reply(resultText(id, '/')))
    const controller = new AbortController()
    const aborted = failureOf(at.client.call('never', [], { signal: controller.signal }))
    await until('it has arrived', () => at.server.received.length === 1)
    const port = at.server.lastPeerPort
    controller.abort('stop')
    expect(await aborted).toBe('stop')
    expect(await at.client.call('pwd')).toBe('/')
    expect(at.server.lastPeerPort).not.toBe(port)
  })

  test('need not be waited for by close, nor the resolver', async () => {
    const nothingLeft = watchLeftovers()
    const client = createClient(udp({ host: 'localhost', port: 9 }))
    const calls = [client.call('pwd'), client.notify('pwd')].map(failureOf)
    await client.close()
    for (const error of await Promise.all(calls)) expect(error).toMatchObject({ code: 'MI_CLOSED' })
    await nothingLeft()
  })

  test('is not opened for calls that are given up at once', async () => {
    await using at = await udpFixture()
    const controller = new AbortController()
    const call = failureOf(at.client.call('pwd', [], { signal: controller.signal }))
    controller.abort('stop')
    expect(await call).toBe('stop')
    await at.client.close()
    expect(at.server.texts).toEqual([])
  })
})
