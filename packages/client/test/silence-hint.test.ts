import { describe, expect, test } from 'vitest'
import { mayHaveRefused, silenceHint } from '../src/fifo/silence-hint.js'

const shared = { mode: 0o41777, uid: 0 }

describe('the rule of sticky directories may have kept the server from a reply FIFO', () => {
  test('when neither the directory nor the server is of the same user as the FIFO', () => {
    expect(mayHaveRefused({ directory: shared, uid: 1000, serverUid: 33, protectedFifos: 1 })).toBe(true)
    expect(mayHaveRefused({ directory: shared, uid: 1000, serverUid: undefined, protectedFifos: 2 })).toBe(true)
  })

  test.each([
    ['the rule is off', { protectedFifos: 0 }],
    ['the FIFO is of the server’s user', { serverUid: 1000 }],
    ['the FIFO is of the directory’s user', { uid: 0 }],
    ['the directory is not sticky', { directory: { mode: 0o40777, uid: 0 } }],
    ['not everyone may write to the directory', { directory: { mode: 0o41775, uid: 0 } }],
    ['the system has no such rule', { protectedFifos: Number.NaN }],
  ])('but not when %s', (_, change) => {
    expect(mayHaveRefused({ directory: shared, uid: 1000, serverUid: 33, protectedFifos: 1, ...change })).toBe(false)
  })
})

test('a request of 4096 bytes with its header is not too long for mi_fifo, one of 4097 is', () => {
  const places = { replyDir: '/run/opensips', serverPaths: [] }
  expect(silenceHint('x'.repeat(4096 - 35), places, true)).toBeUndefined()
  expect(silenceHint('x'.repeat(4097 - 35), places, true)).toContain('The request has 4097 bytes with its header')
})
