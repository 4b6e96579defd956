import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { cache } from './support/contracts.js'
import { failureOf } from './support/failure.js'
import { fixture } from './support/fixture.js'
import { fill } from './support/full-fifo.js'
import { engineText, errorText, resultText } from './support/responder.js'
import { until } from './support/until.js'

describe('a notification', () => {
  test('to an engine of this project has neither id nor reply FIFO, and resolves when it is sent', async () => {
    await using at = await fixture()
    at.server.on('version', ({ id, reply }) => reply(engineText(id)))
    at.server.on('cache:store', ({ id, replyName, reply }) => replyName !== '' && reply(resultText(id, 'OK')))
    await at.client.call(cache.store, { system: 'local', attr: 'k', value: 'v' })
    expect(await at.client.notify(cache.store, { system: 'local', attr: 'k', value: 'v' })).toBeUndefined()
    await at.client.notify('reload')
    await until('both have arrived', () => at.server.lines.length === 4)
    expect(at.server.lines.slice(2)).toEqual([
      '::{"jsonrpc":"2.0","method":"cache:store","params":{"system":"local","attr":"k","value":"v"}}',
      '::{"jsonrpc":"2.0","method":"reload"}',
    ])
  })

  test('to any other server is a request with an id, whose reply is read and discarded', async () => {
    await using at = await fixture()
    at.server.on('version', ({ id, reply }) => reply(resultText(id, { Server: 'OpenSIPS (3.6.8 (x86_64/linux))' })))
    at.server.on('pwd', ({ id, reply }) => reply(resultText(id, '/')))
    expect(await at.client.notify('reload')).toBeUndefined()
    await until('it has arrived', () => at.server.received.length === 2)
    const [, request] = at.server.received
    expect(request?.line).toMatch(/^:mi_reply_\w+:{"jsonrpc":"2.0","method":"reload","id":2}$/)
    // Its reply comes later than others, and is nobody's.
    expect(await at.client.call('pwd')).toBe('/')
    await request?.reply(errorText(2, 500, 'No'))
    expect(await at.client.call('pwd')).toBe('/')
  })

  test('whose reply does not come leaves nothing, and rejects nothing', async () => {
    await using at = await fixture()
    at.server.on('version', ({ id, reply }) => reply(resultText(id, { Server: 'OpenSIPS (3.6.8 (x86_64/linux))' })))
    await at.client.notify('reload', [], { timeoutMs: 100 })
    await at.client.notify('reload')
    await at.client.close()
    expect(at.replies()).toEqual([])
  })

  test('that cannot be sent rejects', async () => {
    await using at = await fixture({ listen: false })
    expect(await failureOf(at.client.notify('reload'))).toMatchObject({ code: 'MI_CONNECTION' })
    expect(await failureOf(at.client.notify('reload', [], { signal: AbortSignal.abort('why') }))).toBe('why')
  })

  test('that finds no room in time rejects with MI_TIMEOUT', async () => {
    await using at = await fixture()
    at.server.on('version', ({ id, reply }) => reply(engineText(id)))
    await at.client.notify('first')
    at.server.pause()
    fill(at.fifoName)
    const error = await failureOf(at.client.notify('reload', [], { timeoutMs: 30 }))
    expect(error).toMatchObject({
      code: 'MI_TIMEOUT',
      message: expect.stringContaining('was not taken by the server within 30 ms'),
    })
    at.server.resume()
  })
})

test('the package asks for no dependency but the contract', () => {
  const { dependencies } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  expect(Object.keys(dependencies)).toEqual(['@mi/contract'])
})
