import { describe, expect, onTestFinished, test } from 'vitest'
import { createHepCollector, createHepStream, encodeHep, type HepMessage, hep } from '../src/index.js'
import { until } from './support/until.js'

describe('methods that are detached from their object work', () => {
  test('of a tracer and a collector', async () => {
    const { listen, close, on, off } = createHepCollector({ udp: { port: 0 } })
    const collector = createHepCollector({ udp: { port: 0 } })
    onTestFinished(() => collector.close())
    const received: (string | undefined)[] = []
    collector.on('message', ({ message }) => received.push(message.payload?.toString()))
    await collector.listen()
    const tracer = hep(`[t]127.0.0.1:${collector.addresses.udp?.port};transport=udp`)
    const { request, reply, status } = tracer
    await tracer.listen.call(undefined)
    reply(request({ command: 'ps', backend: 'fifo', params: [], peer: { transport: 'fifo' } }), 'done')
    await until('the messages', () => received.length === 2)
    expect(status()).toMatchObject([{ sent: 2 }])
    await tracer.close.call(undefined)
    const listener = (): void => {}
    on('problem', listener)
    off('problem', listener)
    await listen()
    await close()
  })

  test('of a stream', () => {
    const messages: HepMessage[] = []
    const { push } = createHepStream({ message: (message) => messages.push(message), broken: () => {} })
    push(encodeHep({ payload: 'a' }))
    expect(messages).toHaveLength(1)
  })
})

test('unknown options are refused, with the nearest known one', () => {
  // @ts-expect-error -- spelled as in OpenSIPS
  expect(() => hep('[t]10.0.0.2', { homer5_on: false })).toThrow("did you mean 'homer5On'?")
  // @ts-expect-error -- a mistyped name
  expect(() => createHepCollector({ udp: {}, maxConnection: 1 })).toThrow("did you mean 'maxConnections'?")
  // @ts-expect-error -- a mistyped name
  expect(() => createHepCollector({ udp: { prt: 1 } })).toThrow("unknown option 'prt'; did you mean 'port'?")
  // @ts-expect-error -- a mistyped name
  expect(() => createHepStream({ message: () => {}, broken: () => {} }, { lenent: true })).toThrow(TypeError)
})
