import { createSocket } from 'node:dgram'
import { connect } from 'node:net'
import { encodeHep, HepProtocolType } from '@mi/trace-hep'
import { describe, expect, test } from 'vitest'
import { listenText, parseListen } from '../src/commands/trace.js'
import { UsageError } from '../src/failure.js'
import { mi, start } from './support/mi.js'
import { until } from './support/until.js'

const ends = { srcIp: '10.0.0.1', srcPort: 0, dstIp: '10.0.0.1', dstPort: 0, ipProto: 17 }
const timeSec = Date.UTC(2026, 0, 1, 12, 34, 56) / 1000

/** A trace of MI as OpenSIPS sends it. */
function packet(payload: object | string, timeUsec: number, protoType: number = HepProtocolType.MI): Uint8Array {
  const text = typeof payload === 'string' ? payload : JSON.stringify(payload)
  return encodeHep({ ...ends, timeSec, timeUsec, protoType, correlationId: 'c1', payload: text })
}

const request = packet({ command: 'cache_fetch', backend: 'fifo', parameters: '{"attr":"k"}' }, 1000)
const reply = packet({ reply: '{"result":"v\u001b[2J\u202e"}' }, 3500)

/** Where `mi trace` says it listens. */
function portIn(stderr: string): number {
  return Number(/listening on \w+:127\.0\.0\.1:(\d+)/.exec(stderr)?.[1])
}

describe('trace', () => {
  test('prints requests and their replies as they arrive over UDP', async () => {
    const { child, ended, stdout, stderr } = start(['trace', '--listen', 'udp:127.0.0.1:0'])
    await until('it listens', () => portIn(stderr()) > 0, stderr)
    const socket = createSocket('udp4')
    for (const bytes of [request, reply, packet('INVITE', 1, HepProtocolType.SIP), Buffer.from('garbage')]) {
      await new Promise((resolve) => socket.send(bytes, portIn(stderr()), '127.0.0.1', resolve))
    }
    await until(
      'all have arrived',
      () => stdout().split('\n').length === 3 && stderr().includes('not a HEP message'),
      stderr,
    )
    socket.close()
    child.kill('SIGINT')
    const { code, signal } = await ended
    expect({ code, signal }).toEqual({ code: 0, signal: null })
    expect(stdout()).toBe(
      '12:34:56.001 127.0.0.1 cache_fetch by fifo -> {"attr":"k"}\n' +
        '12:34:56.003 127.0.0.1 cache_fetch by fifo <- 2.500 ms {"result":"v\\x1b[2J\\u202e"}\n',
    )
    expect(stderr()).toContain('mi: 1 other HEP messages were not traces of MI')
  })

  test('prints one JSON object a line, and listens on TCP too', async () => {
    const { child, ended, stdout, stderr } = start(['trace', '--listen', 'tcp:127.0.0.1:0', '-o', 'json'])
    await until('it listens', () => portIn(stderr()) > 0, stderr)
    const socket = connect(portIn(stderr()), '127.0.0.1')
    socket.end(Buffer.concat([request, reply]))
    await until('both have arrived', () => stdout().split('\n').length === 3, stderr)
    child.kill('SIGINT')
    await ended
    expect(stdout()).toContain('v\\u001b[2J\\u202e')
    expect(stdout()).not.toMatch(/[\p{Cf}\p{Zl}\p{Zp}]/u)
    const [first, second] = stdout()
      .trim()
      .split('\n')
      .map((line): unknown => JSON.parse(line))
    expect(first).toMatchObject({
      time: '2026-01-01T12:34:56.001Z',
      kind: 'request',
      command: 'cache_fetch',
      correlationId: 'c1',
      parameters: '{"attr":"k"}',
    })
    expect(second).toMatchObject({ kind: 'reply', command: 'cache_fetch', elapsedMs: 2.5 })
  })

  test('that cannot listen says why and ends with 2', async () => {
    const socket = createSocket('udp4')
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
    const { code, stderr } = await mi(['trace', '--listen', `udp:127.0.0.1:${socket.address().port}`])
    await new Promise<void>((resolve) => socket.close(() => resolve()))
    expect(code).toBe(2)
    expect(stderr).toContain('EADDRINUSE')
    expect(await mi(['trace', '--listen', 'udp:127.0.0.1:0', '--listen', 'udp:127.0.0.1:0'])).toMatchObject({ code: 2 })
  })
})

test('where to listen is a transport, a host and a port', () => {
  expect(parseListen('udp:127.0.0.1:9061')).toEqual({ transport: 'udp', host: '127.0.0.1', port: 9061 })
  expect(parseListen('tcp:[::1]:9060')).toEqual({ transport: 'tcp', host: '::1', port: 9060 })
  expect(parseListen('udp:0.0.0.0')).toEqual({ transport: 'udp', host: '0.0.0.0', port: 9060 })
  for (const text of ['udp:127.0.0.1:9061', 'tcp:[::1]:9060']) expect(listenText(parseListen(text))).toBe(text)
  for (const text of ['', 'udp', 'udp:localhost:9060', 'tls:127.0.0.1:1', 'udp:127.0.0.1:70000', 'udp:::1:9060']) {
    expect(() => parseListen(text)).toThrow(UsageError)
  }
})
