import { createClient, udp } from '@mi/client'
import { expect, test } from 'vitest'
import { dialog, presence, statistics, trie } from '../src/index.js'
import { callOn35 } from './readme-releases-example.js'
import { echoServer } from './support/echo-server.js'

test('a client calls commands by their contracts', async () => {
  await using server = await echoServer()
  await using client = createClient({ transport: udp({ port: server.port }) })
  const callid = 'a84b4c76e66710@x'
  expect(await client.call(dialog.list, { callid })).toEqual({ method: 'dialog:list', params: { callid } })
  expect(await client.module(statistics).get({ statistics: ['core:', 'tm:'] })).toEqual({
    method: 'statistics:get',
    params: { statistics: ['core:', 'tm:'] },
  })
})

test('by the table of releases a client calls an older server by the names that it knows', async () => {
  await using server = await echoServer()
  await using client = createClient({ transport: udp({ port: server.port }) })
  expect(await callOn35(client, dialog.list, { index: 0, counter: 5 })).toEqual({
    method: 'dlg_list',
    params: { index: 0, counter: 5 },
  })
  expect(await callOn35(client, presence.cleanup)).toEqual({ method: 'cleanup' })
  await expect(callOn35(client, trie.reload)).rejects.toThrow('OpenSIPS 3.5 has no trie:reload')
})
