import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Outcome } from '@mi/contract'
import { describe, expect, test } from 'vitest'
import { answerXmlRpc } from '../src/xml-rpc/index.js'
import { held, serve, until } from './support/fixture.js'
import { readReply } from './support/xml-rpc-reply.js'

const run = promisify(execFile)
const peer = { transport: 'http' }

/** What the command got, for a list of parameters. */
function received(params: string): unknown {
  let got: unknown = 'nothing'
  const reply = answerXmlRpc(
    `<methodCall><methodName>t:x</methodName><params>${params}</params></methodCall>`,
    (_, given) => {
      got = given
      return { value: 'OK' }
    },
    { peer },
  )
  return readReply(String(reply)).fault ?? got
}

const value = (xml: string): string => `<param><value>${xml}</value></param>`

describe('a value of XML-RPC', () => {
  test.each([
    ['<string>a b</string>', 'a b'],
    [' untyped ', ' untyped '],
    ['', ''],
    ['<string/>', ''],
    ['<string>&lt;&#233;&amp;<![CDATA[<x>]]></string>', '<é&<x>'],
    ['<int>-5</int>', -5],
    ['<i4> +7 </i4>', 7],
    ['<double>-1.5</double>', -1.5],
    ['<boolean>1</boolean>', true],
    ['<nil/>', null],
    ['<array><data><value>a</value><value><int>1</int></value></data></array>', ['a', 1]],
    ['<array><data/></array>', []],
    ['\n <INT>3</INT> \n', 3],
  ])('%s', (xml, expected) => {
    expect(received(value(xml) + value('end'))).toEqual([expected, 'end'])
  })

  test('a struct alone gives parameters by name, beside others it is one of them', () => {
    const struct =
      '<struct><member><name>__proto__</name><value>x</value></member><member><name>a</name><value><int>1</int></value></member></struct>'
    const named = received(value(struct))
    expect(JSON.stringify(named)).toBe('{"__proto__":"x","a":1}')
    expect(received(value('a') + value(struct))).toEqual(['a', named])
    expect(received('')).toBeUndefined()
  })

  test.each([
    '<int>1.5</int>',
    '<int>2147483648</int>',
    '<int></int>',
    '<double>x</double>',
    '<double>1e999</double>',
    '<boolean>true</boolean>',
    '<dateTime.iso8601>19980717T14:08:55</dateTime.iso8601>',
    '<base64>eA==</base64>',
    '<array></array>',
    '<struct><member><name>a</name></member></struct>',
    '<int>1</int><int>2</int>',
    'text <int>1</int>',
    '<string><b>x</b></string>',
    `${'<array><data><value>'.repeat(60)}x${'</value></data></array>'.repeat(60)}`,
  ])('%s is a fault', (xml) => {
    expect(received(value(xml))).toMatchObject({
      faultCode: -32600,
      faultString: expect.stringMatching(/^server error\. invalid xml-rpc\. not conforming to spec\./),
    })
  })

  test.each(['&unknown;', '<b>', '</value>', '\u0001', '<!DOCTYPE x>', '&#0;'])('%j is not well formed', (xml) => {
    expect(received(value(xml))).toMatchObject({ faultCode: -32700 })
  })
})

describe('a result as XML-RPC', () => {
  const answer = (outcome: Outcome): unknown =>
    readReply(String(answerXmlRpc('<methodCall><methodName>x</methodName></methodCall>', () => outcome, { peer })))

  test.each([
    [{ a: [1, -2.5, 'x', true, null, {}], b: { c: [] } }],
    ['<a>&"\'\r\n\té😀'],
    [2 ** 40],
    [1e21],
    [1e-7],
    [-(2 ** 31)],
  ])('%j', (value) => {
    expect(answer({ value })).toEqual({ value })
  })

  test('what XML cannot carry becomes U+FFFD', () => {
    expect(answer({ value: 'a\u0000\u001fb\uffff' })).toEqual({ value: 'a\ufffd\ufffdb\ufffd' })
  })

  test('an error has the text of mi_xmlrpc_ng, or that of the command, and its data', () => {
    expect(answer({ error: { code: -32602, message: 'Invalid params', data: 'Bad type' } })).toEqual({
      fault: { faultCode: -32602, faultString: 'server error. invalid method parameters: Bad type' },
    })
    expect(answer({ error: { code: 404, message: 'No such thing', data: { a: 1 } } })).toEqual({
      fault: { faultCode: 404, faultString: 'No such thing: {"a":1}' },
    })
  })

  test('that is too long is a fault', () => {
    const reply = answerXmlRpc(
      '<methodCall><methodName>x</methodName></methodCall>',
      () => ({ value: 'x'.repeat(1_000) }),
      { peer, maxReplyBytes: 500 },
    )
    expect(readReply(String(reply)).fault).toEqual({
      faultCode: -32000,
      faultString: 'server error: Reply exceeds the limit of 500 bytes',
    })
  })
})

test('entities that a text declares are not expanded', () => {
  const bomb = `<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><methodCall><methodName>&b;</methodName></methodCall>`
  expect(readReply(String(answerXmlRpc(bomb, () => ({ value: 'ran' }), { peer }))).fault).toEqual({
    faultCode: -32700,
    faultString: 'parse error. a document type declaration is not accepted',
  })
})

test('a peer that leaves aborts its command', async () => {
  const slow = held()
  const { raw, port } = await serve({ xmlRpc: { root: 'xml' } }, { slow: slow.handler })
  const body = '<methodCall><methodName>t:slow</methodName></methodCall>'
  const peer = await raw(
    `POST /xml HTTP/1.1\r\nHost: localhost:${port}\r\nContent-Type: text/xml\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  )
  await until('the command', slow.isRunning)
  peer.socket.destroy()
  await until('the signal', () => slow.signals[0]?.aborted === true)
})

test("python3's xmlrpc.client calls commands, gets values and faults", async () => {
  const { port } = await serve(
    { xmlRpc: {} },
    { all: () => ({ text: 'é<', list: [1, 2.5, true, null], deep: { a: {} } }) },
  )
  const program = `
import json, xmlrpc.client
server = xmlrpc.client.ServerProxy("http://127.0.0.1:${port}/RPC2", allow_none=True)
fault = None
try:
    server.nonsense()
except xmlrpc.client.Fault as error:
    fault = [error.faultCode, error.faultString]
print(json.dumps([getattr(server, "t:all")(), server.log_level(3), server.log_level({"level": 2}), fault]))
`
  const { stdout } = await run('python3', ['-c', program], { timeout: 30_000 })
  expect(JSON.parse(stdout)).toEqual([
    { text: 'é<', list: [1, 2.5, true, null], deep: { a: {} } },
    { 'New global log level': 3 },
    { 'New global log level': 2 },
    [-32601, 'server error. requested method not found'],
  ])
})
