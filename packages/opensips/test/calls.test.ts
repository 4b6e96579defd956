import { createClient } from '@mi/client'
import { udp } from '@mi/client/udp'
import { expect, test } from 'vitest'
import { dialog, statistics } from '../src/index.js'
import { echoServer } from './support/echo-server.js'

test('a client calls commands by their contracts', async () => {
  await using server = await echoServer()
  await using client = createClient(udp({ port: server.port }))
  const callid = 'a84b4c76e66710@x'
  expect(await client.call(dialog.list, { callid })).toEqual({ method: 'dialog:list', params: { callid } })
  expect(await client.module(statistics).get({ statistics: ['core:', 'tm:'] })).toEqual({
    method: 'statistics:get',
    params: { statistics: ['core:', 'tm:'] },
  })
})
