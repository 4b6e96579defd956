import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { serve as serveHono } from '@hono/node-server'
import { createMi, type Mi } from '@mi/core'
import { httpVectors, vectorModules } from '@mi/fixtures'
import express from 'express'
import fastify from 'fastify'
import { Hono } from 'hono'
import { describe, expect, onTestFinished, test } from 'vitest'
import { fetchHandler, type HttpHandlerOptions, httpHandler } from '../src/index.js'
import { ask, call, held, looseModule, until, withoutProblem } from './support/fixture.js'

type Mount = (mi: Mi, options: HttpHandlerOptions) => Promise<number>

const listening = async (server: Server): Promise<number> => {
  onTestFinished(async () => {
    server.closeAllConnections()
    const closed = once(server, 'close')
    server.close()
    await closed
  })
  if (!server.listening) await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

const servers: Readonly<Record<string, Mount>> = {
  'node:http': (mi, options) => listening(createServer(httpHandler(mi, options)).listen(0, '127.0.0.1')),

  'Express 5': (mi, options) => {
    const app = express()
    app.use(['/mi', '/RPC2'], httpHandler(mi, options))
    app.use(express.json())
    return listening(app.listen(0, '127.0.0.1'))
  },

  'Fastify 5': async (mi, options) => {
    const app = fastify()
    const handler = httpHandler(mi, options)
    await app.register(async (scope) => {
      // The handler reads bodies itself.
      scope.removeAllContentTypeParsers()
      scope.addContentTypeParser('*', (_request, _payload, done) => done(null))
      scope.all('/*', (request, reply) => {
        reply.hijack()
        return handler(request.raw, reply.raw)
      })
    })
    await app.listen({ port: 0, host: '127.0.0.1' })
    return listening(app.server)
  },

  'Hono 4': async (mi, options) => {
    const app = new Hono()
    const handler = fetchHandler(mi, options)
    app.all('*', (context) => handler(context.req.raw))
    return listening(serveHono({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }) as Server)
  },
}

describe.each(Object.entries(servers))('mounted in %s,', (_, mount) => {
  const mounted = async (options: HttpHandlerOptions = {}, mi = createMi({ modules: vectorModules({ k: 'v' }) })) => {
    onTestFinished(() => mi.close())
    const port = await mount(mi, options)
    return { mi, ask: (more: Parameters<typeof ask>[1]) => ask(port, more) }
  }

  test('every recorded HTTP request has the recorded status and body', async () => {
    const { ask } = await mounted()
    for (const { name, method, path, headers, body, reply } of httpVectors.jsonrpc) {
      // Elsewhere the server answers itself; Fastify knows nothing of bodies without a type.
      if (!path.startsWith('/mi')) continue
      const length: Record<string, string> = body === '' ? { 'Content-Length': '0' } : {}
      const answer = await ask({ method, path, headers: { ...headers, ...length }, body })
      expect([name, answer.status]).toEqual([name, reply.status])
      if (reply.body !== undefined)
        expect([name, JSON.parse(withoutProblem(answer.text))]).toEqual([name, JSON.parse(reply.body)])
      if (reply.allow !== undefined) expect([name, answer.headers.allow]).toEqual([name, reply.allow])
    }
  })

  test('checks, limits and statistics are those of the transport', async () => {
    const { ask, mi } = await mounted({
      maxRequestBytes: 100,
      auth: { check: ({ type }) => (type === 'bearer' ? 'ci' : undefined) },
    })
    const headers = { 'Content-Type': 'application/json', Authorization: 'Bearer abc' }
    expect((await ask({ headers, body: call('pwd') })).status).toBe(200)
    expect((await ask({ headers: { ...headers, Authorization: 'Basic eDp5' }, body: call('pwd') })).status).toBe(401)
    expect((await ask({ headers, body: ' '.repeat(101) })).status).toBe(413)
    expect((await ask({ headers: { ...headers, Host: 'evil.example' }, body: call('pwd') })).status).toBe(421)
    expect((await ask({ headers: { ...headers, Origin: 'https://evil.example' }, body: call('pwd') })).status).toBe(403)
    expect(mi.statistics('http:drops', 'http:requests')).toEqual({ 'http:drops': 4, 'http:requests': 1 })
  })

  test('a peer that leaves aborts its command', async () => {
    const slow = held()
    const { ask } = await mounted({}, createMi({ modules: [looseModule({ slow: slow.handler })] }))
    const asked = new AbortController()
    ask({ body: call('t:slow'), signal: asked.signal }).catch(() => undefined)
    await until('the command', slow.isRunning)
    asked.abort()
    await until('the signal', () => slow.signals[0]?.aborted === true)
  })

  test('health and events are below the root', async () => {
    const { ask } = await mounted()
    expect(await ask({ method: 'GET', path: '/mi/health' })).toMatchObject({
      status: 200,
      text: 'the server is listening\n',
    })
  })

  test('XML-RPC is served, where the path is given to it', async () => {
    const { ask } = await mounted({ xmlRpc: {} })
    const body = '<methodCall><methodName>pwd</methodName></methodCall>'
    const reply = await ask({ path: '/RPC2', headers: { 'Content-Type': 'text/xml' }, body })
    expect([reply.status, reply.headers['content-type']]).toEqual([200, 'text/xml; charset=utf-8'])
    expect(reply.text).toContain('<name>WD</name>')
  })
})

test('behind a body parser the handler says so', async () => {
  const mi = createMi()
  onTestFinished(() => mi.close())
  const app = express()
  app.use(express.json())
  app.use('/mi', httpHandler(mi))
  const port = await listening(app.listen(0, '127.0.0.1'))
  const reply = await ask(port, { body: call('pwd') })
  expect([reply.status, reply.text]).toEqual([
    500,
    expect.stringContaining('before body parsers such as express.json()'),
  ])
})

test('allow needs to know who asks', async () => {
  const mi = createMi()
  onTestFinished(() => mi.close())
  expect(() => fetchHandler(mi, { allow: ['10.0.0.1'] })).toThrow('need addressOf')
  const request = new Request('http://localhost/mi', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: call('pwd'),
  })
  const handler = fetchHandler(mi, { allow: ['10.0.0.1'], addressOf: (_: Request, from: string) => from })
  expect((await handler(request.clone(), '10.0.0.1')).status).toBe(200)
  expect((await handler(request, '10.0.0.2')).status).toBe(403)
})

test('a request of fetch whose body fails is answered, so that its server does not wait for ever', async () => {
  const mi = createMi()
  onTestFinished(() => mi.close())
  const body = new ReadableStream({ start: (controller) => controller.error(new Error('the peer has gone')) })
  const headers = { 'Content-Type': 'application/json' }
  const request = new Request('http://localhost/mi', { method: 'POST', headers, body, duplex: 'half' } as RequestInit)
  expect((await fetchHandler(mi)(request)).status).toBe(400)
  await until('the drop', () => mi.statistics('http:drops_peer_gone')['http:drops_peer_gone'] === 1)
})
