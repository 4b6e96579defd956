import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createMi } from '@mi/core'
import { type HttpOptions, hashPassword, hashToken, http as serverHttp } from '@mi/http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type HttpTransportOptions, http } from '../src/http/http.js'
import { createClient, type MiClient } from '../src/index.js'
import { failureOf } from './support/failure.js'
import { freeTcpPort } from './support/http-responder.js'
import { httpFixture } from './support/over.js'
import { resultText } from './support/responder.js'

/** A server of this project over HTTP, and clients of it. */
async function serve(options: HttpOptions) {
  const port = await freeTcpPort()
  const mi = createMi({ transports: [serverHttp({ port, ...options })] })
  await mi.listen()
  const clients: MiClient[] = []
  const url = `http${options.tls === undefined ? '' : 's'}://127.0.0.1:${port}/mi`
  return {
    url,
    client: (given: HttpTransportOptions = {}) => {
      const client = createClient(http({ url, ...given }), { timeoutMs: 20_000 })
      clients.push(client)
      return client
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all(clients.map((client) => client.close()))
      await mi.close()
    },
  }
}

const TOKEN = 'a-token-that-is-long-enough'

describe('with a server of this project that asks who calls', () => {
  test('user and password, or a token, let calls and events in', async () => {
    const users = { noc: await hashPassword('pä:ss') }
    await using at = await serve({ events: true, auth: { users, tokens: { exporter: hashToken(TOKEN) } } })
    for (const options of [{ username: 'noc', password: 'pä:ss' }, { token: TOKEN }, { token: () => TOKEN }]) {
      const client = at.client(options)
      expect(await client.call('pwd')).toMatchObject({ WD: expect.any(String) })
      await using events = client.events.subscribe('E_X')
      await events.ready
      expect(events.socket).toBeUndefined()
    }
  })

  test.each([{}, { token: 'another-token' }, { username: 'noc', password: 'wrong' }])(
    'with %j calls and subscriptions reject with its words',
    async (options) => {
      await using at = await serve({ events: true, auth: { tokens: { exporter: hashToken(TOKEN) } } })
      const client = at.client(options)
      for (const work of [client.call('pwd'), client.notify('pwd'), client.events.subscribe('E_X').next()]) {
        const error = await failureOf(work)
        expect(error).toMatchObject({ code: 'MI_PROTOCOL', cause: { status: 401 } })
        expect(String(error)).toMatch(/^MiError: HTTP 401 Unauthorized instead of a reply from http:\S+: \w+/)
      }
    },
  )
})

test('a token that a function gives is asked for by each request, and may come later', async () => {
  await using at = await httpFixture()
  at.server.on('pwd', ({ id, headers, reply }) => reply(resultText(id, headers.authorization)))
  let count = 0
  const client = at.makeClient({ token: async () => `t${++count}` })
  expect(await client.call('pwd')).toBe('Bearer t1')
  expect(await client.call('pwd')).toBe('Bearer t2')
})

test('a token that does not come, cannot be sent, or fails ends its call alone', async () => {
  await using at = await httpFixture()
  at.server.on('pwd', ({ id, reply }) => reply(resultText(id, '/')))
  const failure = new Error('no vault')
  const answers = [
    () => new Promise<string>(() => undefined),
    () => 'two words',
    () => Promise.reject(failure),
    () => 'fine',
  ]
  const client = at.makeClient({ maxConcurrent: 1, token: () => (answers.shift() ?? expect.unreachable())() })
  const controller = new AbortController()
  const waiting = failureOf(client.call('pwd', [], { signal: controller.signal }))
  setImmediate(() => controller.abort('enough'))
  expect(await waiting).toBe('enough')
  const error = await failureOf(client.call('pwd'))
  expect(error).toBeInstanceOf(TypeError)
  expect(String(error)).not.toContain('two words')
  expect(await failureOf(client.call('pwd'))).toBe(failure)
  expect(await client.call('pwd')).toBe('/')
})

test.each([
  { token: '' },
  { token: 'two words' },
  { token: 'line\n' },
  { token: 'x', username: 'noc' },
  { token: 'x', url: 'http://noc:x@host/mi' },
])('http() refuses %j', (options) => {
  expect(() => http(options)).toThrow(TypeError)
})

test('what a server says in plain text is shown, and not a guess', async () => {
  await using at = await httpFixture()
  const words = 'send application/json: curl -H ...'
  at.server.on('pwd', ({ reply }) => reply(`${words}\n`, 415, { 'content-type': 'text/plain; charset=utf-8' }))
  const error = await failureOf(at.client.call('pwd'))
  expect(error).toMatchObject({ code: 'MI_PROTOCOL', cause: { status: 415 } })
  expect(String(error)).toBe(
    `MiError: HTTP 415 Unsupported Media Type instead of a reply from ${at.server.url}: ${words}`,
  )
})

describe('with a server that asks for certificates', () => {
  const directory = mkdtempSync(join(tmpdir(), 'mi-client-mtls-'))
  afterAll(() => rmSync(directory, { recursive: true }))
  const openssl = (...args: string[]): void => void execFileSync('openssl', args, { cwd: directory, stdio: 'pipe' })
  const file = (name: string): string => readFileSync(join(directory, name), 'utf8')

  beforeAll(() => {
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2']
    openssl('req', '-x509', ...key, '-subj', '/CN=test CA', '-keyout', 'ca.key', '-out', 'ca.crt')
    for (const [name, subject] of [
      ['server', '/CN=mi.test'],
      ['client', '/CN=noc'],
    ] as const) {
      const names = ['-addext', 'subjectAltName=DNS:mi.test', '-CA', 'ca.crt', '-CAkey', 'ca.key']
      openssl('req', '-x509', ...key, '-subj', subject, ...names, '-keyout', `${name}.key`, '-out', `${name}.crt`)
    }
  })

  test('the one of tls lets calls and events in; without one there is no connection', async () => {
    const tls = { cert: file('server.crt'), key: file('server.key'), ca: file('ca.crt') }
    await using at = await serve({ events: true, tls: { ...tls, clientCertificates: 'require' } })
    const trusted = { ca: file('ca.crt'), servername: 'mi.test' }
    const known = at.client({ tls: { ...trusted, cert: file('client.crt'), key: file('client.key') } })
    expect(await known.call('pwd')).toMatchObject({ WD: expect.any(String) })
    await using events = known.events.subscribe('E_X')
    await events.ready
    expect(events.socket).toBeUndefined()
    const unknown = at.client({ tls: trusted })
    const error = await failureOf(unknown.call('pwd'))
    expect(error).toMatchObject({ code: 'MI_CONNECTION' })
    expect(String(error)).toMatch(/certificate/)
  })
})
