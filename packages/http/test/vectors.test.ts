import { type HttpVector, httpVectors, jsonRpcVectors, vectorModules } from '@mi/fixtures'
import { beforeAll, expect, test } from 'vitest'
import { call, type Reply, serve, withoutProblem } from './support/fixture.js'
import { readReply } from './support/xml-rpc-reply.js'

// The recording servers ran in '/', as pwd answers.
beforeAll(() => process.chdir('/'))

test('every recorded HTTP request is answered as recorded', async () => {
  const { ask } = await serve({}, {}, { modules: vectorModules({ k: 'v' }) })
  for (const { name, method, path, headers, body, reply } of httpVectors.jsonrpc) {
    // An empty body is one with a length, as a peer sends it that means it.
    const length: Record<string, string> = body === '' ? { 'Content-Length': '0' } : {}
    const answer = await ask({ method, path, headers: { ...headers, ...length }, body })
    expect([name, compared(answer, reply)]).toEqual([name, reply])
    if (reply.body === undefined && reply.contentLength === undefined) {
      expect([name, answer.text]).toEqual([name, expect.stringMatching(/^[^\n]{20,}\n$/)])
      expect([name, answer.headers['content-type']]).toEqual([name, 'text/plain; charset=utf-8'])
    }
  }
  expect(httpVectors.jsonrpc.length).toBeGreaterThan(25)
})

/** What the recording says of a reply; JSON as it was recorded where it is the same but for blanks and order. */
function compared({ status, headers, text }: Reply, recorded: HttpVector['reply']): Partial<HttpVector['reply']> {
  const { contentType, contentLength, allow, body } = recorded
  return {
    status,
    ...(contentType === undefined ? {} : { contentType: headers['content-type'] }),
    ...(contentLength === undefined ? {} : { contentLength: Number(headers['content-length']) }),
    ...(allow === undefined ? {} : { allow: headers.allow }),
    ...(body === undefined ? {} : { body: isSameJson(text, body) ? body : text }),
  }
}

function isSameJson(text: string, recorded: string): boolean {
  const sorted = (value: unknown): unknown =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value
  const normal = (json: string): string => JSON.stringify(JSON.parse(withoutProblem(json)), (_, value) => sorted(value))
  return normal(text) === normal(recorded)
}

test('every recorded datagram is answered over HTTP as recorded, and what is no JSON with -32700', async () => {
  const { ask } = await serve({}, {}, { modules: vectorModules() })
  for (const { name, request, reply } of jsonRpcVectors) {
    const { status, text } = await ask({ body: request })
    if (request === '') {
      expect([name, status]).toEqual([name, 400])
    } else if (reply === null) {
      expect([name, status, text]).toEqual([name, 202, ''])
    } else {
      const expected = reply.startsWith('400 ') ? PARSE_ERROR : JSON.parse(reply)
      expect([name, status, JSON.parse(text)]).toEqual([name, 200, expected])
    }
  }
  expect((await ask({ body: call('pwd') })).status).toBe(200)
})

const PARSE_ERROR = { jsonrpc: '2.0', error: { code: -32700, message: 'Parse error' }, id: null }

test('every recorded XML-RPC request is answered as recorded', async () => {
  const { ask } = await serve({ xmlRpc: {} }, {}, { modules: vectorModules({ k: 'v' }) })
  for (const { name, method, path, headers, body, reply } of httpVectors.xmlrpc) {
    const length: Record<string, string> = body === '' ? { 'Content-Length': '0' } : {}
    const { status, headers: got, text } = await ask({ method, path, headers: { ...headers, ...length }, body })
    expect([name, status]).toEqual([name, reply.status])
    if (reply.allow !== undefined) expect([name, got.allow]).toEqual([name, reply.allow])
    if (reply.contentType !== undefined) expect([name, got['content-type']]).toEqual([name, reply.contentType])
    if (reply.value !== undefined) expect([name, readReply(text)]).toEqual([name, { value: reply.value }])
    if (reply.fault === undefined) continue
    const { fault } = readReply(text)
    expect([name, fault?.faultCode]).toEqual([name, reply.fault.faultCode])
    expect([name, fault?.faultString.startsWith(reply.fault.faultString)]).toEqual([name, true])
  }
  expect(httpVectors.xmlrpc.length).toBeGreaterThan(15)
})
