import { mkdirSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { http } from '../src/http/http.js'
import { createClient } from '../src/index.js'
import { failureOf } from './support/failure.js'
import { fixture } from './support/fixture.js'
import { httpFixture } from './support/over.js'
import { resultText } from './support/responder.js'
import { udpFixture } from './support/udp-fixture.js'

describe('errors name the known limits of OpenSIPS', () => {
  test('a reply directory that is not that of the server', async () => {
    await using at = await fixture()
    const replyDir = join(at.dir, 'other')
    mkdirSync(replyDir)
    const error = await failureOf(at.makeClient({ replyDir }).call('pwd', [], { timeoutMs: 30 }))
    expect(error).toMatchObject({ code: 'MI_TIMEOUT' })
    expect(String(error)).toContain(`No reply has come to ${replyDir}: that must be the reply_dir`)
  })

  test('a request over 4096 bytes over a FIFO; a shorter one after others were answered gets no hint', async () => {
    await using at = await fixture()
    at.server.on('pwd', ({ id, reply }) => reply(resultText(id, '/')))
    expect(await at.client.call('pwd')).toBe('/')
    const long = await failureOf(at.client.call('long', ['x'.repeat(4030)], { timeoutMs: 30 }))
    expect(String(long)).toMatch(/The request has 41\d\d bytes with its header, and mi_fifo of OpenSIPS drops what has/)
    const short = await failureOf(at.client.call('short', [], { timeoutMs: 30 }))
    expect(String(short)).toMatch(/the command may have run$/)
  })

  test('a reply that no datagram of mi_datagram holds', async () => {
    await using at = await udpFixture()
    at.server.on('dlg_list', ({ reply }) => reply('500 Internal error'))
    const error = await failureOf(at.client.call('dlg_list'))
    expect(error).toMatchObject({ code: 'MI_PROTOCOL', data: '500 Internal error' })
    expect(String(error)).toContain(
      '500 Internal error. mi_datagram of OpenSIPS answers so where the reply does not fit',
    )
  })

  test('the buffer of httpd, where it refuses a longer request', async () => {
    await using at = await httpFixture()
    at.server.on('log', ({ reply }) => reply('', 400))
    const error = await failureOf(at.client.call('log', ['x'.repeat(1100)]))
    expect(error).toMatchObject({ code: 'MI_PROTOCOL', cause: { status: 400 } })
    expect(String(error)).toMatch(
      /longer than its receive_buf_size, 1024 bytes .* this one has 11\d\d: raise it, modparam\("httpd", "receive_buf_size", 4096\)/,
    )
  })

  test('a wrong path of httpd, however long the request is', async () => {
    await using at = await httpFixture()
    const page = '<html><body>Unable to parse URL!</body></html>'
    at.server.on('log', ({ reply }) => reply(page, 400, { 'content-type': 'text/html' }))
    const error = await failureOf(at.client.call('log', ['x'.repeat(1100)]))
    expect(String(error)).toMatch(/; check the path of the url, which is the root of mi_http: <html>/)
    expect(String(error)).not.toContain('receive_buf_size')
  })

  test('httpd that answers one request after the other, also to notifications', async () => {
    await using at = await httpFixture()
    const late = createServer(() => undefined)
    await new Promise<void>((resolve) => late.listen(0, '127.0.0.1', resolve))
    const address = late.address()
    const port = typeof address === 'object' ? address?.port : 0
    const client = at.makeClient({ url: `http://127.0.0.1:${port}/mi` })
    const limits = { timeoutMs: 30 }
    for (const work of [() => client.call('x', [], limits), () => client.notify('x', [], limits)]) {
      expect(String(await failureOf(work()))).toMatch(
        /the command may have run\. httpd of OpenSIPS answers one request/,
      )
    }
    late.closeAllConnections()
    await new Promise<void>((resolve) => late.close(() => resolve()))
  })

  test('a request that mi_datagram has cut', async () => {
    await using at = await udpFixture()
    at.server.on('log', ({ reply }) => reply('400 Parse_error'))
    const error = await failureOf(at.client.call('log', ['x'.repeat(1000)]))
    expect(String(error)).toMatch(/: 400 Parse_error\. This request has 1\d\d\d bytes\. mi_datagram .*socket_buf_size/)
  })

  test('requests that the kernel has mixed in a FIFO', async () => {
    await using at = await fixture()
    at.server.on('log', ({ reply }) => reply('400 Parse_error'))
    const error = await failureOf(at.client.call('log'))
    expect(String(error)).toContain('400 Parse_error. The server could not read the request: where several processes')
  })
})

/** Answers with a head that promises a body which does not come, or only when a CRLF arrives ahead of a next request. */
async function silentServer(head: string, rest?: string) {
  const requests: string[] = []
  let nudges = 0
  const server = createServer()
  server.removeAllListeners('request')
  server.on('connection', (socket) => {
    socket.removeAllListeners('data')
    socket.on('error', () => undefined)
    socket.on('data', (data: Buffer) => {
      if (data.toString() === '\r\n') {
        nudges += 1
        if (rest !== undefined) socket.write(rest)
        return
      }
      requests.push(data.toString())
      socket.write(head)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : 0
  const client = createClient(http({ url: `http://127.0.0.1:${port}/mi` }))
  return {
    client,
    requests,
    nudges: () => nudges,
    [Symbol.asyncDispose]: async () => {
      await client.close()
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

describe('over http, the status that has arrived counts', () => {
  const chunked = (status: string): string => `HTTP/1.1 ${status}\r\nTransfer-Encoding: chunked\r\n\r\n`

  test('of a refusal whose chunked body does not end', async () => {
    await using at = await silentServer(chunked('400 Bad Request'))
    const error = await failureOf(at.client.call('ps', [], { timeoutMs: 20_000 }))
    expect(error).toMatchObject({ code: 'MI_PROTOCOL', cause: { status: 400 } })
    expect(at.nudges()).toBe(1)
  })

  test('of a refusal whose body is shorter than its header says', async () => {
    await using at = await silentServer('HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 100\r\n\r\nno')
    const error = await failureOf(at.client.call('ps', [], { timeoutMs: 20_000 }))
    expect(error).toMatchObject({ code: 'MI_PROTOCOL', data: 'no', cause: { status: 405 } })
    expect(at.nudges()).toBe(0)
  })

  test('of a 202, so that a notification is sent, over the same connection where an empty line ends the body', async () => {
    await using at = await silentServer(chunked('202 Accepted'), '0\r\n\r\n')
    await at.client.notify('reload')
    await at.client.notify('reload')
    expect(at.nudges()).toBe(2)
    expect(at.requests.length).toBe(2)
  })

  test('of a refusal whose body comes drop by drop, without end', async () => {
    const server = createServer((_, response) => {
      response.writeHead(400)
      const drops = setInterval(() => response.write('.'), 5)
      response.on('close', () => clearInterval(drops))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : 0
    await using client = createClient(http({ url: `http://127.0.0.1:${port}/mi` }))
    const error = await failureOf(client.call('ps', [], { timeoutMs: 20_000 }))
    server.close()
    expect(error).toMatchObject({ code: 'MI_PROTOCOL', cause: { status: 400 } })
  })

  test('but the body of a success is awaited', async () => {
    const reply = resultText(1, '/')
    const chunk = `${Buffer.byteLength(reply).toString(16)}\r\n${reply}\r\n0\r\n\r\n`
    await using at = await silentServer(chunked('200 OK'), chunk)
    expect(await at.client.call('pwd')).toBe('/')
    await using silent = await silentServer(chunked('200 OK'))
    expect(await failureOf(silent.client.call('pwd', [], { timeoutMs: 300 }))).toMatchObject({ code: 'MI_TIMEOUT' })
  })
})
