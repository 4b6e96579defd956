import { isMiError } from '@mi/contract'
import { findPosix } from '@mi/internal/optional-posix'
import { afterEach, describe, expect, test } from 'vitest'
import { udp } from '../src/udp/udp.js'
import { unix } from '../src/unix/unix.js'
import { neededPosix } from '../src/unix/unix-socket.js'
import { failureOf } from './support/failure.js'

const { platform } = process
afterEach(() => {
  Object.defineProperty(process, 'platform', { value: platform })
})

const badLimits = [
  { maxRequestBytes: 0 },
  { maxRequestBytes: 65_536 },
  { maxConcurrent: 0 },
  { maxConcurrent: Number.POSITIVE_INFINITY },
  { maxQueued: 0.5 },
  { retries: -1 },
  { retries: 1.5 },
  { retries: 1001 },
  { retryMs: 0 },
  { retryMs: 2 ** 31 },
]

describe('udp()', () => {
  test.each(['', 'a b', 'http://host', 'host:5', '127.0.0.1:5', '[::1]:5', '[::1', '[host]', '[127.0.0.1]', 'a/b'])(
    'refuses the host %j',
    (host) => {
      expect(() => udp({ host, port: 5 })).toThrow(TypeError)
    },
  )

  test.each([
    ['localhost', 'localhost:5'],
    ['mi.example.org', 'mi.example.org:5'],
    ['::1', '[::1]:5'],
    ['[fe80::1%eth0]', '[fe80::1%eth0]:5'],
    [undefined, '127.0.0.1:5'],
  ])('takes the host %s', (host, address) => {
    expect(udp({ host, port: 5 })).toMatchObject({ name: 'udp', address })
  })

  test.each([0, 65_536, 1.5, Number.NaN, -1])('refuses the port %d', (port) => {
    expect(() => udp({ port })).toThrow(RangeError)
  })

  test('wants a port', () => {
    // @ts-expect-error -- the port is missing
    expect(() => udp({})).toThrow(/port must be an integer from 1 to 65535, not undefined/)
    // @ts-expect-error -- the options are missing
    expect(() => udp()).toThrow(TypeError)
    // @ts-expect-error -- a number is wanted
    expect(() => udp({ port: '5' })).toThrow(RangeError)
  })

  test.each([...badLimits, { maxRequestBytes: 65_508 }])('refuses %j', (limits) => {
    expect(() => udp({ port: 5, ...limits })).toThrow(RangeError)
  })

  test('takes undefined for "the default"', () => {
    expect(() => udp({ port: 5, host: undefined, retries: undefined, maxConcurrent: undefined })).not.toThrow()
  })
})

describe('unix()', () => {
  test.each([{ path: '' }, { path: 'a\0b' }, { path: '/x', replyDir: '' }])('refuses %j', (options) => {
    expect(() => unix(options)).toThrow(TypeError)
  })

  test('wants a path', () => {
    // @ts-expect-error -- the path is missing
    expect(() => unix({})).toThrow(/path must be a path/)
    // @ts-expect-error -- the options are missing
    expect(() => unix()).toThrow(TypeError)
  })

  test.each([...badLimits, { replyMode: 0o1622 }, { replyMode: -1 }, { replyMode: 1.5 }])('refuses %j', (limits) => {
    expect(() => unix({ path: '/x', ...limits })).toThrow(RangeError)
  })

  test('refuses paths that no UNIX socket has', () => {
    const longest = `/${'d'.repeat((process.platform === 'linux' ? 107 : 103) - 1)}`
    expect(() => unix({ path: longest })).not.toThrow()
    expect(() => unix({ path: `${longest}d` })).toThrow(/path .* is too long: 108 bytes, .* takes 107/)
    expect(() => unix({ path: `/${'ü'.repeat(54)}` })).toThrow(RangeError)
    const nameLength = `mi_reply_${process.pid}_`.length + 16
    const longestDir = longest.slice(0, -nameLength - 1)
    expect(() => unix({ path: '/x', replyDir: longestDir })).not.toThrow()
    expect(() => unix({ path: '/x', replyDir: `${longestDir}d` })).toThrow(/replyDir .* is too long with the/)
  })

  test('is MI_UNSUPPORTED on Windows', () => {
    Object.defineProperty(process, 'platform', { value: 'win32' })
    try {
      unix({ path: '/x' })
      expect.unreachable()
    } catch (error) {
      expect(isMiError(error, 'MI_UNSUPPORTED')).toBe(true)
    }
  })

  test('tells why @mi/posix cannot be used when it is there and broken', async () => {
    const broken = (): Promise<never> => Promise.reject(new SyntaxError('unexpected end'))
    const error = await failureOf(neededPosix(() => findPosix(broken)))
    expect(error).toMatchObject({
      code: 'MI_UNSUPPORTED',
      message: 'unix() cannot use @mi/posix: unexpected end',
    })
  })
})
