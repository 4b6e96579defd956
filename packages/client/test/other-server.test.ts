import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { MiClient } from '../src/index.js'
import { failureOf } from './support/failure.js'
import { fixture } from './support/fixture.js'
import { engineText, Responder, resultText } from './support/responder.js'
import { until } from './support/until.js'

/** What an OpenSIPS must never get over a FIFO. */
const deadly = (line: string): boolean => line.startsWith('::') || line.includes(':[')

function asEngine(server: Responder): void {
  server.on('version', ({ id, reply }) => reply(engineText(id)))
  server.on('pwd', ({ id, replyName, reply }) => replyName !== '' && reply(resultText(id, 'engine')))
  server.on('batch', ({ params, reply }) => {
    const calls: { id: number }[] = Array.isArray(params) ? params : []
    return reply(`[${calls.map(({ id }) => resultText(id, 'in a batch')).join()}]`)
  })
}

function asOpenSips(server: Responder): void {
  server.on('version', ({ id, reply }) => reply(resultText(id, { Server: 'OpenSIPS (3.6.8 (x86_64/linux))' })))
  server.on('pwd', ({ id, reply }) => reply(resultText(id, 'OpenSIPS')))
}

/** Sends a batch of each size and a notification, and expects that the server gets single requests alone. */
async function getsSingleRequests(client: MiClient, server: Responder): Promise<void> {
  const from = server.lines.length
  expect(await client.batch([['pwd'], ['pwd']])).toEqual([{ result: 'OpenSIPS' }, { result: 'OpenSIPS' }])
  expect(await client.batch([['pwd']])).toEqual([{ result: 'OpenSIPS' }])
  await client.notify('pwd')
  const sent = (): number => server.received.slice(from).filter(({ method }) => method === 'pwd').length
  await until('all has arrived', () => sent() === 4)
  expect(server.lines.filter(deadly)).toEqual([])
}

describe('over a FIFO, a server that has taken the place of an engine gets single requests alone', () => {
  test.each(['batch', 'notification'] as const)(
    'with a FIFO made anew at the same path, the first message a %s',
    async (first) => {
      await using at = await fixture()
      asEngine(at.server)
      expect(await at.client.batch([['pwd']])).toEqual([{ result: 'in a batch' }])
      at.server.close()
      at.server.lines.length = 0
      asOpenSips(at.server)
      at.server.listen()
      if (first === 'notification') await at.client.notify('pwd')
      else expect(await at.client.batch([['pwd']])).toEqual([{ result: 'OpenSIPS' }])
      await getsSingleRequests(at.client, at.server)
    },
  )

  test('at the fallback', async () => {
    await using at = await fixture()
    mkdirSync(join(at.dir, 'other'))
    const other = new Responder(join(at.dir, 'other', 'fifo'), at.replyDir).listen()
    asEngine(at.server)
    asOpenSips(other)
    const client = at.makeClient({ fallback: other.fifoName })
    expect(await client.batch([['pwd']])).toEqual([{ result: 'in a batch' }])
    at.server.deafen()
    await getsSingleRequests(client, other)
    other.close()
  })

  test('after a call that had no reply', async () => {
    await using at = await fixture()
    asEngine(at.server)
    expect(await at.client.batch([['pwd']])).toEqual([{ result: 'in a batch' }])
    at.server.lines.length = 0
    asOpenSips(at.server)
    expect(await failureOf(at.client.call('never', [], { timeoutMs: 20 }))).toMatchObject({ code: 'MI_TIMEOUT' })
    await getsSingleRequests(at.client, at.server)
  })
})

test('a new engine in the place of another gets batches and notifications as before', async () => {
  await using at = await fixture()
  asEngine(at.server)
  await at.client.notify('pwd')
  await until('it has arrived', () => at.server.lines.length === 2)
  at.server.close()
  at.server.lines.length = 0
  at.server.listen()
  await at.client.notify('pwd')
  expect(await at.client.batch([['pwd']])).toEqual([{ result: 'in a batch' }])
  expect(at.server.lines.map((line) => line.replace(/^:mi_reply_\w+/, ':NAME').slice(0, 30))).toEqual([
    expect.stringMatching(/^:NAME:{"jsonrpc"/),
    expect.stringMatching(/^::{"jsonrpc"/),
    expect.stringMatching(/^:NAME:\[{"jsonrpc"/),
  ])
})
