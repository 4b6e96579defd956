import type { Stats } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { connectionError, silenceHint } from '../src/fifo/fifo-errors.js'

/** As much of a file's facts as the message needs. */
function facts(kind: 'fifo' | 'file' | 'socket' | 'directory' | 'device', mode = 0o600): Stats {
  const is = (what: string) => (): boolean => kind === what
  return {
    uid: 7,
    gid: 8,
    mode,
    isFIFO: is('fifo'),
    isFile: is('file'),
    isSocket: is('socket'),
    isDirectory: is('directory'),
  } as Stats
}

function failed(code: string, file: Stats | undefined) {
  return { path: '/x/fifo', cause: Object.assign(new Error(`${code}: it failed`), { code }), file }
}

describe('the message of a failed connection', () => {
  test.each(['EACCES', 'EPERM'])('says for %s whose file it is, and what to change', (code) => {
    const { message } = connectionError([failed(code, facts('fifo', 0o640))], 1000)
    expect(message).toContain(
      'no permission to write to /x/fifo as user 1000 (it belongs to user 7 and group 8, mode 0640); run as its user',
    )
  })

  test('does without facts that cannot be had', () => {
    const { message } = connectionError([failed('EACCES', undefined)], 5)
    expect(message).toContain('no permission to write to /x/fifo as user 5; run as')
  })

  test.each(['file', 'socket', 'directory', 'device'] as const)('says that a %s is no FIFO', (kind) => {
    expect(connectionError([failed('ENXIO', facts(kind))]).message).toMatch(/is a .*, not a FIFO; give the fifo_name/)
  })

  test('keeps the cause of the path that came nearest to a server', () => {
    const attempts = [failed('ENXIO', facts('fifo')), failed('ENOENT', undefined)]
    expect(connectionError(attempts).cause).toBe(attempts[0]?.cause)
    expect(connectionError(attempts.toReversed()).cause).toBe(attempts[0]?.cause)
  })

  test('tells what it does not know in the words of the system', () => {
    expect(connectionError([failed('EMFILE', undefined)]).message).toContain('EMFILE: it failed')
  })
})

test('a request of 4096 bytes with its header is not too long for mi_fifo, one of 4097 is', () => {
  expect(silenceHint('x'.repeat(4096 - 35), '/run/opensips', true)).toBeUndefined()
  expect(silenceHint('x'.repeat(4097 - 35), '/run/opensips', true)).toContain('has 4097 bytes with its header')
})
