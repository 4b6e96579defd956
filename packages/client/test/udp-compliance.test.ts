import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { type ClientUnderTest, clientTransportSuite } from '@mi/compliance'
import { describe, test } from 'vitest'
import { type UdpTransportOptions, udp } from '../src/udp/udp.js'
import { RawUdpServer } from './support/raw-udp-server.js'

async function create(host: string, options: Partial<UdpTransportOptions> = {}): Promise<ClientUnderTest> {
  const port = await freePort(host)
  return {
    transport: udp({ host, port, ...options }),
    address: host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`,
    server: new RawUdpServer(host, port),
    leftovers: async () => [],
    cleanup: async () => undefined,
  }
}

async function freePort(host: string): Promise<number> {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4').bind(0, host)
  await once(socket, 'listening')
  const { port } = socket.address()
  await new Promise<void>((resolve) => socket.close(() => resolve()))
  return port
}

const traits = {
  maxRequestBytes: 65_457,
  maxReplyBytes: 65_507,
  // Nothing tells a provisional answer from the final one.
  provisional: 'never',
  // A port that nobody listens at any more shows only when something is sent there.
  vanishedServer: 'unnoticed',
} as const

describe('udp over IPv4', () => {
  clientTransportSuite({ create: () => create('127.0.0.1'), test, describe }, traits)
})

describe('udp over IPv6', () => {
  clientTransportSuite({ create: () => create('::1'), test, describe }, traits)
})

describe('udp, with requests that would be sent again', () => {
  const retrying = { retries: 3, retryMs: 60_000 }
  clientTransportSuite({ create: () => create('127.0.0.1', retrying), test, describe }, traits)
})
