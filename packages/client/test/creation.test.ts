import { isMiError } from '@mi/contract'
import { afterEach, describe, expect, test } from 'vitest'
import { fifo } from '../src/fifo/fifo.js'
import { http } from '../src/http/http.js'
import { createClient, retry } from '../src/index.js'
import { udp } from '../src/udp/udp.js'
import { unix } from '../src/unix/unix.js'
import { failureOf } from './support/failure.js'
import { fixture } from './support/fixture.js'

const { platform } = process
afterEach(() => {
  Object.defineProperty(process, 'platform', { value: platform })
})

describe('fifo()', () => {
  test.each([{ fifoName: '' }, { fallback: '' }, { replyDir: '' }, { fifoName: 'a\0b' }])('refuses %j', (options) => {
    expect(() => fifo(options)).toThrow(TypeError)
  })

  test.each([
    { replyMode: 0o222 },
    { replyMode: 0o1622 },
    { replyMode: 1.5 },
    { maxReplyBytes: 0 },
    { maxConcurrent: 0 },
    { maxQueued: 0.5 },
    { maxConcurrent: Number.POSITIVE_INFINITY },
  ])('refuses %j', (options) => {
    expect(() => fifo(options)).toThrow(RangeError)
  })

  test('refuses a replyDir with which the path of a reply FIFO has more than 127 bytes', () => {
    const nameLength = 'mi_reply_'.length + 24
    const longest = `/${'d'.repeat(127 - nameLength - 2)}`
    expect(() => fifo({ replyDir: longest })).not.toThrow()
    expect(() => fifo({ replyDir: `${longest}d` })).toThrow(/replyDir .* is too long: .* 128 bytes/)
    expect(() => fifo({ replyDir: `/${'ü'.repeat(50)}` })).toThrow(RangeError)
  })

  test('takes undefined for "the default"', () => {
    expect(fifo({ fifoName: undefined, fallback: undefined, replyDir: undefined, replyMode: undefined })).toMatchObject(
      {
        name: 'fifo',
        address: '/var/run/opensips/opensips_fifo or /tmp/opensips_fifo',
      },
    )
  })

  test('has a fallback of its own only where the FIFO is not named', () => {
    expect(fifo({ fifoName: '/x' })).toMatchObject({ address: '/x' })
    expect(fifo({ fallback: false })).toMatchObject({ address: '/var/run/opensips/opensips_fifo' })
    expect(fifo({ fifoName: '/x', fallback: '/y' })).toMatchObject({ address: '/x or /y' })
  })

  test('is MI_UNSUPPORTED on Windows', () => {
    Object.defineProperty(process, 'platform', { value: 'win32' })
    try {
      fifo()
      expect.unreachable()
    } catch (error) {
      expect(isMiError(error, 'MI_UNSUPPORTED')).toBe(true)
    }
  })
})

describe('createClient()', () => {
  test('refuses what is no transport', () => {
    // @ts-expect-error -- a transport is wanted
    expect(() => createClient({})).toThrow(TypeError)
    // @ts-expect-error -- a transport is wanted
    expect(() => createClient(5)).toThrow(TypeError)
    // @ts-expect-error -- no transport
    expect(() => createClient({ name: 'x' })).toThrow(/must be a URL or a client transport/)
  })

  test.each([-1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31])('refuses the timeoutMs %d', (timeoutMs) => {
    expect(() => createClient(fifo(), { timeoutMs })).toThrow(RangeError)
  })
})

test.each<[string, () => unknown, string]>([
  [
    'createClient',
    () => createClient(fifo(), bad({ timeout: 5 })),
    "createClient(): unknown option 'timeout'; did you mean 'timeoutMs'?",
  ],
  ['fifo', () => fifo(bad({ fifo_name: '/x' })), "fifo(): unknown option 'fifo_name'; did you mean 'fifoName'?"],
  ['udp', () => udp({ port: 5, ...bad({ retryMS: 5 }) }), "udp(): unknown option 'retryMS'; did you mean 'retryMs'?"],
  [
    'unix',
    () => unix({ path: '/x', ...bad({ reply_dir: '/' }) }),
    "unix(): unknown option 'reply_dir'; did you mean 'replyDir'?",
  ],
  ['http', () => http(bad({ maxWaiting: 5 })), "http(): unknown option 'maxWaiting'; known options: url, username,"],
  ['retry', () => retry(bad({ attemps: 5 })), "retry(): unknown option 'attemps'; did you mean 'attempts'?"],
])('%s() refuses an option that does not exist, and names the nearest', (_, make, message) => {
  expect(make).toThrow(TypeError)
  expect(make).toThrow(message)
})

/** Options that the types would refuse. */
function bad(options: object): object {
  return options
}

describe('arguments that make no request reject before anything is sent', () => {
  test('with a TypeError or RangeError', async () => {
    await using at = await fixture()
    const { client } = at
    const wrong: [Promise<unknown>, typeof TypeError | typeof RangeError][] = [
      [client.call(''), TypeError],
      // @ts-expect-error -- no name
      [client.call(5), TypeError],
      // @ts-expect-error -- no contract
      [client.call(null), TypeError],
      // @ts-expect-error -- parameters are an array or an object
      [client.call('pwd', 'text'), TypeError],
      // @ts-expect-error -- parameters are an array or an object
      [client.call('pwd', null), TypeError],
      [client.call('pwd', [1n]), TypeError],
      [client.call('pwd', [], { timeoutMs: -1 }), RangeError],
      // @ts-expect-error -- no signal
      [client.call('pwd', [], { signal: {} }), TypeError],
      // @ts-expect-error -- no function
      [client.call('pwd', [], { onProvisional: 5 }), TypeError],
      // @ts-expect-error -- no name
      [client.notify({}), TypeError],
    ]
    for (const [work, type] of wrong) expect(await failureOf(work)).toBeInstanceOf(type)
    // @ts-expect-error -- no module contract
    expect(() => client.module({})).toThrow(TypeError)
    expect(at.server.lines).toEqual([])
  })
})
