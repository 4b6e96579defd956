import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient } from '@mi/client'
import { fifo as fifoClient } from '@mi/client/fifo'
import { udp as udpClient } from '@mi/client/udp'
import type { ClientTransport, ServerTransport } from '@mi/contract'
import { createMi, type Mi } from '@mi/core'
import { type DatagramServerOptions, datagram } from '@mi/datagram'
import { fifo } from '@mi/fifo'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { HepArrival } from '../src/collector/arrivals.js'
import { type HepTracer, hep } from '../src/tracer/tracer.js'
import { captureServer, unusedPort } from './support/capture-server.js'
import { certificate } from './support/certificate.js'
import { collecting } from './support/collecting.js'
import { until } from './support/until.js'

interface Way {
  readonly backend: string
  server(tracer: HepTracer, traceBwlist?: string): ServerTransport
  client(): ClientTransport
}

/** A new place to serve MI, and the two transports that meet there. */
async function way(kind: 'fifo' | 'udp'): Promise<Way> {
  if (kind === 'fifo') {
    const replyDir = mkdtempSync(join(tmpdir(), 'mi-hep-'))
    onTestFinished(() => rmSync(replyDir, { recursive: true, force: true }))
    const fifoName = join(replyDir, 'mi_fifo')
    return {
      backend: 'fifo',
      server: (tracer, traceBwlist) => fifo({ fifoName, replyDir, tracer, traceBwlist }),
      client: () => fifoClient({ fifoName, replyDir }),
    }
  }
  const port = await freeUdpPort()
  const options: DatagramServerOptions = { socketName: `udp:127.0.0.1:${port}` }
  return {
    backend: 'datagram',
    server: (tracer, traceBwlist) => datagram({ ...options, tracer, traceBwlist }),
    client: () => udpClient({ host: '127.0.0.1', port }),
  }
}

async function freeUdpPort(): Promise<number> {
  const socket = createSocket('udp4')
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  const { port } = socket.address()
  const closed = once(socket, 'close')
  socket.close()
  await closed
  return port
}

interface Served {
  readonly mi: Mi
  call(method: string, params?: readonly unknown[]): Promise<unknown>
}

async function serve({ server, client: transport }: Way, tracer: HepTracer, traceBwlist?: string): Promise<Served> {
  const mi = createMi({ transports: [server(tracer, traceBwlist)] })
  const client = createClient(transport())
  onTestFinished(async () => {
    await client.close()
    await mi.close()
  })
  await mi.listen()
  return { mi, call: (method, params = []) => client.call(method, [...params]) }
}

const commandsOf = (arrivals: readonly HepArrival[]): string[] =>
  arrivals.flatMap(({ mi }) => (mi?.kind === 'request' ? [mi.command] : []))

