import type { MiTracer, TracedRequest } from '@mi/contract'
import { expect, test } from 'vitest'
import { call, serve, until } from './support/fixture.js'

test('a tracer sees requests of JSON-RPC and XML-RPC and their replies, as of the backend json', async () => {
  const requests: TracedRequest[] = []
  const replies: string[] = []
  const tracer: MiTracer = {
    request: (request) => requests.push(request),
    reply: (_, text) => void replies.push(text),
  }
  const { ask } = await serve({ tracer, traceBwlist: 'b: uptime', xmlRpc: {} })
  await ask({ body: call('pwd') })
  await ask({ body: call('uptime') })
  await ask({
    path: '/RPC2',
    headers: { 'Content-Type': 'text/xml' },
    body: '<methodCall><methodName>version</methodName></methodCall>',
  })
  await until('both replies', () => replies.length === 2)
  expect(requests.map(({ command, backend, peer }) => [command, backend, peer.transport])).toEqual([
    ['core:pwd', 'json', 'http'],
    ['core:version', 'json', 'http'],
  ])
  expect(requests[0]?.peer).toMatchObject({ source: { address: '127.0.0.1' }, destination: { address: '127.0.0.1' } })
})
