import type { MiLogger } from '@mi/contract'
import { describe, expect, test, vi } from 'vitest'
import { DropLog } from '../src/drop-log.js'

function recordingLog() {
  const lines: Readonly<Record<string, unknown>>[] = []
  const none = (): void => {}
  const log: MiLogger = { debug: none, info: none, warn: (fields) => void lines.push(fields), error: none }
  return { lines, drops: new DropLog(log) }
}

describe('the log of drops', () => {
  test('has the first of a kind at once, and the others of a second in one line with the fields of their first', () => {
    vi.useFakeTimers()
    try {
      const { lines, drops } = recordingLog()
      for (let n = 0; n < 1_000; n++) drops.write('fifo', 'no_reader', { n }, 1)
      drops.write('fifo', 'too_long', { bytes: 9 }, 3)
      expect(lines).toEqual([
        { transport: 'fifo', reason: 'no_reader', n: 0 },
        { transport: 'fifo', reason: 'too_long', count: 3, bytes: 9 },
      ])
      vi.advanceTimersByTime(1_000)
      expect(lines.slice(2)).toEqual([{ transport: 'fifo', reason: 'no_reader', count: 999, n: 1 }])
      vi.advanceTimersByTime(10_000)
      expect(lines).toHaveLength(3)
      drops.write('fifo', 'no_reader', { n: 'later' }, 1)
      expect(lines.at(-1)).toEqual({ transport: 'fifo', reason: 'no_reader', n: 'later' })
      drops.close()
    } finally {
      vi.useRealTimers()
    }
  })

  test('loses nothing when it is closed', () => {
    const { lines, drops } = recordingLog()
    for (let n = 0; n < 5; n++) drops.write('udp', 'not_allowed', { n }, 1)
    drops.close()
    expect(lines).toEqual([
      { transport: 'udp', reason: 'not_allowed', n: 0 },
      { transport: 'udp', reason: 'not_allowed', count: 4, n: 1 },
    ])
  })

  test('does not grow with the number of kinds', () => {
    const { lines, drops } = recordingLog()
    for (let n = 0; n < 10_000; n++) drops.write('udp', `reason_${n}`, {}, 1)
    expect(lines.length).toBeLessThan(300)
    drops.close()
  })
})