describe.each(['fifo', 'udp'] as const)('MI over %s', (kind) => {
  test.each(['udp', 'tcp', 'tls'] as const)(
    'is traced over %s to the collector, request and reply',
    async (transport) => {
      const identity = await certificate()
      const { port, arrived } = await collecting({
        udp: { port: 0 },
        tcp: { port: 0 },
        tls: { port: 0, ...identity },
      })
      const here = await way(kind)
      const tracer = hep(`[t]127.0.0.1:${port(transport)};transport=${transport}`, {
        format: 'homer6',
        maxFieldBytes: 0,
        tls: { ca: identity.cert },
      })
      const { call } = await serve(here, tracer)
      const result = await call('core:uptime')
      const [request, reply] = await arrived(2)
      expect(request?.mi).toEqual({
        kind: 'request',
        command: 'core:uptime',
        backend: here.backend,
        parameters: undefined,
      })
      expect(reply?.mi).toMatchObject({ kind: 'reply', request: { command: 'core:uptime' } })
      expect(JSON.parse(reply?.mi?.kind === 'reply' ? reply.mi.reply : '')).toMatchObject({ jsonrpc: '2.0', result })
      expect(reply?.mi?.kind === 'reply' && (reply.mi.elapsedMs ?? -1)).toBeGreaterThanOrEqual(0)
      expect(request?.message).toMatchObject(
        kind === 'fifo'
          ? { srcIp: '127.0.0.2', srcPort: 0, dstIp: '127.0.0.2' }
          : { srcIp: '127.0.0.1', dstIp: '127.0.0.1' },
      )
      if (kind === 'udp') expect(request?.message.srcPort).toBe(reply?.message.dstPort)
    },
  )

  test('answers while the capture server hangs, is absent, closes in mid-stream and returns', async () => {
    const hanging = await captureServer(0, false)
    const absent = await unusedPort()
    const fickle = await captureServer()
    const destinations = [`[h]127.0.0.1:${hanging.port}`, `[a]127.0.0.1:${absent}`, `[f]127.0.0.1:${fickle.port}`]
    const tracer = hep(destinations, { maxQueued: 8, retryMs: 10, hepMaxRetries: 10_000, maxFieldBytes: 0 })
    const { call } = await serve(await way(kind), tracer)
    const counted = (name: string): number => tracer.status().find((each) => each.name === name)?.dropped ?? 0
    // Until what the system buffers for it is full too.
    for (let calls = 0; counted('h') === 0; calls += 20) {
      await Promise.all(Array.from({ length: 20 }, () => call('core:which')))
      if (calls > 40) {
        const request = tracer.request({
          command: 'x',
          backend: 'x',
          params: ['x'.repeat(60_000)],
          peer: { transport: 'x' },
        })
        for (let index = 0; index < 200; index++) tracer.reply(request, 'y'.repeat(60_000))
      }
    }
    expect(counted('a')).toBeGreaterThan(0)
    await until('the connection', () => fickle.sockets.length > 0)
    fickle.sockets[0]?.resetAndDestroy()
    expect(await call('core:pwd')).toMatchObject({ WD: process.cwd() })
    await fickle.connected(2)
    const before = fickle.messages.length
    await call('core:pwd')
    await until('traces again', () => fickle.messages.length > before)
    const late = await captureServer(absent)
    await until('the late one', () => late.messages.length > 0)
    expect(await call('core:pwd')).toMatchObject({ WD: process.cwd() })
  })

  test('traces what traceBwlist names, by whatever name it is called, under that name', async () => {
    const { port, arrived, arrivals } = await collecting({ udp: { port: 0 } })
    const tracer = hep(`[t]127.0.0.1:${port('udp')};transport=udp`)
    const { call } = await serve(await way(kind), tracer, 'W: ps , core:which')
    await call('core:pwd')
    await call('which')
    await call('core:uptime')
    await call('core:ps')
    await arrived(4)
    expect(arrivals).toHaveLength(4)
    expect(commandsOf(arrivals)).toEqual(['which', 'core:ps'])
  })

  test('flushes its traces when the engine closes', async () => {
    const { port, arrived } = await collecting({ tcp: { port: 0 } })
    const tracer = hep(`[t]127.0.0.1:${port('tcp')}`)
    const { mi, call } = await serve(await way(kind), tracer)
    for (let calls = 0; calls < 5; calls++) await call('core:pwd')
    await mi.close()
    expect(commandsOf(await arrived(10))).toHaveLength(5)
    expect(tracer.status()).toMatchObject([{ state: 'closed', sent: 10, dropped: 0 }])
  })
})

describe('what is no usual command', () => {
  test('is traced as `unknown` when it is no JSON, with the plain text of the answer', async () => {
    const { port, arrived } = await collecting({ udp: { port: 0 } })
    const tracer = hep(`[t]127.0.0.1:${port('udp')};transport=udp`)
    const listening = await freeUdpPort()
    await using server = createMi({ transports: [datagram({ socketName: `udp:127.0.0.1:${listening}`, tracer })] })
    await server.listen()
    const socket = createSocket('udp4')
    onTestFinished(() => void socket.close())
    socket.send('{ not json', listening, '127.0.0.1')
    const [request, reply] = await arrived(2)
    expect(request?.message.payload?.toString()).toBe('unknown:datagram')
    expect(reply?.message.payload?.toString()).toBe('400 Parse_error')
  })

  test('is traced by its own name when there is no such command, and without a reply when it is a notification', async () => {
    const { port, arrived, arrivals } = await collecting({ udp: { port: 0 } })
    const tracer = hep(`[t]127.0.0.1:${port('udp')};transport=udp`)
    const { call } = await serve(await way('udp'), tracer)
    await expect(call('nosuch', ['a', 1])).rejects.toThrow('Method not found')
    const [request] = await arrived(2)
    expect(request?.message.payload?.toString()).toBe('nosuch:datagram:a,1')
    expect(arrivals[1]?.mi).toMatchObject({ kind: 'reply', request: { command: 'nosuch' } })
  })

  test('over a UNIX socket is traced too', async () => {
    const { port, arrived } = await collecting({ udp: { port: 0 } })
    const directory = mkdtempSync(join(tmpdir(), 'mi-hep-'))
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
    const { openDatagram } = await import('@mi/posix')
    const tracer = hep(`[t]127.0.0.1:${port('udp')};transport=udp`)
    const path = join(directory, 'mi.sock')
    await using mi = createMi({ transports: [datagram({ socketName: path, tracer })] })
    await mi.listen()
    const socket = await openDatagram({ bind: { type: 'unix', path: join(directory, 'peer') } })
    onTestFinished(() => socket.close())
    socket.send(['{"jsonrpc":"2.0","method":"core:pwd","id":1}'], [socket.peer({ type: 'unix', path })])
    const [request] = await arrived(2)
    expect(request?.message).toMatchObject({ srcIp: '127.0.0.2', dstIp: '127.0.0.2' })
    expect(request?.mi).toMatchObject({ command: 'core:pwd', backend: 'datagram' })
  })
})
