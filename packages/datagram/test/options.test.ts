import { BlockList } from 'node:net'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { type DatagramServerOptions, datagram } from '../src/index.js'
import { resolveOptions } from '../src/options.js'
import { longestPath } from '../src/socket-name.js'

const socketName = '/run/app/mi.sock'
const udp = 'udp:127.0.0.1:8080'
const tracer = { request: () => undefined, reply: () => undefined }

test('the defaults are those of mi_datagram', () => {
  expect(resolveOptions({ socketName })).toEqual({
    socketName,
    name: { type: 'unix', path: socketName },
    childrenCount: 1,
    childModule: undefined,
    unixSocketMode: 0o660,
    unixSocketGroup: undefined,
    unixSocketUser: undefined,
    socketTimeout: 2_000,
    socketBufSize: 65_457,
    maxPendingReplyBytes: 67_108_864,
    maxPendingReplyBytesPerPeer: 16_777_216,
    checkIntervalMs: 30_000,
    filter: undefined,
    settings: {
      prettyPrinting: false,
      parseErrors: 'text',
      tracer: undefined,
      traceBwlist: undefined,
      backend: undefined,
    },
  })
})

test('options given as undefined mean the default', () => {
  const { socketBufSize, unixSocketMode } = resolveOptions({
    socketName,
    socketBufSize: undefined,
    unixSocketMode: undefined,
  })
  expect([socketBufSize, unixSocketMode]).toEqual([65_457, 0o660])
})

test.each<[Partial<DatagramServerOptions>, ErrorConstructor, string]>([
  [{ socketName: undefined }, TypeError, "give a path such as '/run/app/mi.sock', or 'udp:HOST:PORT'"],
  [{ childrenCount: 0 }, RangeError, 'childrenCount must be an integer from 1 to 1024, not 0'],
  [{ childrenCount: 1.5 }, RangeError, 'childrenCount'],
  [{ childModule: './commands.js' }, TypeError, 'childModule must be a file: URL'],
  [{ childModule: new URL('https://example.org/x.js') }, TypeError, 'childModule must be a file: URL'],
  [{ unixSocketMode: 0 }, RangeError, 'unixSocketMode must be from 0o001 to 0o777'],
  [{ unixSocketMode: 0o1777 }, RangeError, 'unixSocketMode'],
  [{ unixSocketUser: -1 }, TypeError, 'unixSocketUser must be a name or a number'],
  [{ unixSocketGroup: '' }, TypeError, 'unixSocketGroup'],
  [{ unixSocketUser: 2 ** 32 - 1 }, TypeError, 'unixSocketUser must be a name or a number from 0 to 4294967294'],
  [{ unixSocketGroup: '99999999999' }, TypeError, 'unixSocketGroup must be a name or a number from 0 to 4294967294'],
  [{ socketTimeout: Number.NaN }, RangeError, 'socketTimeout must be a number of milliseconds from 1 up, not NaN'],
  [{ socketBufSize: 511 }, RangeError, 'socketBufSize must be an integer from 512 to 1048576, not 511'],
  [{ socketBufSize: 1_048_577 }, RangeError, 'socketBufSize'],
  [{ maxPendingReplyBytes: -1 }, RangeError, 'maxPendingReplyBytes must be a number from 0 up'],
  [{ maxPendingReplyBytesPerPeer: Number.NaN }, RangeError, 'maxPendingReplyBytesPerPeer'],
  [{ checkIntervalMs: 0 }, RangeError, 'checkIntervalMs'],
  [{ socketName: udp, allow: { uids: [0] } }, TypeError, 'allow of a UDP socket'],
  [{ parseErrors: 'json' as 'text' }, TypeError, 'parseErrors must be "text" or "jsonrpc", not "json"'],
  [{ childrenCount: 2, tracer }, TypeError, 'export it as `tracer` from childModule'],
  [{ socketName: udp, childrenCount: 2, allow: new BlockList() }, TypeError, 'give allow as a list of strings'],
])('%j is refused at creation', (options, error, message) => {
  const given = { socketName, ...options } as DatagramServerOptions
  expect(() => datagram(given)).toThrow(error)
  expect(() => datagram(given)).toThrow(message)
})

test('no options at all are refused, and so is a name that does not exist, with the one that was meant', () => {
  // @ts-expect-error -- for those who write JavaScript
  expect(() => datagram()).toThrow('datagram(): options must be an object, not undefined')
  // @ts-expect-error
  expect(() => datagram({ socket_name: socketName })).toThrow(
    "datagram(): unknown option 'socket_name'; did you mean 'socketName'?",
  )
  // @ts-expect-error
  expect(() => datagram({ socketName, traceBwList: 'w: ps' })).toThrow("did you mean 'traceBwlist'?")
})

test.each([
  [new URL('file:///srv/commands.js'), 'file:///srv/commands.js'],
  ['file:///srv/commands.js', 'file:///srv/commands.js'],
  ['/srv/my commands.js', 'file:///srv/my%20commands.js'],
])('the module of child processes may be given as %s', (childModule, expected) => {
  expect(resolveOptions({ socketName, childModule }).childModule).toBe(expected)
})

test('a relative path is that of the directory at creation; one too long to be absolute stays as it is', () => {
  const path = (relative: string) => resolveOptions({ socketName: relative }).name
  expect(path('./mi.sock')).toEqual({ type: 'unix', path: resolve('mi.sock') })
  const long = `./${'x'.repeat(longestPath(process.platform) - 2)}`
  expect(path(long)).toEqual({ type: 'unix', path: long })
})

test('the transport names what it listens on, and its settings are those of the options', () => {
  const transport = datagram({ socketName: udp, prettyPrinting: true, backend: 'mi' })
  expect(transport).toMatchObject({ name: 'datagram', address: udp, settings: { prettyPrinting: true, backend: 'mi' } })
})

test('a later change of the object that was given changes nothing', () => {
  const given = { socketName: udp, prettyPrinting: true }
  const { settings } = datagram(given)
  given.prettyPrinting = false
  expect(settings.prettyPrinting).toBe(true)
})

test('the package exports the factory and nothing else', async () => {
  expect(Object.keys(await import('../src/index.js'))).toEqual(['datagram'])
})
