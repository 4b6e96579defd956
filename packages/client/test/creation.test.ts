import { isMiError } from '@mi/contract'
import { afterEach, describe, expect, test } from 'vitest'
import { createClient, fifo } from '../src/index.js'
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
    { maxWaiting: 0.5 },
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
    // @ts-expect-error -- options are wanted
    expect(() => createClient()).toThrow(TypeError)
    // @ts-expect-error -- no transport
    expect(() => createClient({ transport: { name: 'x' } })).toThrow(TypeError)
  })

  test.each([-1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31])('refuses the timeout %d', (timeout) => {
    expect(() => createClient({ transport: fifo(), timeout })).toThrow(RangeError)
  })
})

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
      [client.call('pwd', [], { timeout: -1 }), RangeError],
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
