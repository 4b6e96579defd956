import { describe, expect, test } from 'vitest'
import { core } from './support/contracts.js'
import { failureOf } from './support/failure.js'
import { fixture } from './support/fixture.js'
import { engineText, errorText, resultText } from './support/responder.js'
import { until } from './support/until.js'

describe('results ahead of the final one', () => {
  test('are handed over as soon as the next one begins, while the call goes on', async () => {
    await using at = await fixture()
    const seen: unknown[] = []
    const call = at.client.call('steps', [], { onProvisional: (result) => seen.push(result) })
    await until('the request has arrived', () => at.server.received.length === 1)
    const { id, open } = at.server.received[0] ?? expect.unreachable()
    const writer = open()
    await writer.write(`${resultText(id, 'one')}\n`)
    await writer.write(resultText(id, 'two').slice(0, 5))
    await until('the first result is there', () => seen.length === 1)
    await writer.write(resultText(id, 'two').slice(5))
    await writer.write(resultText(id, 'three'))
    await until('the second result is there', () => seen.length === 2)
    await writer.close()
    expect(await call).toBe('three')
    expect(seen).toEqual(['one', 'two'])
  })

  test('are passed over when nobody asked for them', async () => {
    await using at = await fixture()
    at.server.on('core:which', ({ id, reply }) => reply(resultText(id, ['a']) + resultText(id, ['b'])))
    expect(await at.client.call(core.which)).toEqual(['b'])
  })

  test('end the call with what their callback throws', async () => {
    await using at = await fixture()
    const thrown = new Error('no more of this')
    at.server.on('steps', ({ id, reply }) => reply(resultText(id, 1), resultText(id, 2), resultText(id, 3)))
    let times = 0
    const onProvisional = (): void => {
      times += 1
      throw thrown
    }
    expect(await failureOf(at.client.call('steps', [], { onProvisional }))).toBe(thrown)
    expect(times).toBe(1)
  })

  test('of a batch come with the place of their call', async () => {
    await using at = await fixture()
    const seen: unknown[] = []
    at.server.on('version', ({ id, reply }) => reply(engineText(id)))
    at.server.on('batch', ({ reply }) => reply(resultText(3, 'half'), `[${resultText(2, 'a')},${resultText(3, 'b')}]`))
    const answers = await at.client.batch([['x'], ['y']], {
      onProvisional: (result, index) => seen.push([result, index]),
    })
    expect(answers).toEqual([{ result: 'a' }, { result: 'b' }])
    expect(seen).toEqual([['half', 1]])
  })

  test('are no errors: an error is final, and a second final answer is MI_PROTOCOL', async () => {
    await using at = await fixture()
    at.server.on('twice', ({ id, reply }) => reply(errorText(id, 500, 'no') + resultText(id, 'yes')))
    const error = await failureOf(at.client.call('twice'))
    expect(error).toMatchObject({ code: 'MI_PROTOCOL', message: expect.stringContaining('more than one final reply') })
  })

  test('with another id are MI_PROTOCOL', async () => {
    await using at = await fixture()
    at.server.on('other', ({ id, reply }) => reply(resultText(77, 'x') + resultText(id, 'yes')))
    expect(await failureOf(at.client.call('other'))).toMatchObject({ code: 'MI_PROTOCOL' })
  })
})
