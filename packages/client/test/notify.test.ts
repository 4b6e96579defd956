import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { cache } from './support/contracts.js'
import { failureOf } from './support/failure.js'
import { fixture } from './support/fixture.js'
import { fill } from './support/full-fifo.js'
import { resultText } from './support/responder.js'
import { until } from './support/until.js'

describe('a notification', () => {
  test('has neither id nor reply FIFO, and resolves when it is sent', async () => {
    await using at = await fixture()
    at.server.on('cache:store', ({ id, replyName, reply }) => replyName !== '' && reply(resultText(id, 'OK')))
    await at.client.call(cache.store, { system: 'local', attr: 'k', value: 'v' })
    expect(await at.client.notify(cache.store, { system: 'local', attr: 'k', value: 'v' })).toBeUndefined()
    await at.client.notify('reload')
    await until('both have arrived', () => at.server.lines.length === 3)
    expect(at.server.lines.slice(1)).toEqual([
      '::{"jsonrpc":"2.0","method":"cache:store","params":{"system":"local","attr":"k","value":"v"}}',
      '::{"jsonrpc":"2.0","method":"reload"}',
    ])
  })

  test('that cannot be sent rejects', async () => {
    await using at = await fixture({ listen: false })
    expect(await failureOf(at.client.notify('reload'))).toMatchObject({ code: 'MI_CONNECTION' })
    expect(await failureOf(at.client.notify('reload', [], { signal: AbortSignal.abort('why') }))).toBe('why')
  })

  test('that finds no room in time rejects with MI_TIMEOUT', async () => {
    await using at = await fixture()
    at.server.pause()
    fill(at.fifoName)
    const error = await failureOf(at.client.notify('reload', [], { timeout: 30 }))
    expect(error).toMatchObject({
      code: 'MI_TIMEOUT',
      message: expect.stringContaining('could not be sent within 30 ms'),
    })
    at.server.resume()
  })
})

test('the package asks for no dependency but the contract', () => {
  const { dependencies } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  expect(Object.keys(dependencies)).toEqual(['@mi/contract'])
})
