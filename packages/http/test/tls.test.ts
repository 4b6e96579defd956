import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { request } from 'node:https'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { MiPeer } from '@mi/contract'
import { afterAll, describe, expect, test } from 'vitest'
import { type HttpTls, hashToken } from '../src/index.js'
import { subjectText } from '../src/tls.js'
import { call, serve, until, watched } from './support/fixture.js'

const directory = mkdtempSync(join(tmpdir(), 'mi-http-'))
afterAll(() => rmSync(directory, { recursive: true }))

const openssl = (...args: string[]): void => void execFileSync('openssl', args, { cwd: directory, stdio: 'pipe' })
const file = (name: string): string => readFileSync(join(directory, name), 'utf8')
const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']

openssl('req', '-x509', ...key, '-days', '1', '-subj', '/CN=test CA', '-keyout', 'ca.key', '-out', 'ca.crt')
for (const [name, subject] of [
  ['server', '/CN=localhost'],
  ['client', '/O=Example, Inc./CN=noc'],
] as const) {
  openssl('req', ...key, '-subj', subject, '-keyout', `${name}.key`, '-out', `${name}.csr`)
  openssl(
    'x509',
    '-req',
    '-in',
    `${name}.csr`,
    '-CA',
    'ca.crt',
    '-CAkey',
    'ca.key',
    '-CAcreateserial',
    '-days',
    '1',
    '-out',
    `${name}.crt`,
  )
}
openssl('req', '-x509', ...key, '-days', '1', '-subj', '/CN=noc', '-keyout', 'stranger.key', '-out', 'stranger.crt')

const TOKEN = 'a-token-that-is-long-enough'

async function secure(clientCertificates?: HttpTls['clientCertificates'], auth = {}) {
  const peers: MiPeer[] = []
  const tls = { cert: file('server.crt'), key: file('server.key'), ca: file('ca.crt'), clientCertificates }
  const fixture = await serve({ tls, ...auth }, { who: (_, { peer }) => void peers.push(peer) })
  const ask = (certificate?: 'client' | 'stranger', headers: Readonly<Record<string, string>> = {}): Promise<number> =>
    new Promise((resolve, reject) => {
      const shown = certificate && { cert: file(`${certificate}.crt`), key: file(`${certificate}.key`) }
      const asked = request(
        {
          host: '127.0.0.1',
          port: fixture.port,
          path: '/mi',
          method: 'POST',
          headers: { 'Content-Type': 'application/json', ...headers },
          ca: file('ca.crt'),
          servername: 'localhost',
          checkServerIdentity: () => undefined,
          agent: false,
          ...shown,
        },
        (response) => response.resume().once('end', () => resolve(response.statusCode ?? 0)),
      )
      asked.once('error', reject)
      asked.end(call('t:who'))
    })
  return { ...fixture, ask, peers }
}

describe('over HTTPS', () => {
  test('commands run, and the peer is one of https', async () => {
    const { ask, peers, url } = await secure()
    expect(url).toMatch(/^https:/)
    expect(await ask()).toBe(200)
    expect(peers[0]?.address).toMatch(/^https:127\.0\.0\.1:\d+$/)
    expect(peers[0]?.certificate).toBeUndefined()
  })

  test('what is no TLS is counted, and others are served', async () => {
    const { ask, port, drops } = await secure()
    const peer = watched(connect(port, '127.0.0.1'))
    peer.socket.write('GET / HTTP/1.1\r\n\r\n')
    await until('the end', peer.isClosed)
    await until('the drop', () => drops('tls_failed') === 1)
    expect(await ask()).toBe(200)
  })

  test('a certificate that is required must be one of the authority', async () => {
    const { ask, peers, drops } = await secure('require')
    expect(await ask('client')).toBe(200)
    expect(peers[0]?.certificate).toEqual({ subject: 'CN=noc,O=Example\\, Inc.' })
    await expect(ask()).rejects.toThrow()
    await expect(ask('stranger')).rejects.toThrow()
    await until('the drops', () => drops('tls_failed') === 2)
  })

  test('a certificate that is requested stands for a password, if it is one of the authority', async () => {
    const { ask, peers } = await secure('request', { auth: { tokens: { ci: hashToken(TOKEN) } } })
    expect(await ask('client')).toBe(200)
    expect(await ask('stranger')).toBe(401)
    expect(await ask()).toBe(401)
    expect(await ask(undefined, { Authorization: `Bearer ${TOKEN}` })).toBe(200)
    expect(await ask('client', { Authorization: 'Bearer wrong' })).toBe(401)
    expect(peers.map(({ user, certificate }) => [user, certificate?.subject])).toEqual([
      [undefined, 'CN=noc,O=Example\\, Inc.'],
      ['ci', undefined],
    ])
  })

  test('a certificate that is required does not stand for a password', async () => {
    const { ask } = await secure('require', { auth: { tokens: { ci: hashToken(TOKEN) } } })
    expect(await ask('client')).toBe(401)
    expect(await ask('client', { Authorization: `Bearer ${TOKEN}` })).toBe(200)
  })
})

test('no name in a subject can look like another one', () => {
  expect(subjectText({ O: 'x,CN=root', CN: ' a+b ' })).toBe('CN=\\ a\\+b\\ ,O=x\\,CN\\=root')
  expect(subjectText({ OU: ['one', 'two'], CN: 'a\nb' })).toBe('CN=a\\0ab,OU=two,OU=one')
})
