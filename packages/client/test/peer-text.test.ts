import { createServer, type Socket } from 'node:net'
import { describe, expect, test } from 'vitest'
import { createClient, type MiClient } from '../src/index.js'
import { failureOf } from './support/failure.js'
import { serverOver, transports } from './support/over.js'
import { engineText, errorText } from './support/responder.js'

/** A new line, NUL, ESC, C1, BEL, bidi override, zero width space, separators of lines, half a character, a tag. */
const EVIL = '\n\r\0\u001b[2J\u009b\u0007\u202e\u200b\u2028\u2029\ud800\u{e0041}'

/** Long enough to fill a log, were it shown. */
const LONG = EVIL.repeat(10_000)

function expectHarmless(error: unknown): void {
  const message = String(error)
  expect(message).toMatch(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+$/u)
  expect(message.length).toBeLessThan(6000)
}

async function failures(client: MiClient, ways: readonly (() => Promise<unknown>)[]): Promise<void> {
  for (const way of ways) expectHarmless(await failureOf(way()))
  expect(await client.call('pwd')).toBe('/')
}

describe.each(transports)(
  'over %s, what a server says cannot steer a terminal, forge a line or fill a log',
  (transport) => {
    test('in plain text, ids, errors, and values', async () => {
      await using at = await serverOver(transport)
      const say = (method: string, text: (id: number) => string): void => {
        at.on(method, ({ id, reply }) => reply(text(id)))
      }
      // As much as a datagram holds.
      const long = LONG.slice(0, 8000)
      say('version', engineText)
      say('pwd', (id) => JSON.stringify({ jsonrpc: '2.0', result: '/', id }))
      say('text', () => `${EVIL}${long}`)
      say('reason', (id) => errorText(id, 500, long))
      say('data', (id) => errorText(id, 500, EVIL, { [EVIL]: long }))
      say('code', (id) => JSON.stringify({ jsonrpc: '2.0', error: { code: long, message: '' }, id }))
      say('which', (id) => JSON.stringify({ jsonrpc: '2.0', result: [long, 1], id }))
      say('statistics:get', (id) => JSON.stringify({ jsonrpc: '2.0', result: { [long]: long }, id }))
      say('help', (id) => JSON.stringify({ jsonrpc: '2.0', result: { Help: 1, [long]: 1 }, id }))
      const { client } = at
      const names = ['text', 'reason', 'data', 'code']
      await failures(client, [
        ...names.map((name) => () => client.call(name)),
        () => client.commands(),
        () => client.help('x'),
        () => client.statistics(['all']),
      ])
    })

    test.each([
      JSON.stringify(LONG.slice(0, 8000)),
      `[${'['.repeat(3000)}${']'.repeat(3000)}]`,
      '{"a":1}',
      'null',
      '1e999',
    ])('in an id of its own, %.20s', async (id) => {
      await using at = await serverOver(transport)
      at.on('pwd', ({ id: own, reply }) => reply(JSON.stringify({ jsonrpc: '2.0', result: '/', id: own })))
      at.on('id', ({ reply }) => reply(`{"jsonrpc":"2.0","result":1,"id":${id}}`))
      expectHarmless(await failureOf(at.client.call('id', [], { timeoutMs: 300 })))
      expect(await at.client.call('pwd')).toBe('/')
    })
  },
)

test('in the status, the location and the type of an HTTP reply', async () => {
  const heads = [
    `HTTP/1.1 500 ${'\u009b\u0085é'.repeat(1000)}\r\nContent-Length: 0\r\n\r\n`,
    `HTTP/1.1 302 Found\r\nLocation: http://x/${'\u009b2J'.repeat(1000)}\r\nContent-Length: 0\r\n\r\n`,
    `HTTP/1.1 400 \t\r\nContent-Type: ${'\u009b'.repeat(1000)}\r\nContent-Length: 0\r\n\r\n`,
    'HTTP/1.1 500 \u001b[2J\u0000\r\nContent-Length: 0\r\n\r\n',
  ]
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.once('data', () => socket.end(heads.shift() ?? '', 'latin1'))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await using client = createClient(`http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/mi`)
  while (heads.length > 0) expectHarmless(await failureOf(client.call('pwd')))
  for (const socket of sockets) socket.destroy()
  await new Promise<void>((resolve) => server.close(() => resolve()))
})
