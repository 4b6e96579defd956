import { expect, test } from 'vitest'
import { core } from './support/contracts.js'
import { eventServer } from './support/event-server.js'
import { fixture } from './support/fixture.js'
import { engineText, resultText } from './support/responder.js'

test('every method works detached from its client', async () => {
  await using at = await fixture()
  at.server
    .on('version', ({ id, reply }) => reply(engineText(id)))
    .on('core:pwd', ({ id, reply }) => reply(resultText(id, { WD: '/' })))
    .on('pwd', ({ id, reply }) => reply(resultText(id, '/')))
    .on('batch', ({ params, reply }) => {
      const [{ id }] = Array.isArray(params) ? params : []
      return reply(`[${resultText(id, '/')}]`)
    })
    .on('which', ({ id, params, reply }) => reply(resultText(id, params === undefined ? ['pwd'] : [['a']])))
    .on('help', ({ id, reply }) => reply(resultText(id, { Help: 'helps' })))
    .on('statistics:get', ({ id, reply }) => reply(resultText(id, { 'core:x': '5' })))
  const { call, notify, batch, commands, recipes, help, statistics, module, close } = at.client
  expect(await call(core.pwd)).toEqual({ WD: '/' })
  expect(await call('pwd')).toBe('/')
  expect(await notify('reload')).toBeUndefined()
  expect(await batch([['pwd']])).toEqual([{ result: '/' }])
  expect(await commands()).toEqual(['pwd'])
  expect(await recipes('pwd')).toEqual([['a']])
  expect(await help('pwd')).toEqual({ Help: 'helps' })
  expect(await statistics(['core:'])).toEqual({ 'core:x': 5 })
  const { pwd } = module(core)
  expect(await pwd()).toEqual({ WD: '/' })
  await close()
})

test('subscribe works detached from its events, and so do the methods of a subscription', async () => {
  await using at = await eventServer()
  const { subscribe } = at.client.events
  const subscription = subscribe('E_X')
  await subscription.ready
  const { next, return: end } = subscription
  const event = next()
  await at.raise('{"jsonrpc":"2.0","method":"E_X","params":{"a":1}}')
  expect(await event).toEqual({ done: false, value: { event: 'E_X', params: { a: 1 } } })
  await end()
})
