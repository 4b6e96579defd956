import { defineModule, implement } from '@mi/contract'
import { describe, expect, test } from 'vitest'
import { engineOver } from './support/engine-over.js'
import { failureOf } from './support/failure.js'
import { httpFixture } from './support/over.js'
import { resultText } from './support/responder.js'
import { until } from './support/until.js'

const steps = defineModule('t', { steps: { recipes: [{}] }, plain: { recipes: [{}] } })

describe('results ahead of the final one, over http', () => {
  test('arrive from a server of this project while the call goes on', async () => {
    let finish = (): void => undefined
    const module = implement(steps, {
      async steps(_, { provisional }) {
        provisional('one')
        provisional('two')
        await new Promise<void>((resolve) => {
          finish = resolve
        })
        return 'three'
      },
      plain: () => 'plain',
    })
    await using at = await engineOver('http', [module])
    const seen: unknown[] = []
    const onProvisional = (result: unknown): void => void seen.push(result)
    const call = at.client.call('t:steps', [], { onProvisional })
    await until('the first result is there', () => seen.length === 1)
    finish()
    expect(await call).toBe('three')
    expect(seen).toEqual(['one', 'two'])
    expect(await at.client.call('t:plain', [], { onProvisional })).toBe('plain')
    expect(await failureOf(at.client.call('t:none', [], { onProvisional }))).toMatchObject({ code: -32601 })
    const inBatch: unknown[] = []
    const batch = at.client.batch([['t:steps'], ['t:plain']], {
      onProvisional: (result, index) => inBatch.push([result, index]),
    })
    await until('the first result of the batch is there', () => inBatch.length === 1)
    finish()
    expect(await batch).toEqual([{ result: 'three' }, { result: 'plain' }])
    expect(inBatch).toEqual([
      ['one', 0],
      ['two', 0],
    ])
  })

  test('are asked for only where the caller wants them, and a plain reply is fine', async () => {
    await using at = await httpFixture()
    for (const method of ['pwd', 'version']) {
      at.server.on(method, ({ id, reply, headers }) => reply(resultText(id, headers.accept)))
    }
    expect(await at.client.call('pwd')).toBe('application/json')
    const onProvisional = (): void => undefined
    expect(await at.client.call('pwd', [], { onProvisional })).toBe('application/json, text/event-stream')
    expect(await at.client.batch([['pwd']])).toEqual([{ result: 'application/json' }])
  })

  test('are within maxReplyBytes, each of them; a stream that is cut off or empty is no reply', async () => {
    await using at = await httpFixture()
    const client = at.makeClient({ maxReplyBytes: 100 })
    const texts = new Map([
      ['long', (id: number) => `data: ${resultText(id, 'x'.repeat(100))}\n\n`],
      ['many', (id: number) => `data: ${resultText(id, 'x'.repeat(40))}\n\n`.repeat(10)],
      ['empty', () => ': nothing\n\n'],
    ])
    for (const [method, text] of texts) {
      at.server.on(method, ({ id, reply }) => reply(text(id), 200, { 'content-type': 'text/event-stream' }))
    }
    at.server.on('cut', ({ id, response }) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write(`data: ${resultText(id, 1)}\n\n`, () => response.destroy())
    })
    const seen: unknown[] = []
    const ask = (method: string): Promise<unknown> =>
      client.call(method, [], { onProvisional: (each) => seen.push(each) })
    expect(await ask('many')).toBe('x'.repeat(40))
    expect(seen).toHaveLength(9)
    expect(await failureOf(ask('long'))).toMatchObject({
      code: 'MI_PROTOCOL',
      message: expect.stringContaining('more than 100 bytes (maxReplyBytes)'),
    })
    expect(await failureOf(ask('empty'))).toMatchObject({ code: 'MI_PROTOCOL' })
    expect(await failureOf(ask('cut'))).toMatchObject({ code: 'MI_CONNECTION' })
  })
})
